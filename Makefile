# The words of daily work; `make` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
.PHONY: help run dev quick check test soak bench bench-policy api cases dump shots release build

BUILD_NEEDS := cc:build-essential
TEST_NEEDS := $(BUILD_NEEDS) pdftotext:poppler-utils /usr/lib/postgresql/*/bin/initdb:postgresql /usr/bin/chromium:chromium /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc:fonts-noto-cjk

help: ## list these words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

build: ## install what building needs, build desk and program
	@tools/need.sh $(BUILD_NEEDS)
	@tools/web.sh
	@cargo build --bin sheqiao

run: build ## build, load the Dingcheng demo on the first run, serve on http://127.0.0.1:8080
	@tools/run.sh

dev: ## the desk with hot reload, for a server that runs already
	@tools/web.sh && cd web && npm run dev

quick: ## tests of one wing on both engines: make quick WING=people
	@tools/need.sh $(TEST_NEEDS)
	@case "$(WING)" in cli|print) tools/web.sh ;; esac
	@tools/postgres.sh cargo test -p $(WING)

check: ## format, lints, types, generated files
	@tools/need.sh $(BUILD_NEEDS)
	@tools/check.sh

test: ## everything: both engines and the browser
	@tools/need.sh $(TEST_NEEDS)
	@tools/test.sh

soak: ## the long checks (a million persons on both engines)
	@tools/need.sh $(TEST_NEEDS)
	@tools/soak.sh

bench: ## measurements with the release build, as JSON lines under target/bench
	@tools/need.sh $(TEST_NEEDS)
	@tools/bench.sh

bench-policy: ## the policy engine and what one would pick instead, in turns on the same files
	@tools/need.sh $(BUILD_NEEDS)
	@tools/bench_policy.sh

api: ## write api/openapi.json and the desk's types from the code
	@tools/web.sh && cargo build --quiet --bin sheqiao && mkdir -p api && target/debug/sheqiao dev openapi > api/openapi.json
	@cd web && npm run --silent gen:api

cases: ## write what the engine says of every golden case, for the tests of the desk
	@UPDATE_CASES=1 cargo test --quiet -p aid --test it the_file_of_the_browser

dump: ## write the DDL of both engines from the migrations
	@tools/web.sh && cargo build --quiet --bin sheqiao && mkdir -p crates/schema/dump
	@target/debug/sheqiao dev dump sqlite > crates/schema/dump/sqlite.sql
	@target/debug/sheqiao dev dump postgres > crates/schema/dump/postgres.sql

shots: ## screenshots of the running product for README and manual
	@tools/need.sh $(TEST_NEEDS)
	@tools/journeys.sh shots

release: ## the release build
	@tools/need.sh $(BUILD_NEEDS)
	@tools/web.sh
	@cargo build --release --bin sheqiao
