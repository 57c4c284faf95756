# `make` alone lists the targets. Each of them sets up what it needs first (scripts/setup.sh, once).

PERIOD ?= 2026-Q3
SEED   ?= 1
BIN    := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test fresh check format mutants bench docs sample setup pins sbom clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: ## build the sample form 2026-Q3 into output/ (another period: make run PERIOD=2026-Q1)
	@bash scripts/setup.sh run
	$(BIN)/form1 build $(PERIOD) --exports sample_data/exports --output output

test: ## run every test, with doctests, on two cores
	@bash scripts/setup.sh dev
	$(BIN)/pytest -n 2 --dist worksteal

fresh: ## as root: run and test on a minimal Debian 12 and 13, made and removed (docs/fresh-machines.md)
	@bash scripts/fresh.sh

check: ## format, lint and types, without changing a file
	@bash scripts/setup.sh dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict form1

format: ## format the code and mend what ruff can mend
	@bash scripts/setup.sh dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

mutants: ## put small faults into the code and count those that no test notices (another sample: make mutants SEED=2)
	@bash scripts/setup.sh dev
	$(BIN)/python -m tests.mutants --jobs 2 --seed $(SEED)

bench: ## measure a build, the start, memory, checks of received forms, the unattended run and the proof of an archive
	@bash scripts/setup.sh dev
	$(BIN)/python bench/bench.py
	$(BIN)/python bench/check.py
	$(BIN)/python -m bench.tabulate
	$(BIN)/python bench/unattended.py

docs: ## write the generated documents from reference/ and the command line
	@bash scripts/setup.sh run
	$(BIN)/python -m form1.documents

sample: ## make sample_data again (the same every time)
	@bash scripts/setup.sh run
	$(BIN)/python sample_data/make_exports.py
	PYTHONPATH=. $(BIN)/python sample_data/make_received.py

setup: ## only the set-up: system libraries, .venv, pinned packages for run and test
	@bash scripts/setup.sh dev

pins: ## renew requirements/*.txt, versions and hashes, from the bounds in pyproject.toml
	@bash scripts/setup.sh pins

sbom: ## list what form1 is made of in dist/form1.cdx.json (CycloneDX)
	@bash scripts/setup.sh sbom

clean: ## remove .venv and caches; editions in output/ stay
	rm -rf .venv .venv-setup.log dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
