#!/usr/bin/env bash
# The Java that Tulle itself would find, whatever Maven was started with: with JAVA_HOME at a JDK 25 and an older one on the PATH no toolchain is chosen.
set -eu
. "$(dirname "$0")/../dist/src/bin/find-java"
exec "$java" "$@"
