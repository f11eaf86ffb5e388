PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
.DEFAULT_GOAL := help
.PHONY: help run dry-run services test test-lowest test-next lint workflows container image licences audit docs picture dist release-version \
  sbom mutants bench screenshots live record lock clean

help: ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 26

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

# What writes documentation, releases and checks them is a lock of its own, which neither a run nor a test needs.
.venv/release-tools: requirements-release.txt .venv/tools
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-release.txt
	@touch $@

run: .venv/installed ## the whole way, for the songs of your .env; without keys against a sandbox. ARGS="--max-songs 500"
	@$(BIN)/timbre run $(ARGS)

dry-run: .venv/installed ## what a run would ask, against the sandbox; stores nothing
	@$(BIN)/timbre run --sandbox --dry-run $(ARGS)

# A file by one of several processes; tests/conftest.py says how many. What one has compiled the others need not, nor the next run.
test: export PYTHONDONTWRITEBYTECODE =
test: .venv/tools ## all tests. ARGS="-m unit": those that take a minute
	@$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

services: ## pgbouncer and redis-server, which some tests want, from Debian's or Ubuntu's packages
	@for program in pgbouncer redis-server; do command -v $$program > /dev/null || missing="$$missing $$program"; done; \
	  test -z "$$missing" || { $$(test "$$(id -u)" = 0 || echo sudo) apt-get update -qq && \
	  $$(test "$$(id -u)" = 0 || echo sudo) apt-get install -y -qq $$missing; } > /dev/null 2>&1 || echo "not installed:$$missing"

lint: .venv/tools ## ruff and mypy
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary

# The oldest releases that pyproject.toml allows, and Scrapy as it will be: each in an environment of its own.
test-lowest: .venv/release-tools ## all tests with the oldest dependencies allowed
	@$(BIN)/uv venv --quiet --clear --seed --python $(BIN)/python .venv-lowest
	@$(BIN)/uv pip install --quiet --python .venv-lowest --resolution lowest-direct --editable '.[dev]'
	@.venv-lowest/bin/python -m pytest -n 4 --dist loadfile $(ARGS)

SCRAPY = scrapy @ https://github.com/scrapy/scrapy/archive/refs/heads/master.zip
test-next: .venv/release-tools ## all tests with Scrapy as it is not released yet
	@$(BIN)/uv venv --quiet --clear --seed --python $(BIN)/python .venv-next
	@echo '$(SCRAPY)' > .venv-next/override.txt
	@$(BIN)/uv pip install --quiet --python .venv-next --override .venv-next/override.txt --editable '.[dev]' -c requirements-dev.txt
	@.venv-next/bin/python -m pytest -n 4 --dist loadfile $(ARGS)

workflows: .venv/release-tools ## lint the workflows of GitHub Actions
	@$(BIN)/zizmor --quiet --offline --persona=pedantic .github
	@PATH=$(BIN):$$PATH $(BIN)/actionlint
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml

container: .venv/release-tools ## lint Dockerfile and docker-compose.yml
	@$(BIN)/hadolint Dockerfile
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec docker-compose.yml

# Without a daemon: deploy/build_and_try.sh.
TAG ?= timbre-spider
image: ## build the image with docker, and try it: TAG=timbre-spider
	@docker build --tag '$(TAG)' --build-arg VERSION="$$(sed -nE 's/^__version__ = "(.*)"/\1/p' timbre_spider/__init__.py)" \
	  --build-arg REVISION="$$(git rev-parse HEAD)" .
	@docker run --rm --read-only --tmpfs /tmp '$(TAG)' run --sandbox --max-songs 50

# Of what a dependency asks back: its name, or a file of the same licence. No GPL, no AGPL, nothing unnamed but one whose
# metadata names none: axe-playwright-python is MIT by its LICENSE, the axe in it MPL 2.0, and only tests use it.
LICENCES = MIT;BSD;Apache;Python Software Foundation;PSF-2.0;ISC;ZPL-2.1;Mozilla Public License 2.0;MPL-2.0;LGPL-3.0-only
licences: .venv/release-tools ## whether all that is installed has a licence we can live with
	@$(BIN)/pip-licenses --from=mixed --partial-match --allow-only='$(LICENCES)' \
	  --packages $$(sed 's/==.*//; /^axe-playwright-python$$/d' requirements-dev.txt) > /dev/null

# Strict: a package that the service of vulnerabilities does not tell about was not audited.
audit: licences ## the licences, and known vulnerabilities of what a run needs. ARGS="-s osv" asks OSV, not PyPI
	@$(BIN)/pip-audit --strict --progress-spinner off --disable-pip --no-deps --requirement requirements.txt $(ARGS)

docs: .venv/release-tools ## documentation as pages, in build/docs; a warning is an error
	@$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going --fresh-env docs build/docs

picture: .venv/installed ## README's picture, from a run in the sandbox
	@$(BIN)/python docs/picture.py

dist: .venv/tools ## wheel and source archive, in dist
	@$(BIN)/python -m build --outdir dist .

release-version: ## whether TAG=vX.Y.Z, the package's version and the changelog's top say the same
	@grep -qx '__version__ = "$(TAG:v%=%)"' timbre_spider/__init__.py || { echo 'timbre_spider/__init__.py has another version than $(TAG).'; exit 1; }
	@grep -m1 '^## ' CHANGELOG.md | grep -qF '## $(TAG:v%=%) (20' || { echo 'The top of CHANGELOG.md is not "## $(TAG:v%=%) (date)".'; exit 1; }

sbom: .venv/release-tools ## what a run brings along, as CycloneDX, in dist/sbom.json
	@mkdir -p dist
	@$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-file dist/sbom.json requirements.txt

# All rooms, or what ARGS names: ARGS=sources, ARGS=timbre_spider/sources/gate.py. See docs/testing.md.
mutants: .venv/tools ## whether the tests notice a change; ARGS names a room or a file
	@$(BIN)/python -m tests.mutation $(ARGS)

# Asks the live services themselves: never in CI.
live: .venv/tools ## whether the live services answer as we believe: ten songs, some 45 questions, those whose key is set
	@$(BIN)/python -m tests.live

record: .venv/tools ## Spotify's answers to your key as a cassette for the tests, without secrets
	@$(BIN)/python -m tests.live.record

bench: .venv/tools ## the figures of README
	@for bench in benchmarks/bench_*.py; do $(BIN)/python $$bench || exit 1; done

screenshots: .venv/tools ## the pictures of the dashboard in docs/images; needs a Chromium
	@$(BIN)/python benchmarks/screenshots.py $(ARGS)

# Needs uv (pip install uv); compiles the ranges of pyproject.toml into the locked files, newer versions with ARGS=--upgrade.
LOCKED = uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-annotate --no-header $(ARGS) pyproject.toml
lock: ## the locked versions, from pyproject.toml
	$(LOCKED) -o requirements.txt
	$(LOCKED) --extra dev -c requirements.txt -o requirements-dev.txt
	$(LOCKED) --extra release -c requirements-dev.txt -o requirements-release.txt

clean: ## away with environments, builds and all that runs left behind
	rm -rf .venv .venv-lowest .venv-next build dist data logs exports
