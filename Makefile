# Everything a developer or a reader runs. `make demo` and `make test` do all the set-up they need.
# uv is used where it is on the path, python3 -m venv and pip otherwise.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := build/peers
PM4PY := build/pm4py
.DEFAULT_GOAL := help

# The editable install is a tree of links, so it is made again when a file came or went, not when one changed.
FILES := $(shell find src event_store -type f -not -path '*/__pycache__/*' -not -name '.*' | LC_ALL=C sort)
SPEC := pyproject.toml constraints.txt $(VENV)/files

ifneq ($(shell command -v uv 2>/dev/null),)
MAKE_VENV = uv venv --quiet --clear --seed --python $(PYTHON) $(VENV)
INSTALL = uv pip install --quiet --python $(BIN)/python --constraints constraints.txt --config-setting editable_mode=strict --editable
else
MAKE_VENV = $(PYTHON) -m venv --clear $(VENV)
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --config-settings editable_mode=strict --editable
endif

.PHONY: help demo test faults fuzz dev check docs pictures bench bench-large peers pm4py clean FORCE

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 10

demo: $(VENV)/for-demo  ## install, then play a roadmap of eight months with real commands
	@if [ -d roadlog-demo/.roadlog ]; then \
		echo 'The demo was played before, into roadlog-demo. This is its board; remove the folder to play it again.'; \
		$(BIN)/roadlog --store roadlog-demo board; \
	else $(BIN)/roadlog demo; fi

test: $(VENV)/for-test  ## install what the tests need, then run them all
	$(BIN)/python -m pytest --numprocesses auto

faults: $(VENV)/for-test  ## kills, power cuts, full disks, damaged pages: the full counts, in some ten minutes
	$(BIN)/python -m pytest --numprocesses auto -m faults --full

fuzz: $(VENV)/for-test  ## any commands in any order, against a plain model, and all that comes from outside, changed: 100,000 of each
	$(BIN)/python -m pytest --numprocesses auto -m fuzz --full

dev: $(VENV)/for-dev  ## install for development; again after files were added or removed

check: $(VENV)/for-dev  ## format, lint, strict types, import rules, documentation
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest --quiet -m docs

docs: $(VENV)/for-dev  ## write the reference, and what commands print in the documents, as they are today
	$(BIN)/python -m tests.docs.write

pictures: $(VENV)/for-test  ## take the README's pictures of the page anew, with chromium
	$(BIN)/python -m tests.docs.pictures

bench: $(VENV)/for-demo  ## measure how fast it is beside bare SQLite; ARGS='--only load --rounds 5' measures less
	$(BIN)/python -m benchmarks $(ARGS)

bench-large: $(VENV)/for-demo  ## measure moments, diff, search and rebuilds of a log of a million records, in ten minutes
	$(BIN)/python -m benchmarks --large $(ARGS)

peers: $(PEERS)/python/for-bench  ## install the libraries that make bench compares with; some minutes, and npm for one of them
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(PEERS)/node/for-bench; \
	else echo 'npm is not installed: make bench will not compare with emmett. On Debian or Ubuntu: sudo apt install npm'; fi

pm4py: $(PM4PY)/for-test  ## install pm4py, half a gigabyte in an environment of its own, for the tests that hold exports against it

clean:  ## remove the virtual environment and everything that was built
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src event_store tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/for-demo: $(SPEC)
	$(INSTALL) '.[web]'
	@touch $@

$(VENV)/for-test: $(SPEC)
	$(INSTALL) '.[test]'
	@touch $(VENV)/for-demo $@

$(VENV)/for-dev: $(SPEC)
	$(INSTALL) '.[test,dev]'
	@touch $(VENV)/for-demo $(VENV)/for-test $@

$(PEERS)/python/for-bench: benchmarks/peers/requirements.txt
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

$(PM4PY)/for-test: tests/interop/process_mining/requirements.txt
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

$(PEERS)/node/for-bench: benchmarks/peers/package.json
	@mkdir -p $(@D)
	cp $< $(@D)
	npm install --prefix $(@D) --no-package-lock --no-audit --no-fund --loglevel error
	@touch $@

$(VENV)/files: $(BIN)/python FORCE
	@printf '%s\n' $(FILES) | cmp -s - $@ || printf '%s\n' $(FILES) > $@

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo 'make: $(PYTHON) not found. On Debian or Ubuntu: sudo apt install python3 python3-venv' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: roadlog needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version). Where a later one is installed, name it, for example: PYTHON=python3.12 make demo" >&2; exit 1; }
	@command -v uv >/dev/null || $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "make: $(PYTHON) cannot make a virtual environment. On Debian or Ubuntu: sudo apt install $$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" >&2; exit 1; }
	$(MAKE_VENV)
