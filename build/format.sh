#!/usr/bin/env bash
# Rewrites every Java file of the house (or of the folder named) in the one format that `mvn verify` checks.
set -eu
cd "$(dirname "$0")/.."
exec mvn -q -pl build validate -Dformat.mode=write -Dformat.under="${1:-.}"
