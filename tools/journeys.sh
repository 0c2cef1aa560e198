#!/bin/sh
# Browser journeys in headless Chromium against a fresh server with the demo world.
set -eu
cd "$(dirname "$0")/.."
data=$(mktemp -d "${TMPDIR:-/tmp}/sheqiao-e2e.XXXXXX")
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
server=""
stop() {
  # The server finishes what it writes before its folder goes.
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$data"
}
trap stop EXIT INT TERM
tools/web.sh
cargo build --quiet --bin sheqiao
target/debug/sheqiao demo dingcheng --data "$data" --clients "${E2E_CLIENTS:-12000}"
RUST_LOG=warn target/debug/sheqiao serve --data "$data" --listen "127.0.0.1:$port" &
server=$!
python3 - "$port" <<'PY'
import sys, time, urllib.request
for _ in range(300):
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/readyz", timeout=1)
        sys.exit(0)
    except OSError:
        time.sleep(0.1)
sys.exit("the server did not become ready within 30 seconds")
PY
cd web
SHEQIAO_URL="http://127.0.0.1:$port" SHEQIAO_LOGINS="$data/demo-logins.json" npm run --silent "${1:-e2e}"
