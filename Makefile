# A fresh machine needs Python 3.11 or newer (with venv and pip) and make; the rest is installed
# into .venv from pip's own configured index. `make` alone lists the targets.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
USABLE := import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))
CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11 python

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo lint test check bench catalog constraints clean distclean

help: ## List the targets.
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 14

demo: $(VENV)/.demo ## The whole tool on an embedded AWS: scan, findings, reports in demo/.
	$(BIN)/strays demo

lint: $(VENV)/.dev ## Format, lint, types, import contracts.
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

test: $(VENV)/.dev ## Run the tests.
	$(BIN)/python -m pytest

check: lint test ## Everything that CI asks for.

bench: $(VENV)/.dev ## Run every benchmark and write benchmarks/results.md.
	$(BIN)/python benchmarks/run.py

catalog: $(VENV)/.dev ## Generate the catalog anew from botocore, and say what is different.
	$(BIN)/python -m tools.catalog

constraints: ## Write constraints.txt anew from the newest versions that pyproject.toml allows.
	@python=$$($(FIND_PYTHON)) && folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	"$$python" -m venv "$$folder" && \
	"$$folder/bin/python" -m pip install --quiet --editable '.[demo,dev]' && \
	"$$folder/bin/python" -m pip freeze --exclude-editable > "$$folder/frozen" && \
	{ sed -n '/^#/p' constraints.txt; cat "$$folder/frozen"; } > "$$folder/new" && \
	mv "$$folder/new" constraints.txt

clean: ## Remove what tests, builds and the demo left.
	rm -rf build dist demo .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find scanner rules reports tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## Remove the virtual environment too.
	rm -rf $(VENV)

# The first interpreter that is new enough and can make a virtual environment (Debian ships venv in
# a package of its own); PYTHON=/path/to/python chooses another.
FIND_PYTHON = for python in $(or $(PYTHON),$(CANDIDATES)); do \
	if "$$python" -c '$(USABLE)' 2>/dev/null; then echo "$$python"; exit 0; fi; done; \
	echo "no Python 3.11 or newer with venv found (tried: $(or $(PYTHON),$(CANDIDATES))):" \
	"install python3 and python3-venv, or run: make PYTHON=/path/to/python3.11 ..." >&2; exit 1

$(BIN)/python:
	@python=$$($(FIND_PYTHON)) && echo "making $(VENV) with $$("$$python" --version)" && \
	"$$python" -m venv $(VENV)

# A stamp per set of packages: they are installed again when what they are made from changes.
$(VENV)/.demo: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing strays and its demo into $(VENV) (once; a minute or two)"
	$(PIP) --editable '.[demo]'
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing strays and its tools into $(VENV) (once; a minute or two)"
	$(PIP) --editable '.[demo,dev]'
	@touch $@ $(VENV)/.demo
