#!/usr/bin/env bash
# guardian LIFE DIRECTORY TERMINAL GRACE KEPT -- COMMAND...
# Runs the command in a process group of its own and ends the whole group when the launcher dies, however it dies:
# LIFE is a FIFO that only the launcher holds open for writing, so that its end of file is the launcher's end.
# DIRECTORY is the run's own; its files are removed when nobody else is left to do it. Exits as the command does.
# TERMINAL is the device of a terminal that the command shall have for its own, or empty.
# GRACE: so many seconds the group has, once it has been told to end, whichever of it ends first (`npm start` and `sh -c`
# end before what they started has heard anything).
# When the launcher was killed, the file `killed` in DIRECTORY, if there is one, is a line for a shell that tells of it.
# KEPT: a file that keeps the output, which the launcher reads and hands on; or empty. When the launcher is gone the output goes
# there alone: an application that writes to a pipe without a reader would be killed for it in the middle of its grace.
life=$1 directory=$2 terminal=$3 grace=$4 kept=$5
shift 6
owner=$(cat "$directory/holder" 2>/dev/null)
# The reading ends of its own output, where that is a pipe: as long as they are open nobody who writes is killed for it.
exec 5</dev/null 6</dev/null
if [ -n "$kept" ]; then
  [ ! -p /dev/fd/1 ] || exec 5</dev/fd/1
  [ ! -p /dev/fd/2 ] || [ /dev/fd/1 -ef /dev/fd/2 ] || exec 6</dev/fd/2
fi
set -m # each job gets a process group of its own; bash does this without a terminal, dash does not
pressed= # when Ctrl-C was first pressed, in microseconds; a signal that is sent twice within a second is one
press() {
  local now=${EPOCHREALTIME//[!0-9]/}
  [ -n "$pressed" ] || pressed=$now
  [ "$((now - pressed))" -lt 1000000 ] || kill -KILL -- "-$application" 2>/dev/null
}
trap press INT
early=
trap 'early=TERM' TERM # the launcher's, before there is an application to tell
trap : HUP
orphaned=
trap 'orphaned=1' USR1 # the watcher's: the launcher is dead
# A session of one's own is not for a job's leader: for a command with a terminal, setsid makes the group.
[ -z "$terminal" ] || set +m
(
  exec 5<&- 6<&-
  if [ -n "$terminal" ]; then
    trap - INT QUIT TERM HUP USR1
    [ ! -t 1 ] || exec >"$terminal"
    [ ! -t 2 ] || exec 2>"$terminal"
    exec <>"$terminal" setsid -c bash -c 'echo "$$" >"$0/application.pid"; exec "$@"' "$directory" "$@"
  fi
  # Written before the command runs, so that whoever has heard of the command can signal it.
  echo "$BASHPID" >"$directory/application.pid"
  trap - INT TERM HUP USR1
  exec "$@"
) &
application=$!

mine() { # the name may be another run's by now
  [ "$(cat "$directory/holder" 2>/dev/null)" = "$owner" ]
}

tell() { # once: to an application that is already ending, a second TERM means at once
  mine && [ -e "$directory/told" ] && return
  ! mine || : >"$directory/told"
  kill -TERM -- "-$application" 2>/dev/null
}

lives() { # a zombie that nobody collects is a member of its group too, and has ended
  kill -0 -- "-$application" 2>/dev/null || return
  local stat fields
  for stat in /proc/[0-9]*/stat; do
    { read -r stat <"$stat"; } 2>/dev/null || continue
    fields=(${stat##*)})
    [ "${fields[2]}" != "$application" ] || [ "${fields[0]}" = Z ] || [ "${fields[0]}" = X ] || return 0
  done
  return 1
}

await() { # SECONDS
  local end=$((SECONDS + $1 + 1)) # the clock shows whole seconds
  while lives && [ "$SECONDS" -lt "$end" ]; do sleep 0.05; done
  kill -KILL -- "-$application" 2>/dev/null
}

launched() { # whether the launcher lives; one that is just dying closes its files before it is gone
  local look
  for look in 1 2 3 4 5 6 7 8 9 10; do
    is_there || return
    sleep 0.05
  done
}

is_there() {
  local pid started stat fields
  read -r pid started _ <<<"$owner"
  { read -r stat <"/proc/$pid/stat"; } 2>/dev/null || return
  fields=(${stat##*)})
  [ "${fields[0]}" != Z ] && [ "${fields[19]}" = "$started" ]
}

clear() { # what this run made, and nothing else
  mine || return
  [ -e "$directory/done" ] || ! launched || return # a launcher that lives may start the next one here
  while read -r name; do
    case $name in '' | holder | */*) ;; *) rm -f -- "$directory/$name" ;; esac
  done <"$directory/made"
  set -- "$directory"/* "$directory"/.[!.]*
  for name; do
    case ${name##*/} in holder | made | '*' | '.[!.]*') ;; *) return ;; esac
  done
  rm -f -- "$directory/holder" "$directory/made"
  rmdir -- "$directory"
}

set -m
(
  trap - INT TERM HUP USR1
  # For writing too at first: to open it for reading alone waits for a writer, and the launcher may be dead by now.
  exec 3<>"$life" 4<"$life" 3>&-
  read -r _ <&4
  mine && [ -e "$directory/done" ] && grace=1 # the launcher lives and is done with the application
  kill -USR1 "$$" 2>/dev/null
  exec 2>/dev/null
  # The launcher cannot say any more that it is gone; read now, since the file goes with the others. It outlives this one.
  if mine && [ ! -e "$directory/done" ] && killed=$(cat "$directory/killed"); then
    (launched || exec bash -c "$killed") </dev/null >/dev/null 4<&- 5<&- 6<&- &
  fi
  if [ -n "$kept" ] && [ ! -e "$directory/done" ]; then # until all that wrote have ended, or it is too much
    head -c 1000000 <&5 >>"$kept" 5<&- 6<&- &
    head -c 1000000 <&6 >>"$kept" 5<&- 6<&- &
  fi
  exec >/dev/null 5<&- 6<&-
  tell
  await "$grace"
  clear # here too: the guardian of `up` may have killed this one together with the launcher
) &
watcher=$!
exec 2>/dev/null # what bash has to say of its jobs is nobody's business; the command has a standard error of its own
[ -z "$early" ] || tell
while :; do # a trapped signal ends `wait` early
  wait "$application"
  code=$?
  kill -0 "$application" 2>/dev/null || break
done
if [ -z "$orphaned" ] && lives; then # what the command left behind of its group
  tell
  await "$grace"
fi
[ -n "$orphaned" ] || kill -KILL -- "-$watcher" 2>/dev/null
# Whoever sees the guardian gone may count on the folder being left alone.
while kill -0 "$watcher" 2>/dev/null; do wait "$watcher"; done
kill -KILL -- "-$application" 2>/dev/null
exit "$code"
