#!/bin/sh
# Runs a command as one sync of a resource: refuses to overlap, hands over the watermark, shows signs of life, reports the end.
#
#   VANTAGE_URL=https://sync.example.com VANTAGE_KEY_FILE=~/.vantage-key \
#     sh run.sh [--timeout 1h] [--strict] [--no-output] accounts -- ./job
#
# Exits as the command does, and with 75 where another run of the resource is alive or took over, 124 after the time-out, 64
# for what it cannot understand, and with --strict 69 where the service did not take the start. Needs a service key, POSIX sh
# and curl.
#
# The command finds in its environment
#   VANTAGE_WATERMARK  what to ask the source for as "modified since"; empty for everything
#   VANTAGE_RUN_ID     the id of the run, for calls of its own
#   VANTAGE_RESULT     a file to which it may write lines such as records_synced=100, records_created=10, records_updated=90
#                      and watermark=2026-11-22T05:30:00Z
set -u
set +m

say() {
  printf 'run.sh: %s\n' "$*" >&2
}

usage() {
  say "$1"
  say 'usage: sh run.sh [--timeout 1h] [--strict] [--no-output] RESOURCE -- COMMAND [ARGUMENT ...]'
  exit 64
}

# A number of seconds; $1 is a number with or without one of the units s, m, h and d.
seconds() {
  number=${1%[smhd]}
  case $number in
    '' | 0?* | *[!0-9]* | ?????????*) return 1 ;;
  esac
  case $1 in
    *d) echo $((number * 86400)) ;;
    *h) echo $((number * 3600)) ;;
    *m) echo $((number * 60)) ;;
    *) echo "$number" ;;
  esac
}

# ---- What is asked for

timeout=0 strict='' output=yes
while :; do
  case ${1-} in
    --timeout)
      timeout=$(seconds "${2-}") || usage "--timeout takes a number with one of the units s, m, h and d, for example 1h"
      shift 2
      ;;
    --strict) strict=yes && shift ;;
    --no-output) output='' && shift ;;
    --*) usage "unknown option $1" ;;
    *) break ;;
  esac
done

resource=${1-}
case $resource in
  '' | [!A-Za-z0-9]* | *[!A-Za-z0-9_.:-]*) usage "a resource has 1 to 128 of A-Z a-z 0-9 _ . : -, beginning with a letter or digit" ;;
esac
if [ "${2-}" != -- ] || [ $# -lt 3 ]; then
  usage "the command comes after the resource and --"
fi
shift 2

url=${VANTAGE_URL:-}
url=${url%/}
[ -n "$url" ] || usage "VANTAGE_URL is not set; it is the address of the service, for example https://sync.example.com"
heartbeat=$(seconds "${VANTAGE_HEARTBEAT:-60}") || usage "VANTAGE_HEARTBEAT is no number of seconds"
[ "$heartbeat" -gt 0 ] || usage "VANTAGE_HEARTBEAT must be positive"
start_wait=$(seconds "${VANTAGE_START_WAIT:-30}") || usage "VANTAGE_START_WAIT is no number of seconds"
end_wait=$(seconds "${VANTAGE_END_WAIT:-600}") || usage "VANTAGE_END_WAIT is no number of seconds"
grace=$(seconds "${VANTAGE_GRACE:-10}") || usage "VANTAGE_GRACE is no number of seconds"

if [ -n "${VANTAGE_KEY_FILE:-}" ]; then
  key=$(cat "$VANTAGE_KEY_FILE") || usage "VANTAGE_KEY_FILE cannot be read"
else
  key=${VANTAGE_KEY:-}
fi
[ -n "$key" ] || usage "set VANTAGE_KEY_FILE to a file that holds a service key"

# For this user alone; what the command creates has the permissions that it would have without this.
dir=$(mktemp -d) || exit 71

# Not a trap on EXIT, which a process beside this one might run as well.
finish() {
  rm -rf "$dir"
  exit "$1"
}

# The key goes to curl in a file: the arguments of a process are there for everyone to see.
printf 'apikey: %s\n' "$key" >"$dir/header"

run_id=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n' |
  sed 's/^\(........\)\(....\).\(...\).\(...\)\(............\)$/\1-\2-4\3-8\4-\5/')

signalled='' napping=''

# ---- Calls

# Calls the service; leaves the status in $code, 000 where there was none, and the answer in the file $1.
request() {
  answer=$1 path=$2
  shift 2
  : >"$answer"
  code=$(curl -q -sS -m 10 -o "$answer" -w '%{http_code}' -H "@$dir/header" "$@" "$url$path" 2>"$answer.error") || code=000
}

# Whether the call may succeed later.
is_away() {
  case $code in
    000 | 408 | 429 | 5??) return 0 ;;
    *) return 1 ;;
  esac
}

# What the service says in the file $1, or what curl says of it.
why() {
  detail=$(sed -n 's/.*"detail":"\([^"]*\)".*/\1/p' "$1")
  if [ -n "$detail" ]; then
    echo "$detail"
  elif [ -s "$1" ]; then
    head -c 1000 "$1"
  else
    echo "$code $(cat "$1.error")"
  fi
}

# Sleeps, but not through a signal.
nap() {
  napping=''
  [ -z "$signalled" ] || return 0
  sleep "$1" &
  napping=$!
  if [ -n "$signalled" ]; then
    kill -KILL "$napping" 2>/dev/null
  elif ! wait "$napping"; then
    kill "$napping" 2>/dev/null
  fi
  napping=''
}

# What runs beside this is ended by a file and by TERM: one that has only just begun may miss the signal, and one that is
# about to sleep must not do so. KILL, since a sleep that has only just begun may miss TERM as well.
listen() {
  napping=''
  trap 'signalled=yes; kill -KILL "$napping" 2>/dev/null' TERM
}

is_over() {
  [ -n "$signalled" ] || [ -e "$dir/$1" ] || [ ! -d "$dir" ]
}

# Does the rest after so many seconds, unless there is the file $1 before.
after() {
  listen
  over=$1
  is_over "$over" || nap "$2"
  shift 2
  is_over "$over" || "$@"
}

# Until when, and after how long the next attempt comes.
patience() {
  until=$(($(date +%s) + $1)) pause=1
}

is_patient() {
  [ $(($(date +%s) + pause)) -le "$until" ] || return 1
  nap "$pause"
  pause=$((pause * 2 > 15 ? 15 : pause * 2))
}

# ---- Signals

job='' group='' caught='' stopped='' interrupted='' killer=''

# The command with all that it has started, where it has a group of its own.
send() {
  kill "-$1" -- "$group$job" 2>/dev/null || kill "-$1" "$job" 2>/dev/null
}

# Ends the command: it has some time to clean up.
stop() {
  if [ -z "$job" ] || [ -n "$stopped" ]; then
    return
  fi
  stopped=yes
  send TERM
  (
    exec 3<&- 4>&- >/dev/null 2>&1
    after ended "$grace" send KILL
  ) &
  killer=$!
}

# Shells start what runs beside them deaf to INT, so that it is passed on as TERM, too.
for signal in 1:HUP 2:INT 15:TERM; do
  # shellcheck disable=SC2064 # the number is that of now
  trap "interrupted=yes caught=\${caught:-$((128 + ${signal%:*}))}; stop" "${signal#*:}"
done
# From the watchdog, which has written down why.
trap 'interrupted=yes; stop' USR1

# ---- Start

started=''
began=$(date -u +%Y-%m-%dT%H:%M:%SZ)
patience "$start_wait"
while :; do
  request "$dir/start" "/sync-states/$resource/start" -H 'Content-Type: application/json' -d "{\"run_id\": \"$run_id\"}"
  case $code in
    200)
      started=yes
      break
      ;;
    409)
      say "not run: $(why "$dir/start")"
      finish 75
      ;;
  esac
  if [ -n "$caught" ] || ! is_away || ! is_patient; then
    break
  fi
done
[ -z "$caught" ] || [ -n "$started" ] || finish "$caught"
if [ -z "$started" ]; then
  if [ -n "$strict" ]; then
    say "not run, since the start was not taken: $(why "$dir/start")"
    finish 69
  fi
  say "running although the start was not taken: $(why "$dir/start")"
fi

VANTAGE_RUN_ID=$run_id
VANTAGE_WATERMARK=$(sed -n 's/.*"run_id":"'"$run_id"'","watermark":"\([^"]*\)".*/\1/p' "$dir/start")
VANTAGE_RESULT=$dir/result
export VANTAGE_RUN_ID VANTAGE_WATERMARK VANTAGE_RESULT
: >"$VANTAGE_RESULT"

# ---- Run

# Sends signs of life and looks at the time; says why the command has to end in $dir/reason.
watch() {
  listen
  trap '' INT HUP
  now=$(date +%s)
  next=$((now + heartbeat))
  deadline=$((now + timeout))
  while ! is_over ended; do
    until=$next
    [ "$timeout" -eq 0 ] || [ "$deadline" -ge "$next" ] || until=$deadline
    now=$(date +%s)
    [ "$until" -le "$now" ] || nap $((until - now))
    ! is_over ended || exit
    now=$(date +%s)
    if [ "$timeout" -gt 0 ] && [ "$now" -ge "$deadline" ]; then
      echo timeout >"$dir/reason"
      kill -USR1 $$
      timeout=0
    fi
    if [ "$now" -ge "$next" ]; then
      request "$dir/beat" "/sync-states/$resource/progress" -H 'Content-Type: application/json' -d "{\"run_id\": \"$run_id\"}"
      if [ "$code" = 409 ] && grep -q '/problems/run-superseded' "$dir/beat"; then
        echo superseded >"$dir/reason"
        kill -USR1 $$
        exit
      fi
      next=$(($(date +%s) + heartbeat))
    fi
  done
}

# What the command has started ends with it where it has a group of its own.
leader=''
if command -v setsid >/dev/null && command -v "$1" >/dev/null; then
  leader=setsid group=-
fi

exec 3<&0
if [ -n "$caught" ]; then
  : # it came before the command
elif [ -n "$output" ]; then
  mkfifo "$dir/out" "$dir/err" "$dir/all"
  (
    trap '' HUP INT TERM
    exec tail -c 10000 <"$dir/all" >"$dir/tail"
  ) &
  tailer=$!
  exec 4>"$dir/all"
  (
    trap '' HUP INT TERM
    exec tee "$dir/all" <"$dir/out"
  ) &
  tees=$!
  (
    trap '' HUP INT TERM
    exec tee "$dir/all" <"$dir/err" >&2
  ) &
  tees="$tees $!"
  $leader "$@" <&3 3<&- 4>&- >"$dir/out" 2>"$dir/err" &
  job=$!
else
  $leader "$@" <&3 3<&- &
  job=$!
fi
# It came before the command was known by its id.
[ -z "$caught" ] || stop

status=${caught:-0}
if [ -n "$job" ]; then
  # Not as a redirection of the function, of which some shells keep a copy: the output would never end.
  (
    exec 3<&- 4>&- >/dev/null 2>&1
    watch
  ) &
  watchdog=$!
  while :; do
    interrupted=''
    # Without what shells say of a command that was killed.
    wait "$job" 2>/dev/null
    ended=$?
    # A second wait, for one that has ended meanwhile, finds nothing.
    if [ "$ended" -ne 127 ] || [ "$status" -eq 0 ]; then
      status=$ended
    fi
    [ -n "$interrupted" ] || break
  done
  : >"$dir/ended"
  kill "$watchdog" 2>/dev/null
  [ -z "$killer" ] || kill "$killer" 2>/dev/null
  if [ -n "$stopped" ] && [ -n "$group" ]; then
    kill -KILL -- "-$job" 2>/dev/null
  fi
  if [ -n "$output" ]; then
    exec 4>&-
    # What still runs may hold on to the output; nobody waits for it.
    # shellcheck disable=SC2086 # two of them
    (
      exec >/dev/null 2>&1
      after drained 2 kill -KILL $tees
    ) &
    limit=$!
    # shellcheck disable=SC2086
    wait $tees "$tailer" 2>/dev/null
    : >"$dir/drained"
    kill "$limit" 2>/dev/null
  fi
fi

# ---- End

reason=$(cat "$dir/reason" 2>/dev/null)
case $reason in
  timeout) status=124 ;;
  superseded)
    say "stopped, since another run took over: $(why "$dir/beat")"
    finish 75
    ;;
esac
# A command that ends well when it is asked to stop has not done all of its work.
[ -z "$caught" ] || [ "$status" -ne 0 ] || status=$caught

# The last line with a key, where its value is one.
result() {
  sed -n "s/^$1=\\($2\\)\$/\\1/p" "$VANTAGE_RESULT" | tail -n 1
}

query="rid=$run_id"
for count in records_synced records_created records_updated; do
  value=$(result "$count" '[0-9]\{1,10\}')
  [ -z "$value" ] || query="$query&$count=$value"
done
watermark=$(result watermark '[0-9][-0-9T:.+Z]*' | sed 's/+/%2B/')
# A run of which the service learns at its end began when it did.
[ -n "$started" ] || query="$query&create=1"
[ -n "$started" ] || watermark=${watermark:-$began}
[ -z "$watermark" ] || query="$query&watermark=$watermark"

[ -s "$dir/tail" ] || : >"$dir/tail"
[ "$reason" != timeout ] || printf '\nrun.sh: stopped after the time-out\n' >>"$dir/tail"
interrupted=''
patience "$end_wait"
while :; do
  request "$dir/end" "/ping/-/$resource/$status?$query" -H 'Content-Type: text/plain' --data-binary "@$dir/tail"
  case $code in
    200 | 201) finish "$status" ;;
  esac
  if [ -n "$interrupted" ] || ! is_away || ! is_patient; then
    break
  fi
done
say "the end of $resource (exit code $status, run $run_id) is lost: $(why "$dir/end")"
if [ "$code" = 409 ] && grep -q 'taken over' "$dir/end"; then
  finish 75
fi
finish "$status"
