#!/bin/sh
# The database that the policy engine is checked against: oracle.sh IN.json OUT.json (see tools/oracle/run.py).
# Makes its environment on first use; ends with an error when it cannot.
set -eu
cd "$(dirname "$0")/.."
venv=target/oracle-venv
if [ ! -f "$venv/.stamp" ] || [ tools/oracle/requirements.txt -nt "$venv/.stamp" ]; then
  python3 -c "import ensurepip" 2>/dev/null || tools/need.sh /usr/lib/python3/dist-packages/no-ensurepip:python3-venv
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r tools/oracle/requirements.txt
  touch "$venv/.stamp"
fi
exec "$venv/bin/python" tools/oracle/run.py "$@"
