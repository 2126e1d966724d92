# shellcheck shell=bash disable=SC2154
# Sourced by the benchmarks of the service, after postgres.sh: services that run on its server, ended at the end.

services=()
read -ra java_options <<< "${BENCH_JAVA_OPTIONS--Xmx512m}"
at_end+=(stop_services)

stop_services() {
  local pid
  for pid in "${services[@]}"; do kill "$pid" 2> /dev/null; done
  for pid in "${services[@]}"; do wait "$pid" 2> /dev/null; done
}

# load CONNECTIONS SECONDS SCRIPT URL [option ...]: prints the rate a second that wrk reaches with a script of load/, and the
# latency in milliseconds, at the median and at the 99th percentile.
load() {
  local connections="$1" seconds="$2" script="$bench/load/$3.lua" out="$work/out.$BASHPID"
  shift 3
  wrk -t $((connections > 1 ? 2 : 1)) -c "$connections" -d "${seconds}s" --timeout 20s -s "$script" "$@" > "$out" 2>&1
  awk '$1 == "result" { print $2, $3, $4; found = 1 } END { exit !found }' "$out" || { cat "$out" >&2; return 1; }
}

# ticks PID: of the processor that a process has used, in hundredths of a second.
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }

# server_ticks: the same of PostgreSQL, of those of its processes that have ended too.
server_ticks() {
  local server child sum
  server="$(head -1 "$work/data/postmaster.pid")"
  sum="$(awk '{ print $14 + $15 + $16 + $17 }' "/proc/$server/stat")"
  for child in $(pgrep -P "$server"); do
    sum=$((sum + $(awk '{ print $14 + $15 }' "/proc/$child/stat" 2> /dev/null || echo 0)))
  done
  echo "$sum"
}

# measure WHO PID CONNECTIONS SCRIPT URL [option ...]: adds a line of rate, latencies and microseconds of the processor.
measure() {
  local who="$1" pid="$2" own server out
  shift 2
  own="$(ticks "$pid")" server="$(server_ticks)"
  out="$(load "$1" "$SECONDS_EACH" "${@:2}")"
  echo "$out $(($(ticks "$pid") - own)) $(($(server_ticks) - server))" \
    | awk -v seconds="$SECONDS_EACH" '{ n = $1 * seconds; print $1, $2, $3, $4 * 1e4 / n, $5 * 1e4 / n }' >> "$work/of.$who"
}

# the_jar: this project's, as it stands.
the_jar() {
  (cd "$bench/../.." && mvn -q -B -DskipTests package) >&2
  local jars=("$bench"/../../target/vantage-sync-state-*.jar)
  echo "${jars[0]}"
}

# test_classes: the class path of the tests, for what drives a browser.
test_classes() {
  (cd "$bench/../.." && mvn -q -B test-compile exec:exec -Dexec.executable=echo -Dexec.args=%classpath \
    -Dexec.classpathScope=test) | grep -o '/.*\.jar'
}

# new_service DATABASE JAR PORT [setting ...]: on a database of its own, with 100 resources; its pid is left in $pid.
new_service() {
  query -d postgres -c "create database $1"
  start_service "$@"
  fill "$1"
}

# start_service DATABASE JAR PORT [setting ...]: one more, which brings the database up to date.
start_service() {
  java "${java_options[@]}" -jar "$2" --server.port="$3" \
    --spring.datasource.url="jdbc:postgresql://127.0.0.1:$PGPORT/$1" --spring.datasource.username=postgres \
    --vantage.keys.service=service --vantage.keys.reader=reader --vantage.jwt.secret="$jwt_secret" \
    "${@:4}" > "$work/$3.log" 2>&1 &
  pid=$!
  services+=("$pid")
  local try
  for try in $(seq 120); do
    curl -sf -m 2 -o /dev/null "http://127.0.0.1:$3/actuator/health/readiness" && break
    if [ "$try" = 120 ]; then cat "$work/$3.log" >&2; return 1; fi
    sleep 0.5
  done
}

# A secret of no service but these.
jwt_secret=only-for-benchmarks-on-this-machine

# Of ten resources eight have succeeded, one has failed, and one is running.
fill() {
  query -d "$1" -c "
    select public.start_vantage_sync('r' || i) from generate_series(0, 96) as i" -c "
    select case i % 10
      when 8 then public.fail_vantage_sync('r' || i, '[{\"code\": \"TIMEOUT\", \"message\": \"No answer within 30 s\"}]')
      else public.complete_vantage_sync('r' || i, 1000 + i, 10, 90)
    end
    from generate_series(0, 96) as i
    where i % 10 <> 9" -c 'vacuum analyze' > "$work/fill.out"
}
