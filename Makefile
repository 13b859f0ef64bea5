# What a contributor and CI run. Everything happens in .venv, which the first target that needs it makes.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.NOTPARALLEL:

PYTHON ?= python3
FILE ?= fixtures/pure.ris
DOCUMENTS ?= ../shared/data/docx
DUPLICATES ?= ../shared/data/dedupe
SHARED ?= ../shared
SECONDS ?= 300
MODULE ?= reflint/model/names.py
TESTS ?= tests/model/test_names.py

VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements-dev.lock
STAMP := $(VENV)/installed
step = @printf '\n==> %s\n'

.PHONY: help venv check test lint types docs drift wheel hooks bench bench-check bench-word bench-thesis bench-zotero bench-dedupe bench-lookup fuzz mutate site plugins plugins-test lock ci clean
.DEFAULT_GOAL := help

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

venv: $(STAMP) ## make .venv from the lock file

$(STAMP): $(LOCK) pyproject.toml hatch_build.py .ci/schemas
	$(step) "making $(VENV) from $(LOCK)"
	@PYTHON="$(PYTHON)" .ci/python-ready
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r $(LOCK)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q reflint
	@.ci/schemas $(VENV)/schemas
	@touch $@

check: $(STAMP) ## show the findings of one file and its repair: make check FILE=my.ris
	$(step) "reflint check $(FILE)"
	@$(BIN)/reflint check --exit-zero "$(FILE)"
	$(step) "reflint fix --unsafe-fixes --diff $(FILE)   (what a repair would change; nothing is written)"
	@$(BIN)/reflint fix --unsafe-fixes --diff "$(FILE)" || [ $$? -eq 1 ]

test: $(STAMP) ## run the tests
	@.ci/debian chromium=chromium
	$(step) "pytest"
	@$(BIN)/pytest -n logical --dist worksteal

lint: $(STAMP) ## ruff and the floors of the house
	$(step) "ruff check"
	@$(BIN)/ruff check .
	$(step) "ruff format --check"
	@$(BIN)/ruff format --check .
	$(step) "lint-imports"
	@$(BIN)/lint-imports

types: $(STAMP) ## mypy, strict
	$(step) "mypy"
	@$(BIN)/mypy

docs: $(STAMP) ## write the generated pages and schemas
	$(step) "writing generated files"
	@$(BIN)/python docs/generate.py

drift: $(STAMP) ## fail when a generated file is not what `make docs` would write
	$(step) "comparing generated files"
	@$(BIN)/python docs/generate.py --check

wheel: $(STAMP) ## build wheel and sdist, install each in a fresh venv and use it there
	$(step) "building wheel and sdist"
	@PYTHON="$(PYTHON)" .ci/wheel

hooks: $(STAMP) ## run pre-commit with the hooks of the last commit, in a throwaway repository
	$(step) "pre-commit in a throwaway repository"
	@PYTHON="$(PYTHON)" .ci/pre-commit

bench: $(STAMP) ## measure against rispy and write docs/benchmarks.md (about an hour)
	$(step) "measuring"
	@$(BIN)/python -m compileall -q reflint benchmarks # or every process would compile what was changed last
	@$(BIN)/python -m benchmarks.harness --output docs/benchmarks.md

bench-check: $(STAMP) ## measure 10,000 records and say what has become slower than docs/benchmarks.md has it (2 minutes)
	$(step) "measuring"
	@$(BIN)/python -m benchmarks.harness --sizes 10000 --parts --tasks floor rispy parse stream default check fix --against docs/benchmarks.md

bench-zotero: $(STAMP) ## measure reading and writing a Zotero library on the test server (about 2 minutes)
	$(step) "measuring"
	@$(BIN)/python -m benchmarks.zotero

bench-word: $(STAMP) ## measure typed citations on field documents: make bench-word DOCUMENTS=folder
	$(step) "reading field documents as plain text"
	@$(BIN)/python -m benchmarks.word $(DOCUMENTS)

bench-thesis: $(STAMP) ## measure an invented thesis of 300 pages: read, checked, commented, repaired
	$(step) "reading a thesis"
	@$(BIN)/python -m benchmarks.thesis

bench-dedupe: $(STAMP) ## measure duplicates beside bib-dedupe and write docs/dedupe.md (about 20 minutes)
	$(step) "measuring"
	@$(BIN)/python -m benchmarks.dedupe $(DUPLICATES) --output docs/dedupe.md

bench-lookup: $(STAMP) ## measure the look-up and write docs/lookup.md: make bench-lookup SHARED=folder (20 minutes)
	$(step) "measuring the look-up"
	@$(BIN)/python -m benchmarks.lookup $(SHARED) --output docs/lookup.md

fuzz: $(STAMP) ## look for inputs that break a law of reading or repairing: make fuzz SECONDS=300 (for each target)
	$(step) "atheris, $(SECONDS) seconds for each target"
	@if ! [ -d build/fuzz/packages ] && ! $(BIN)/python -m pip install -qq --disable-pip-version-check \
	    --only-binary :all: --target build/fuzz/packages atheris; then echo "skipped: no atheris for this Python"; exit 0; fi; \
	for target in ris docx; do \
	    PYTHONPATH=build/fuzz/packages $(BIN)/python -m fuzz.$$target -max_total_time=$(SECONDS); \
	done

mutate: $(STAMP) ## say which small faults in a module its tests do not notice: make mutate MODULE=a/b.py TESTS=folder
	$(step) "mutants of $(MODULE) under $(TESTS)"
	@$(BIN)/python .ci/mutate $(MODULE) $(TESTS)

site: $(STAMP) ## build the documentation into build/site, strictly
	$(step) "building the documentation"
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

plugins: $(STAMP) ## build the Zotero plugin and its update manifest into dist/: make plugins PLUGIN_URL=https://...
	$(step) "building the Zotero plugin"
	@$(BIN)/python plugins/build.py --output dist $(if $(PLUGIN_URL),--base-url "$(PLUGIN_URL)")

plugins-test: ## check the Zotero plugin's types and run its tests under node (skipped without node and npm)
	$(step) "the Zotero plugin under node"
	@if ! command -v node > /dev/null || ! command -v npm > /dev/null; then echo "skipped: no node and npm here"; exit 0; fi; \
	cd plugins/zotero && npm ci --ignore-scripts --silent && npm run --silent types && npm run --silent test

bench-server: $(STAMP) ## measure the backend: latency, and 50 clients at once for a minute (about 2 minutes)
	$(step) "measuring the backend"
	@$(BIN)/python -m benchmarks.server

serve: $(STAMP) ## open the review page; Ctrl-C ends it
	$(step) "reflint serve   (if no browser opens, go to the address after \"page\")"
	@$(BIN)/reflint serve

lock: ## renew the lock file (versions and hashes, no registry address)
	$(step) "resolving $(LOCK)"
	@PYTHON="$(PYTHON)" .ci/python-ready
	@scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	$(PYTHON) -m venv "$$scratch/venv"; \
	"$$scratch/venv/bin/pip" install -qq --disable-pip-version-check uv; \
	"$$scratch/venv/bin/uv" pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade \
	    --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet -o "$$scratch/lock"; \
	{ echo '# Versions and hashes of everything in pyproject.toml and its "dev" extra. Written by `make lock`.'; \
	  cat "$$scratch/lock"; } > $(LOCK)

ci: check plugins-test test lint types drift wheel hooks ## all that CI runs
	$(step) "all checks passed"

clean: ## remove .venv, caches and built files
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache benchmarks/data
	find reflint tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +
