# The commands of this project; each makes .venv and installs what it needs the first time.
PYTHON ?= python3
# Modules are compiled once, wherever the surroundings say otherwise.
unexport PYTHONDONTWRITEBYTECODE
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := $(shell sed -n 's/^uv==//p' requirements.txt)
LOCK := requirements.txt pyproject.toml

.PHONY: run install check test bench lock sbom audit calendar clean help

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 22

run: $(VENV)/.bot ## the bot with its local chat: no token, no account
	$(BIN)/python -m bot

install: $(VENV)/.all ## everything: bot, training, deployment, tests

check: $(VENV)/.all ## format, lint, types, import contracts, fast tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q -n 2 --dist worksteal -m "not slow"

test: $(VENV)/.all ## everything that can be tested on this machine
	$(BIN)/pytest -q -n 2 --dist worksteal

bench: $(VENV)/.all ## the figures of the README, measured again
	$(BIN)/python -m tests.bench

HASHED := --quiet --universal --python-version 3.11 --generate-hashes --no-header \
  --no-emit-index-url --no-annotate -c requirements.txt

lock: $(VENV)/.uv ## resolve the pins of requirements.txt again
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --no-header \
	  --no-emit-index-url --annotation-style line pyproject.toml -o requirements.txt
	@echo "uv==$$($(BIN)/uv --version | cut -d' ' -f2)" >> requirements.txt
	$(BIN)/uv pip compile $(HASHED) --extra serving pyproject.toml -o deploy/containers/serving.txt
	$(BIN)/uv pip compile $(HASHED) --extra bot pyproject.toml -o deploy/containers/bot.txt
	$(BIN)/uv pip compile $(HASHED) --extra model pyproject.toml -o deploy/containers/training.txt

sbom: $(VENV)/.all ## list every package that an installation brings, in docs/sbom.json
	$(BIN)/python -m tests.sbom

# Two advisory lists: one that is a package, of 17 July 2021, and today's, which needs the network.
SAFETY := --from safety==2.3.5 --with safety-db==2021.7.17 --with setuptools==80.9.0

audit: $(VENV)/.all ## look for known weaknesses in code, files and dependencies
	$(BIN)/uv tool run bandit==1.9.4 -q -r -c pyproject.toml bot model deploy
	$(BIN)/pytest -q tests/test_secrets.py tests/test_threats.py
	$(BIN)/uv tool run $(SAFETY) safety check -r requirements.txt --db "$$( \
	  $(BIN)/uv tool run $(SAFETY) python -c \
	  'from importlib.util import find_spec; print(find_spec("safety_db").origin[:-12])')"
	$(BIN)/uv tool run pip-audit==2.10.1 --disable-pip --no-deps -r requirements.txt

calendar: $(VENV)/.all ## write the table of B3 holidays again
	$(BIN)/python -m tests.b3_calendar

clean: ## remove the virtual environment and what was built
	rm -rf $(VENV) build *.egg-info

$(VENV)/.uv: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name it with: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(if $(UV_VERSION),uv==$(UV_VERSION),uv)
	@touch $@

$(VENV)/.bot: $(VENV)/.uv $(LOCK)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode -c requirements.txt -e ".[bot,serving]"
	@touch $@

$(VENV)/.all: $(VENV)/.uv $(LOCK)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode -r requirements.txt -e ".[bot,serving,model,deploy,dev]"
	@touch $@ $(VENV)/.bot
