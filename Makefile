# Two commands are all a newcomer needs: `make demo` and `make test`.

FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))
# The first that runs and fits: a name on the path may be a shim without a version behind it.
PYTHON ?= $(shell for p in python3.12 python3.11 python3; do \
  $$p -c '$(FITS)' >/dev/null 2>&1 && { command -v $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Companies' own certificates count, as they do for pip.
export UV_SYSTEM_CERTS ?= 1
SERVE ?= 1
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup demo up test test-long lint browser lock clean

help:
	@echo "make demo          set up, simulate, load, check, publish, serve (SERVE=0: end after publishing)"
	@echo "make up            serve what has been published"
	@echo "make test          set up and run every test but the long ones"
	@echo "make test-long     the long tests"
	@echo "make lint          formatting, types, SQL style"
	@echo "make lock          resolve requirements.lock again"
	@echo "make clean         remove the environment and caches; data in var/ stays"

setup: $(READY)

# An interpreter that does not answer is a half-made environment: begin again.
$(READY): requirements.lock bootstrap.lock pyproject.toml
	@"$(PYTHON)" -c '$(FITS)' 2>/dev/null \
	  || { echo "helpmart needs Python 3.11 or 3.12; say which: make PYTHON=/path/to/python3.12 …"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { rm -rf $(VENV) && "$(PYTHON)" -m venv $(VENV); }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bootstrap.lock
	@echo "Installing the environment …"
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip sync --quiet --compile-bytecode --allow-empty-requirements --require-hashes requirements.lock bootstrap.lock
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup
	@$(BIN)/helpmart demo $(if $(filter 0,$(SERVE)),--no-serve)

up: setup
	@$(BIN)/helpmart up

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar dbt_project/models dbt_project/tests

# Debian's Chromium and a Chinese font, where this user may install them; without them the browser
# tests say that they were skipped (and fail under CI=true).
browser:
	@command -v chromium >/dev/null 2>&1 && fc-list 2>/dev/null | grep -qi 'cjk' || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	      apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null; \
	  else echo "no Chromium or no Chinese font: browser tests will be skipped"; fi; }

test: setup browser lint
	$(BIN)/python -m pytest -m "not long" -n $(WORKERS) --dist loadgroup --no-loadscope-reorder

test-long: setup browser
	$(BIN)/python -m pytest -m long

lock: setup
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --extra dev pyproject.toml -o requirements.lock
	echo 'uv>=0.9' | $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' - -o bootstrap.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
