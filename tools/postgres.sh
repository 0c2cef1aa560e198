#!/bin/sh
# Runs a command beside a throw-away PostgreSQL server of its own (C locale, loopback, no fsync: for tests only).
# Usage: postgres.sh COMMAND …   The command finds the server in SHEQIAO_TEST_POSTGRES, its log in SHEQIAO_TEST_POSTGRES_LOG.
# POSTGRES_OPTIONS adds settings, for example "-c shared_buffers=2GB".
set -eu
POSTGRES_OPTIONS=${POSTGRES_OPTIONS:-}
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -x "$bin/initdb" ] || { echo "PostgreSQL is not installed" >&2; exit 1; }
dir=$(mktemp -d "${TMPDIR:-/tmp}/sheqiao-pg.XXXXXX")
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
# PostgreSQL refuses to run as root: it then runs as its own user.
if [ "$(id -u)" = 0 ]; then
  chown postgres "$dir"
  as="runuser -u postgres --"
  user=postgres
else
  as=""
  user=$(id -un)
fi
stop() {
  $as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$dir"
}
trap stop EXIT INT TERM
(
  cd "$dir"
  $as "$bin/initdb" -D "$dir/data" --locale=C -E UTF8 -A trust -U "$user" >/dev/null
  $as "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" start \
    -o "-p $port -k $dir -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=400 $POSTGRES_OPTIONS" >/dev/null
)
SHEQIAO_TEST_POSTGRES="postgres://$user@127.0.0.1:$port"
SHEQIAO_TEST_POSTGRES_LOG="$dir/log"
export SHEQIAO_TEST_POSTGRES SHEQIAO_TEST_POSTGRES_LOG
"$@"
