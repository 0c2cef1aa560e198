#!/bin/sh
# `make check`: format, clippy, generated files. Generated files must equal what the code generates.
set -eu
cd "$(dirname "$0")/.."
cargo fmt --all --check
# The fonts that are built in come with the desk's packages.
tools/web.sh
cargo clippy --workspace --all-targets --quiet -- -D warnings
cargo build --quiet --bin sheqiao
same() {
  if ! cmp -s "$1" "$2"; then
    echo "$1 is not what the code generates; run: make $3" >&2
    exit 1
  fi
}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
target/debug/sheqiao dev openapi > "$out/openapi.json"
target/debug/sheqiao dev dump sqlite > "$out/sqlite.sql"
target/debug/sheqiao dev dump postgres > "$out/postgres.sql"
same api/openapi.json "$out/openapi.json" api
same crates/schema/dump/sqlite.sql "$out/sqlite.sql" dump
same crates/schema/dump/postgres.sql "$out/postgres.sql" dump
(cd web && npx openapi-typescript ../api/openapi.json -o "$out/schema.gen.ts" --immutable >/dev/null 2>&1)
same web/src/api/schema.gen.ts "$out/schema.gen.ts" api
# Compares by itself: web/tests/fixtures/policies.gen.json must be what the engine says (make cases).
cargo test --quiet -p aid --test it the_file_of_the_browser > "$out/cases" 2>&1 || { cat "$out/cases" >&2; exit 1; }
