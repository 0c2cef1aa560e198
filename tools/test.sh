#!/bin/sh
# `make test`: everything, on both engines and in the browser. Nothing is skipped: what cannot run is red.
set -eu
cd "$(dirname "$0")/.."
# A machine that builds once keeps nothing to build the next time from: half the disk, and sooner done.
[ -z "${CI:-}" ] || export CARGO_INCREMENTAL=0
step() { printf '\n== %s\n' "$1"; }

step "divisions script"
venv=target/venv
if [ ! -f "$venv/.stamp" ] || [ tools/divisions/requirements.txt -nt "$venv/.stamp" ]; then
  # Debian keeps the part of Python that makes environments in a package of its own.
  python3 -c "import ensurepip" 2>/dev/null || tools/need.sh /usr/lib/python3/dist-packages/no-ensurepip:python3-venv
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r tools/divisions/requirements.txt
  touch "$venv/.stamp"
fi
(cd tools/divisions && "../../$venv/bin/python" -m unittest -q test_build)

step "desk: types, unit tests, build"
tools/web.sh
(cd web && npm run types --silent && npm test --silent)

step "code: format, lints, generated files"
tools/check.sh

step "rust: both engines"
if cargo nextest --version >/dev/null 2>&1; then
  tools/postgres.sh cargo nextest run --workspace --no-fail-fast --no-tests=fail
else
  tools/postgres.sh cargo test --workspace
fi

step "browser journeys"
tools/journeys.sh
