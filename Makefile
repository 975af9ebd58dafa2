# Every step says what it does; a second run of a finished step costs nothing.
# make run [BIND=127.0.0.1:8001] | test | lint | bench [NAME=vote_burst] | demo | recount DIR=... | clean

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.ONESHELL:
.DEFAULT_GOAL := help

# The first of these that really runs and is new enough.
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(if $(shell \
	$(p) -c 'import sys; print(sys.version_info >= (3, 11) or "")' 2>/dev/null),$(p))) no-python-3.11)
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
PYTEST := $(BIN)/python -m pytest -q
ON_POSTGRESQL := $(BIN)/python -m tests.support.postgres
ISLANDS := $(shell git ls-files --cached --others --exclude-standard nghitruong/ui 2>/dev/null | grep -E '\.(ts|s?css|js|mjs|svg|woff2)$$')

# Compiled modules are kept: each of the hundreds of processes a test run starts is sooner there.
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export npm_config_fund := false
export npm_config_audit := false
export npm_config_update_notifier := false
# The browser is the system's own; nothing is downloaded beside the package registries.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

.PHONY: help setup system python node assets messages run demo test test-sqlite test-postgresql \
	test-concurrency test-frontend test-e2e lint bench recount search-eval intake-report clean

help:
	@echo "make run       cài đặt rồi mở bản minh họa tại http://127.0.0.1:8000 (BIND=127.0.0.1:8001: cổng khác)"
	@echo "make test      mọi phép thử: SQLite, PostgreSQL, giao diện, trình duyệt thật"
	@echo "make lint      ruff, mypy, import-linter, tsc"
	@echo "make bench     đo; make bench NAME=vote_burst đo một bài"
	@echo "make demo      dựng dữ liệu minh họa"
	@echo "make recount DIR=...   kiểm lại các cuộc biểu quyết đã công bố trong thư mục"
	@echo "make search-eval QUERIES=FILE   đo tìm kiếm theo câu hỏi có đáp án"
	@echo "make intake-report DIR=...   cho từng tệp của thư mục qua bộ tiếp nhận, mỗi tệp một dòng JSON"
	@echo "make clean     bỏ những gì dựng được lại"

# --- setup -----------------------------------------------------------------------------------

setup: system python node assets messages

system:
	@deploy/system-packages.sh

python: .venv/.installed

.venv/.installed: requirements.lock
	@want=$$(sha256sum requirements.lock | cut -d' ' -f1)
	if [ "$$(cat $@ 2>/dev/null || true)" != "$$want" ]; then
		[ $(PYTHON) != no-python-3.11 ] || { echo "Cần Python 3.11 trở lên"; exit 1; }
		[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
		$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
		$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
		echo "$$want" > $@
	fi
	printf '#!/bin/sh\nexec "%s/$(BIN)/python" "%s/manage.py" "$$@"\n' "$$PWD" "$$PWD" > $(BIN)/nghitruong
	chmod +x $(BIN)/nghitruong
	touch $@

node: node_modules/.installed

# pdfjs-dist warns about the Node it would run on; here it only goes into what browsers load.
node_modules/.installed: package.json package-lock.json
	@npm ci --no-progress --loglevel=error
	touch $@

assets: nghitruong/ui/dist/.built

nghitruong/ui/dist/.built: node_modules/.installed $(ISLANDS)
	@npm run --silent build
	mkdir -p nghitruong/ui/dist
	touch $@

messages: python
	@$(BIN)/python -m nghitruong.config.messages

# --- use -------------------------------------------------------------------------------------

run: export NGHITRUONG_DEMO := true
run: setup demo
	@exec $(MANAGE) serve $(if $(BIND),--bind $(BIND))

demo: export NGHITRUONG_DEMO := true
demo: python
	@$(MANAGE) migrate --verbosity 0
	$(MANAGE) demo

recount: python
	@$(MANAGE) recount "$(DIR)"

intake-report: python
	@$(MANAGE) intake_report "$(DIR)"

# --- tests -----------------------------------------------------------------------------------

test: setup lint test-sqlite test-postgresql test-frontend test-e2e
	@echo "Mọi phép thử đã qua."

test-sqlite: python
	@$(PYTEST) -n 2 -m "not e2e and not concurrency"
	$(PYTEST) -m "concurrency and not e2e"

# The plain suite may lose its server's disk; what is about durability runs with fsync on.
test-postgresql: python
	@$(ON_POSTGRESQL) --no-fsync -- $(PYTEST) -n 2 -m "not e2e and not concurrency"
	$(ON_POSTGRESQL) -- $(PYTEST) -m "concurrency and not e2e"

test-frontend: node
	@npm run --silent test

test-e2e: setup
	@$(PYTEST) -m e2e tests

lint: python node
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports
	node_modules/.bin/tsc --noEmit

# All of them run, whatever one of them misses; then it says which did.
bench: setup
	@missed=
	for file in $(if $(NAME),bench/$(NAME).py,$(sort $(filter-out bench/_%,$(wildcard bench/*.py)))); do
		name=$$(basename -s .py "$$file")
		$(BIN)/python -m "bench.$$name" || missed="$$missed $$name"
	done
	[ -z "$$missed" ] || { echo "Chưa đạt mức:$$missed" >&2; exit 1; }

search-eval: python
	@$(BIN)/python -m bench._search_eval $(if $(QUERIES),"$(QUERIES)")

clean:
	rm -rf .venv node_modules nghitruong/ui/dist test-results .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find nghitruong -name '*.mo' -delete
