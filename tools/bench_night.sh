#!/bin/sh
# A whole night: ten million persons and the twelve policies of bench/policy, from a narrow file to statuses, amounts and
# differences on disk. PERSONS (a million) are made once and written ten times over. JSON lines go to target/bench/night.json.
set -eu
cd "$(dirname "$0")/.."
here=bench/policy
work=target/bench/policy
n=${PERSONS:-1000000}
program=${PROGRAM:-target/release/sheqiao}
mkdir -p "$work"
venv=target/bench/policy-venv
if [ ! -f "$venv/.stamp" ] || [ "$here/requirements.txt" -nt "$venv/.stamp" ]; then
  python3 -c "import ensurepip" 2>/dev/null || tools/need.sh /usr/lib/python3/dist-packages/no-ensurepip:python3-venv
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  touch "$venv/.stamp"
fi
[ -x "$program" ] || cargo build --release --quiet --bin sheqiao
[ -f "$work/persons_$n.parquet" ] || "$venv/bin/python" "$here/gen.py" "$n" --dir "$work" --no-csv
on=2026-07-01
[ -f "$work/ledger-$n.narrow" ] || "$program" policies pack --facts "$work/persons_$n.parquet" --policies "$here/policies" --on "$on" --times 10 --out "$work/ledger-$n.narrow"
# The earlier night stands on lower numbers, as before a county raised them; then three nights against it.
python3 - "$work" <<'PY'
import json, sys
tree = json.load(open(f"{sys.argv[1]}/params_tree.json"))
def lower(node):
    if isinstance(node, dict):
        return {k: lower(v) for k, v in node.items()}
    return [[day, int(value * 0.9)] for day, value in node]
json.dump(lower(tree), open(f"{sys.argv[1]}/params_before.json", "w"))
PY
"$program" policies night --ledger "$work/ledger-$n.narrow" --policies "$here/policies" --params "$work/params_before.json" --on "$on" --out "$work/night-before" >/dev/null
rm -f target/bench/night.json
for round in 1 2 3; do
  rm -rf "$work/night"
  python3 - "$program" "$work" "$here" "$on" "$round" <<'PY'
import json, os, resource, subprocess, sys, time
program, work, here, on, turn = sys.argv[1:]
ledger = next(f for f in os.listdir(work) if f.startswith("ledger-") and f.endswith(".narrow"))
begun = time.monotonic()
told = subprocess.run([program, "policies", "night", "--ledger", f"{work}/{ledger}", "--policies", f"{here}/policies", "--params", f"{work}/params_tree.json",
                       "--on", on, "--before", f"{work}/night-before", "--out", f"{work}/night"], check=True, capture_output=True, text=True).stdout
wall = time.monotonic() - begun
used = resource.getrusage(resource.RUSAGE_CHILDREN)
persons = int(told.split()[0])
size = sum(os.path.getsize(f"{work}/night/{f}") for f in os.listdir(f"{work}/night"))
row = {"job": "policy.night", "round": int(turn), "persons": persons, "wall_s": round(wall, 3), "cpu_s": round(used.ru_utime + used.ru_stime, 3),
       "peak_bytes_per_person": round(used.ru_maxrss * 1024 / persons, 1), "written_mb": round(size / 1e6)}
line = json.dumps(row)
print(line)
open("target/bench/night.json", "a").write(line + "\n")
PY
done
