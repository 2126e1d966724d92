# shellcheck shell=bash
# Sourced by the benchmarks: a PostgreSQL of their own on 127.0.0.1 with the default, durable settings, removed at the
# end. Server programs come from $PGBIN (or pg_config), psql from the PATH. Leaves the caller in $work.

bench="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
bin="${PGBIN:-$(pg_config --bindir)}"
port="${PGPORT:-$((20000 + RANDOM % 10000))}"
work="$(mktemp -d)"
at_end=()

# PostgreSQL does not run as root.
as_server() {
  if [ "$(id -u)" = 0 ]; then setpriv --reuid nobody --regid nogroup --clear-groups "$@"; else "$@"; fi
}

end() {
  for step in "${at_end[@]}"; do $step || true; done
  as_server "$bin/pg_ctl" -D "$work/data" -m immediate stop > /dev/null 2>&1 || true
  rm -rf "$work"
}

# start_postgres [setting ...]
start_postgres() {
  local options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=''" setting
  for setting; do options+=" -c $setting"; done
  trap end EXIT
  if [ "$(id -u)" = 0 ]; then chown nobody "$work"; fi
  cd "$work" || return
  as_server "$bin/initdb" -D "$work/data" -U postgres -A trust -E UTF8 --no-locale > /dev/null
  as_server "$bin/pg_ctl" -w -D "$work/data" -l "$work/log" start -o "$options" > /dev/null
  export PGHOST=127.0.0.1 PGPORT="$port" PGUSER=postgres
}

# become_owner: goes on as a login that owns its databases and is no superuser, whose rights would not be checked.
become_owner() {
  query -d postgres -c 'create role owner login createdb createrole'
  export PGUSER=owner
}

query() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }

# migrate DATABASE [FOLDER]: makes it, with every migration, of this project or of another folder.
migrate() {
  query -d postgres -c "create database $1"
  local migration
  for migration in "${2:-$bench/../../db/migration}"/*.sql; do
    query -d "$1" -1 -f "$migration"
  done
}

# rate DATABASE ROLE SCRIPT CLIENTS [option ...]: prints the transactions a second that pgbench reaches in $SECONDS_EACH
# (4) seconds; the rest of what it says is left in $work/out.
rate() {
  local database="$1" role="$2" script="$3" clients="$4"
  shift 4
  PGOPTIONS="-c role=$role" timeout 600 pgbench -n -M prepared -f "$script" -c "$clients" -j $((clients > 1 ? 2 : 1)) \
    -T "${SECONDS_EACH:-4}" "$@" "$database" > "$work/out" 2>&1 || { cat "$work/out" >&2; return 1; }
  awk '/^tps/ { print $3 }' "$work/out"
}

# median: of the numbers that it reads, one a line; 0 of none.
median() { sort -n | awk '{ value[NR] = $1 } END { print NR ? value[int((NR + 1) / 2)] : 0 }'; }
