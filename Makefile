# `make matrix` and `make test` are all that a fresh machine needs; the rest is for those who change the code.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_TEST := $(VENV)/.ready-test
SYSTEM_TOOLS := openssl xmlsec1 poppler-utils

.PHONY: matrix test lint tools bench schemas clean

matrix: $(READY)  ## sign with every shipped provider, verify as every relying party, print the matrix, write out/
	$(BIN)/interop run

test: $(READY_TEST) tools  ## everything the tests need, then all tests
	$(BIN)/python -m pytest -n auto

lint: $(READY_TEST)  ## style, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY_TEST)  ## figures, printed; nothing is asserted
	for f in benchmarks/*.py; do echo "== $$f"; $(BIN)/python $$f || exit 1; done

schemas: $(READY)  ## write the shipped JSON Schemas again from the model
	$(BIN)/interop profile schema --write

tools:  ## Debian packages with the independent engines, where we may install them; the rest is said
	@missing=""; for tool in openssl xmlsec1 pdfsig; do command -v $$tool >/dev/null || missing="$$missing $$tool"; done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(SYSTEM_TOOLS); \
	else \
	  echo "missing:$$missing - tests that need them are skipped; install: apt-get install $(SYSTEM_TOOLS)"; \
	fi

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)

$(READY): $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $(READY)

$(READY_TEST): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,dev]'
	@touch $(READY_TEST)

clean:  ## remove what was made here (never the user's cache)
	rm -rf $(VENV) out build dist *.egg-info
