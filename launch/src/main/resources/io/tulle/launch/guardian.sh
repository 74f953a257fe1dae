#!/usr/bin/env bash
# guardian LIFE DIRECTORY TERMINAL -- COMMAND...
# Runs the command in a process group of its own and ends the whole group when the launcher dies, however it dies:
# LIFE is a FIFO that only the launcher holds open for writing, so that its end of file is the launcher's end.
# DIRECTORY is the run's own; it is removed when nobody else is left to do it. Exits as the command does.
# TERMINAL is the device of a terminal that the command shall have for its own, or empty.
life=$1 directory=$2 terminal=$3
shift 4
set -m # each job gets a process group of its own; bash does this without a terminal, dash does not
presses=0
trap 'presses=$((presses + 1)); [ "$presses" -lt 2 ] || kill -KILL -- "-$application" 2>/dev/null' INT
early=
trap 'early=TERM' TERM # the launcher's, before there is an application to tell
trap : HUP
# A session of one's own is not for a job's leader: for a command with a terminal, setsid makes the group.
[ -z "$terminal" ] || set +m
(
  if [ -n "$terminal" ]; then
    trap - INT QUIT TERM HUP
    [ ! -t 1 ] || exec >"$terminal"
    [ ! -t 2 ] || exec 2>"$terminal"
    exec <>"$terminal" setsid -c bash -c 'echo "$$" >"$0/application.pid"; exec "$@"' "$directory" "$@"
  fi
  # Written before the command runs, so that whoever has heard of the command can signal it.
  echo "$BASHPID" >"$directory/application.pid"
  trap - INT TERM HUP
  exec "$@"
) &
application=$!
set -m
(
  trap - INT TERM HUP
  # For writing too at first: to open it for reading alone waits for a writer, and the launcher may be dead by now.
  exec 3<>"$life" 4<"$life" 3>&-
  read -r _ <&4
  : >"$directory/orphaned"
  kill -TERM -- "-$application" 2>/dev/null
  sleep 1
  kill -KILL -- "-$application" 2>/dev/null
  rm -rf "$directory" # here too: the guardian of `up` may have killed this one together with the launcher
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
wait "$watcher" # whoever sees the guardian gone may count on the folder being left alone
kill -KILL -- "-$application" 2>/dev/null # what the command left behind of its group
[ -z "$gone" ] || rm -rf "$directory"
exit "$code"
