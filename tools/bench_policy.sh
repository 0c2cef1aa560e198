#!/bin/sh
# `make bench-policy`: the policy engine and what one would pick instead, in turns on the same files (bench/policy/README.md).
# PERSONS and ROUNDS change size and repeats, OPENFISCA=no leaves the slowest peer out. JSON lines go to target/bench/policy.json.
set -eu
cd "$(dirname "$0")/.."
here=bench/policy
work=target/bench/policy
n=${PERSONS:-1000000}
rounds=${ROUNDS:-3}
mkdir -p "$work"
venv=target/bench/policy-venv
if [ ! -f "$venv/.stamp" ] || [ "$here/requirements.txt" -nt "$venv/.stamp" ]; then
  python3 -c "import ensurepip" 2>/dev/null || tools/need.sh /usr/lib/python3/dist-packages/no-ensurepip:python3-venv
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  touch "$venv/.stamp"
fi
py=$venv/bin/python
cargo build --release --quiet -p policy --features files --example measure
measure=${CARGO_TARGET_DIR:-target}/release/examples/measure
[ -f "$work/persons_$n.parquet" ] || "$py" "$here/gen.py" "$n" --dir "$work" --no-csv
seed=$(date +%s)
echo "seed of the policies made now: $seed"
"$py" "$here/gen_policies.py" 12 "$seed" "$work/now"
"$py" "$here/gen_policies.py" 100 "${SEED100:-$seed}" "$work/hundred"
POLICY_DATA=$work
export POLICY_DATA
out=target/bench/policy.json
rm -f "$out"
failed=""
peer() { # PEER ROUND
  case $1 in
    numpy) set -- run_numpy.py "$n" --chunk 16384 --threads 1 --reps 3 ;;
    openfisca) [ "$2" = 1 ] || return 0; set -- run_openfisca.py "$n" --reps 1 ;;
    *) set -- "run_$1.py" "$n" --threads 1 --reps 3 ;;
  esac
  script=$1
  shift
  "$py" -W ignore "$here/$script" "$@" >/dev/null
}
compare() { # SET POLICIES RULES PEERS…
  POLICY_RULES=$3 POLICY_OUT=$work/runs-$1.jsonl
  export POLICY_RULES POLICY_OUT
  set_name=$1 policies=$2
  shift 3
  rm -f "$POLICY_OUT"
  for round in $(seq "$rounds"); do
    "$measure" "$policies" "$work/params_tree.json" "$work/persons_$n.parquet" sheqiao 5 1 >>"$POLICY_OUT"
    for name in "$@"; do peer "$name" "$round"; done
  done
  "$py" "$here/summary.py" "$POLICY_OUT" "$set_name" "$out" || failed="$failed $set_name"
}
peers="numpy polars datafusion duckdb"
openfisca=openfisca
[ "${OPENFISCA:-yes}" = yes ] || openfisca=""
# shellcheck disable=SC2086 # lists of words
compare twelve "$here/policies" "" $peers $openfisca
compare now "$work/now/policies" "$work/now/rules.json" $peers
compare hundred "$work/hundred/policies" "$work/hundred/rules.json" numpy polars
[ -z "$failed" ] || { echo "rows differ:$failed" >&2; exit 1; }
