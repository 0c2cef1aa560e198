#!/bin/sh
# One person with a hundred policies over HTTP (bench/policy/one_http.py): the shipped build, a demo county of CLIENTS people, the
# product's cards and copies of them in the data folder. JSON lines go to target/bench/policy_one.jsonl.
set -eu
cd "$(dirname "$0")/.."
clients=${CLIENTS:-50000}
port=${PORT:-8131}
program=${CARGO_TARGET_DIR:-target}/release/sheqiao
[ "${BUILD:-yes}" = no ] || cargo build --release --quiet -p cli
data=$(mktemp -d)
pid=""
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; wait; rm -rf "$data"' EXIT INT TERM
"$program" demo dingcheng --data "$data" --clients "$clients" >/dev/null
python3 bench/policy/one_http.py cards "$data/policies"
RUST_LOG=error SHEQIAO_REQUESTS_PER_MINUTE=100000000 "$program" serve --data "$data" --listen "127.0.0.1:$port" &
pid=$!
sleep 70 # the first screening begins a minute after the start at the latest
python3 bench/policy/one_http.py measure "$data" "$port" "$pid" target/bench/policy_one.jsonl
