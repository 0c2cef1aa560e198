#!/bin/sh
# `make test`: everything, on both engines and in the browser. Nothing is skipped: what cannot run is red.
set -eu
cd "$(dirname "$0")/.."
step() { printf '\n== %s\n' "$1"; }

step "divisions script"
(cd tools/divisions && python3 -m unittest -q test_build)

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
