# Every command of the project; `make` alone lists them. Needs Python 3.11 or newer and nothing else.
.DEFAULT_GOAL := help
.SHELLFLAGS := -ec
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:

PORT ?= 8000
SHELTER_DATA ?= instance
SIZE ?= small
export PORT SHELTER_DATA SIZE

PYTHON ?= $(firstword $(shell for name in python3.11 python3.12 python3.13 python3.14 python3; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v "$$name"; done))
BIN := .venv/bin
RUN_STAMP := .venv/.installed-to-run
TEST_STAMP := .venv/.installed-to-test
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
PYTEST := $(BIN)/python -m pytest
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--annotation-style line --no-emit-index-url --no-emit-find-links pyproject.toml

.PHONY: help
help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(RUN_STAMP) ## Install what the application needs into .venv, and nothing else
	@:

.PHONY: run
run: setup ## Serve a fictional agency on http://localhost:8000 (PORT=, SHELTER_DATA=)
	@exec $(BIN)/flask --app wsgi run-server

.PHONY: check
check: lint ## What is fast: lint, types, import contracts, tests about the code, unit tests (under a minute)
	@$(PYTEST) -q -n 2 -m "not postgres and not journey and not slow and not drill and not bench" \
		$(wildcard tests/house tests/crypto tests/policy tests/rules)

.PHONY: lint
lint: $(TEST_STAMP)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "make format would change these files"; $(BIN)/ruff format --check .; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint templates --lint --quiet

.PHONY: format
format: $(TEST_STAMP) ## Put the code in the one form
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

.PHONY: test
test: lint ## Everything that proves it, on SQLite, PostgreSQL and in Chromium (under 30 minutes)
	@$(PYTEST) -n 2 -m "not drill and not bench" --provide

.PHONY: drill
drill: $(TEST_STAMP) ## What takes longer: kill -9 by the hundred, long load, large backups
	@$(PYTEST) -m "drill and not bench" --drill --provide --timeout 7200

.PHONY: bench
bench: $(TEST_STAMP) ## Measure against the peers into build/bench.json (SIZE=full for the sizes of the issues)
	@$(PYTEST) -m bench -s --provide --timeout 36000

.PHONY: shots
shots: $(TEST_STAMP) ## Screenshots of the journeys, in build/shots
	@$(PYTEST) -m journey --shots --provide

.PHONY: install
install: ## On a bare Debian, as root: service, proxy, firewall. HOST=name TLS=--local|--acme|"--certificate F --key F" (DRY=--dry-run)
	@shelter/cli/machine/install.sh --host "$(HOST)" $(TLS) $(DRY) $(MORE)

.PHONY: upgrade
upgrade: ## As root, from a newer tree: backup, migrate, doctor, and back to the old version if anything fails
	@shelter/cli/machine/upgrade.sh

.PHONY: migrations
migrations: $(TEST_STAMP) ## Draft a migration from the models: make migrations NAME=0002_what_changed
	@$(BIN)/alembic upgrade head
	@$(BIN)/alembic revision --autogenerate --message "$(or $(NAME),draft)"

.PHONY: lock
lock: $(RUN_STAMP) ## Pin and hash the newest allowed releases of every dependency
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv
	@$(LOCK) --upgrade --output-file requirements.txt
	@$(LOCK) --upgrade --extra test --constraint requirements.txt --output-file tests/requirements.txt

.PHONY: clean
clean: ## Remove what was built; never the data
	@rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Shelter needs Python 3.11 or newer, and finds none."; exit 1; }
	@"$(PYTHON)" -m venv .venv || { echo "Python's venv module is missing (Debian: apt-get install python3-venv)."; exit 1; }

$(RUN_STAMP): requirements.txt | $(BIN)/python
	@echo "Installing into .venv what requirements.txt pins ..."
	@$(PIP_INSTALL) --requirement requirements.txt
	@touch $@

$(TEST_STAMP): tests/requirements.txt | $(BIN)/python
	@echo "Installing into .venv what tests/requirements.txt pins ..."
	@$(PIP_INSTALL) --requirement tests/requirements.txt
	@touch $@
