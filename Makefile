PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.PHONY: run test lint bench lock clean

# One stamp a file of locked versions: a second `make` installs nothing.
.venv/installed: requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	@echo 'Setting up .venv, some 30 seconds once.'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

run: .venv/installed
	@$(BIN)/timbre run $(ARGS)

test: .venv/installed
	@$(BIN)/python -m pytest $(ARGS)

lint: .venv/installed
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary

bench: .venv/installed
	@for bench in benchmarks/bench_*.py; do $(BIN)/python $$bench || exit 1; done

# Needs uv; compiles the ranges of pyproject.toml into the locked files.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean:
	rm -rf .venv data logs exports
