PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.PHONY: run test lint mutants bench lock clean

# One stamp a file of locked versions: a second `make` installs nothing, and a run needs no tools of development.
.venv/installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	@echo 'Setting up .venv, some 30 seconds once.'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/tools: requirements-dev.txt .venv/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

run: .venv/installed
	@$(BIN)/timbre run $(ARGS)

# Three at a time, a file by one of them: crawls mostly wait.
test: .venv/tools
	@$(BIN)/python -m pytest -n 3 --dist loadfile $(ARGS)

lint: .venv/tools
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary

# All rooms, or what ARGS names: ARGS=sources, ARGS=timbre_spider/sources/gate.py. See docs/testing.md.
mutants: .venv/tools
	@$(BIN)/python -m tests.mutation $(ARGS)

bench: .venv/tools
	@for bench in benchmarks/bench_*.py; do $(BIN)/python $$bench || exit 1; done

# Needs uv (pip install uv); compiles the ranges of pyproject.toml into the locked files, newer versions with ARGS=--upgrade.
LOCKED = uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-annotate --no-header $(ARGS) pyproject.toml
lock:
	$(LOCKED) -o requirements.txt
	$(LOCKED) --extra dev -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf .venv data logs exports
