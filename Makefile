# The few commands of this house; `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

BIN := .venv/bin
# The first interpreter that is new enough, asked by running it: a name on PATH proves nothing.
FIND_PYTHON := for python in $(PYTHON) python3 python3.11 python3.12 python3.13 python3.14; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && exit; \
	done

.PHONY: help run test faults check fix bench messages clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: .venv/installed ## start everything: the demo shop on port 8000, the agents' console on port 8002
	@exec $(BIN)/python manage.py runplatform

test: .venv/installed-dev ## run every test, then those about data again on PostgreSQL
	$(BIN)/pytest -q -n 2
	$(BIN)/python -m tests.on_postgres -q -n 2 -m postgres

faults: .venv/installed-dev ## break everything while it runs, prove that no event is lost; SEED=7 replays a run
	$(BIN)/pytest -q tests/faults -m '' --seed $(or $(SEED),$$RANDOM)

check: .venv/installed-dev ## ruff, mypy, import-linter, migrations, deployment settings, known vulnerabilities
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	DEBUG=off SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') \
		$(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python -m tests.dependency_audit

fix: .venv/installed-dev ## let ruff and djhtml mend what they can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	git ls-files 'templates/*.html' '*/templates/*.html' | xargs -r $(BIN)/djhtml --tabwidth 2

bench: .venv/installed-bench ## measure speed and cost, beside what one would use instead
	$(BIN)/python -m benchmarks

messages: .venv/installed-dev ## collect the words to translate and compile the translations
	$(BIN)/python manage.py makemessages --locale zh_Hans --no-wrap --no-location --ignore .venv --ignore var
	$(BIN)/python manage.py compilemessages --ignore .venv --ignore var

clean: ## remove the environment, caches and local data
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Tests start many processes: each would compile the house anew where nothing may be kept.
test faults bench: export PYTHONDONTWRITEBYTECODE :=

# -- the environment, installed again only when the lists change ---------------------------------

.venv/python:
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then echo 'Python 3.11 or newer is needed; name yours: make PYTHON=/path/to/python3' >&2; exit 1; fi; \
	if ! $$python -m venv .venv; then echo 'This Python cannot make environments (on Debian: apt install python3-venv).' >&2; exit 1; fi
	@touch $@

.venv/installed: .venv/python requirements.txt constraints.txt
	@echo 'Installing what the platform needs (once) ...'
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/installed-bench: .venv/installed-dev requirements-bench.txt
	@echo 'Installing what benchmarks compare us with (once) ...'
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements-bench.txt
	@touch $@

# A server of somebody else's for the tests; its packages want other versions than ours do.
var/peers/mcp/installed: requirements-peers.txt .venv/python
	@echo 'Installing an MCP server to test with (once) ...'
	@mkdir -p var/peers && $(BIN)/python -m venv var/peers/mcp
	@var/peers/mcp/bin/python -m pip install -qq --disable-pip-version-check -r requirements-peers.txt
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	@echo 'Installing what tests and checks need (once) ...'
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements-dev.txt
	@touch $@
