#!/usr/bin/env bash
# guardian LIFE DIRECTORY -- COMMAND...
# Runs the command in a process group of its own and ends the whole group when the launcher dies, however it dies:
# LIFE is a FIFO that only the launcher holds open for writing, so that its end of file is the launcher's end.
# DIRECTORY is the run's own; it is removed when nobody else is left to do it. Exits as the command does.
life=$1 directory=$2
shift 3
set -m # each job gets a process group of its own; bash does this without a terminal, dash does not
presses=0
trap 'presses=$((presses + 1)); [ "$presses" -lt 2 ] || kill -KILL -- "-$application" 2>/dev/null' INT
early=
trap 'early=TERM' TERM # the launcher's, before there is an application to tell
trap : HUP
(
  # Written before the command runs, so that whoever has heard of the command can signal it.
  echo "$BASHPID" >"$directory/application.pid"
  trap - INT TERM HUP
  exec "$@"
) &
application=$!
(
  trap - INT TERM HUP
  read -r _ <"$life"
  : >"$directory/orphaned"
  kill -TERM -- "-$application" 2>/dev/null
  sleep 1
  kill -KILL -- "-$application" 2>/dev/null
) &
watcher=$!
exec 2>/dev/null # what bash has to say of its jobs is nobody's business; the command has a standard error of its own
[ -z "$early" ] || kill -TERM -- "-$application"
while :; do # a trapped signal ends `wait` early
  wait "$application"
  code=$?
  kill -0 "$application" 2>/dev/null || break
done
[ -e "$directory/orphaned" ] && gone=1 || gone=
kill -KILL -- "-$watcher" 2>/dev/null
kill -KILL -- "-$application" 2>/dev/null # what the command left behind of its group
[ -z "$gone" ] || rm -rf "$directory"
exit "$code"
