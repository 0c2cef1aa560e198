#!/bin/sh
# `make soak`: the long checks: a million persons on PostgreSQL and SQLite with plans and counters checked, more random requests.
set -eu
cd "$(dirname "$0")/.."
n=${SOAK_CLIENTS:-1000000}
tools/web.sh
cargo build --release --quiet --bin sheqiao
SHEQIAO_ORACLE_REQUESTS=${SOAK_REQUESTS:-100000} tools/postgres.sh cargo test --release -p server --test it foreign_rows
dir=$(mktemp -d "${TMPDIR:-/tmp}/sheqiao-soak.XXXXXX")
trap 'rm -rf "$dir"' EXIT INT TERM
target/release/sheqiao demo guangdong --data "$dir/sqlite" --clients "$n"
target/release/sheqiao check --data "$dir/sqlite"
SOAK_DIR=$dir SOAK_N=$n POSTGRES_OPTIONS="-c shared_buffers=1GB -c maintenance_work_mem=512MB" tools/postgres.sh sh -c '
  SHEQIAO_DATABASE_URL="$SHEQIAO_TEST_POSTGRES/postgres"; export SHEQIAO_DATABASE_URL
  target/release/sheqiao demo guangdong --data "$SOAK_DIR/postgres" --clients "$SOAK_N"
  target/release/sheqiao check --data "$SOAK_DIR/postgres"
  python3 tools/plan_walk.py --program target/release/sheqiao --data "$SOAK_DIR/postgres" --log "$SHEQIAO_TEST_POSTGRES_LOG"'
