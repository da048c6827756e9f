# Two commands need nothing but Python 3.11+ and make: `make demo` and `make test`.
# Each prepares what it needs the first time; afterwards it starts at once.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

PYTHON ?= python3
# Arguments for the command behind a target: make demo ARGS=--check
ARGS ?=

export PYTHON

BIN := .venv/bin
READY := .venv/.ready
# The pages: built when one of their sources is newer, with the Node of the environment.
BUNDLE := web/dist/index.html
PAGES := $(BIN)/python web/build_hook.py

.PHONY: help install check fix test bench docs generate screenshots demo serve lock

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(BUNDLE) ## Prepare the environment (the other targets do it by themselves)

$(READY): requirements-dev.lock pyproject.toml .ci/environment .ci/uv
	@.ci/environment

$(BUNDLE): $(READY) docs/reference/openapi.json $(shell find web -name node_modules -prune -o -name dist -prune -o -type f -print)
	@$(PAGES)

check: $(READY) ## Format, lint, types, directions between rooms; the pages' types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PAGES) check

fix: $(READY) ## Format, and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Tests are dealt out in order to as many processes as there are cores, so that the browser's still
# come last in each; every process has its own PostgreSQL. One process: make test PARALLEL=
PARALLEL ?= --numprocesses=auto --maxprocesses=4 --dist=load

test: $(BUNDLE) ## Run every test, PostgreSQL's included
	$(BIN)/pytest $(PARALLEL) $(ARGS)

bench: $(READY) ## Measure, each figure beside its bare counterpart
	$(BIN)/python -m bench $(ARGS)

generate: $(READY) ## Write the generated reference anew
	$(BIN)/python -m parcours.generate $(ARGS)

screenshots: $(READY) ## Take the pictures of the main screens that docs/screenshots keeps
	PARCOURS_SHOTS=docs/screenshots $(BIN)/pytest -q tests/e2e/test_screens.py

docs: generate ## Bring the documentation up to date with the code

demo: $(BUNDLE) ## Start the service with the demo library (ARGS=--check plays one contact and ends)
	$(BIN)/parcours demo $(ARGS)

serve: $(BUNDLE) ## Start the service
	$(BIN)/parcours serve $(ARGS)

lock: ## Choose versions anew and write both requirements files
	.ci/uv pip compile pyproject.toml $(LOCK) --output-file requirements.lock
	.ci/uv pip compile pyproject.toml $(LOCK) --group dev --constraints requirements.lock \
		--output-file requirements-dev.lock

# For every platform, with every file's hash, and without the address they were found at.
LOCK := --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header
