#!/bin/sh
# `make run`: build, load the demo world on the first run, serve, print the demo logins.
set -eu
cd "$(dirname "$0")/.."
data=${DATA:-.data}
listen=${LISTEN:-127.0.0.1:8080}
program=target/debug/sheqiao
if [ ! -f "$data/demo-logins.json" ]; then
  # A load that was cut short is started afresh: it holds nothing but synthetic people.
  if [ -f "$data/.loading" ]; then rm -rf "$data"; fi
  mkdir -p "$data"
  touch "$data/.loading"
  "$program" demo dingcheng --data "$data"
  rm -f "$data/.loading"
fi
python3 - "$data/demo-logins.json" "$listen" <<'PY'
import json, sys, unicodedata
logins = json.load(open(sys.argv[1], encoding="utf-8"))
def wide(text, n):
    w = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return text + " " * max(0, n - w)
print(f"\n社桥 sheqiao — http://{sys.argv[2]}\n")
print(wide("role", 14), wide("username", 20), wide("password", 24), "place")
seen = set()
for login in logins:
    key = login["role"]
    if key in seen:
        continue
    seen.add(key)
    print(wide(login["role"], 14), wide(login["username"], 20), wide(login["password"], 24), login["place"])
print(f"\nAll demo accounts: {sys.argv[1]}   (stop with Ctrl-C)\n")
PY
exec "$program" serve --data "$data" --listen "$listen"
