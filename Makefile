# Verbatim: `make run` starts it, `make test` checks it. Each target is idempotent and quick the second time.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help install run test lint types imports screenshots bench clean
.DEFAULT_GOAL := help

help: ## show the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# pip older than 23.3 fails on lxml's doubled extra, so the venv's own pip is renewed first.
$(VENV)/.pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Verbatim needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	@touch $@

$(VENV)/.installed: $(VENV)/.pip pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[preview]'
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

install: $(VENV)/.installed ## make .venv and .venv/bin/verbatim

run: $(VENV)/.installed ## start the bot; without a token, the preview in the browser
	@$(BIN)/verbatim run

lint: $(VENV)/.dev ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev ## mypy, strict
	$(BIN)/mypy

imports: $(VENV)/.dev ## which module may import which
	$(BIN)/lint-imports

test: lint types imports ## all checks and tests
	$(BIN)/pytest -n auto

screenshots: $(VENV)/.dev ## take the pictures of docs/images again
	$(BIN)/python -m tests.browser.screenshots

bench: $(VENV)/.dev ## quality and speed, printed
	$(BIN)/python -m benchmarks

fit: $(VENV)/.dev ## fit tagger, speakers, checks and ranking again (docs/model-card.md, attribution.md, checking.md, matching.md)
	$(BIN)/python -m pip install --quiet --editable '.[fit]'
	@mkdir -p bench-out
	$(BIN)/python -m benchmarks.fit_tagger --half even --out bench-out/even.npz
	$(BIN)/python -m benchmarks.read_half --model bench-out/even.npz --half odd --out bench-out/odd.jsonl
	$(BIN)/python -m benchmarks.fit_tagger
	$(BIN)/python -m benchmarks.fit_speakers --quotations bench-out/odd.jsonl
	$(BIN)/python -m benchmarks checks --fit
	$(BIN)/python -m benchmarks.fit_ranker

clean: ## remove what was installed and measured
	rm -rf $(VENV) build dist bench-out .mypy_cache .ruff_cache
