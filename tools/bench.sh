#!/bin/sh
# `make bench`: measurements with the release build; JSON lines {job, engine, n, metric, value} under target/bench.
# BENCH_CLIENTS sets the size of the guangdong world (1,000,000 when left out); the data set is kept between runs.
set -eu
cd "$(dirname "$0")/.."
tools/web.sh
cargo build --release --quiet --bin sheqiao
n=${BENCH_CLIENTS:-1000000}
mkdir -p target/bench
run() { # ENGINE DATA
  engine=$1
  data=$2
  if [ ! -f "$data/demo-logins.json" ]; then
    rm -rf "$data"
    /usr/bin/env time -f "load: %e s wall, %U s user, %M kB" target/release/sheqiao demo guangdong --data "$data" --clients "$n" 2>&1 || exit 1
  fi
  python3 tools/bench_search.py --program target/release/sheqiao --data "$data" --engine "$engine" --clients "$n" --out "target/bench/search.json"
}
run sqlite "target/bench/data-sqlite-$n"
if [ "${BENCH_POSTGRES:-yes}" = yes ]; then
  rm -rf "target/bench/data-postgres-$n"
  BENCH_N=$n tools/postgres.sh sh -c '
    SHEQIAO_DATABASE_URL="$SHEQIAO_TEST_POSTGRES/postgres"; export SHEQIAO_DATABASE_URL
    data="target/bench/data-postgres-$BENCH_N"
    target/release/sheqiao demo guangdong --data "$data" --clients "$BENCH_N"
    python3 tools/bench_search.py --program target/release/sheqiao --data "$data" --engine postgres --clients "$BENCH_N" --out target/bench/search.json'
fi
cat target/bench/search.json
tools/bench_night.sh
BUILD=no tools/bench_one.sh
if [ "${BENCH_LEDGER:-yes}" = yes ]; then tools/bench_ledger.sh; fi
