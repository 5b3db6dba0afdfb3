# `make demo` and `make test` set up what they need the first time; the second time is instant.
# Everything is installed from requirements/*.txt, whose hashes pip checks; `make lock` renews them.

VENV ?= .venv
BIN := $(VENV)/bin
# Which Python makes the virtualenv: the first of these that is new enough (PYTHON=... overrides).
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; \
	done)
PIP := $(BIN)/python -m pip --disable-pip-version-check
# A process for each processor; the tests of a file stay together, as they share what is dear to start.
AT_ONCE ?= -n auto --dist loadfile

.DELETE_ON_ERROR:
.PHONY: help demo test lint format types docs bench bench-fleet chaos goldens bundles runners index lock wheel audit sbom clean

help:
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' Makefile | expand -t 18

demo: $(VENV)/run.installed ## the main job end to end, on a sandbox of both vendors
	@$(BIN)/cado-sentinelone demo

test: $(VENV)/test.installed ## the whole suite; PYTEST_ARGS="-k words" picks
	$(BIN)/pytest $(AT_ONCE) $(PYTEST_ARGS)

lint: $(VENV)/dev.installed ## ruff: rules and format, nothing is changed
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: $(VENV)/dev.installed ## ruff: puts the format and the easy rules right
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: $(VENV)/dev.installed ## mypy --strict over the three packages and packaging/
	$(BIN)/mypy
	$(BIN)/mypy packaging/*.py packaging/*/*.py packaging/*/*/*.py

docs: $(VENV)/dev.installed ## what is written from the code, then all pages into site/
	$(BIN)/python packaging/write_docs.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

bench: $(VENV)/dev.installed ## the speed and memory table of docs/performance.md
	$(BIN)/python packaging/bench $(BENCH_ARGS)

bench-fleet: $(VENV)/dev.installed ## the table of whole fleet collections, in docs/operations/fleet.md; an hour
	$(BIN)/python packaging/bench/fleet_table.py $(BENCH_ARGS)

chaos: $(VENV)/dev.installed ## fleet collections whose workers are killed every second; hours
	$(BIN)/python -m tests.chaos $(CHAOS_ARGS)

goldens: $(VENV)/test.installed ## tests/golden, the rendered files of every runner's bundle
	$(BIN)/python packaging/write_goldens.py

bundles: $(VENV)/run.installed ## dist/: what is uploaded to each runner, with wheels where it wants them
	$(BIN)/python packaging/make_bundles.py dist

runners: $(VENV)/dev.installed ## proves every runner's bundle with the runner's own packages
	$(BIN)/nox -s runners -- $(NOX_ARGS)

index: $(VENV)/test.installed ## the index that refuses plain mistakes without importing a model
	$(BIN)/python packaging/write_index.py

wheel: $(VENV)/run.installed ## sdist and wheel into dist/, the same bytes every time
	$(BIN)/python packaging/build_dist.py dist

lock: $(VENV)/tools.installed ## renews requirements/*.txt from setup.cfg
	$(BIN)/python packaging/lock.py

audit: $(VENV)/tools.installed ## known advisories against every locked package; needs the network
	$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements/dev.txt

sbom: $(VENV)/tools.installed ## dist/sbom.json: what an installation consists of, as CycloneDX
	@mkdir -p dist
	$(BIN)/cyclonedx-py requirements --output-reproducible -o dist/sbom.json requirements/run.txt

clean: ## removes what was made, the virtualenv too
	rm -rf $(VENV) .nox build dist site .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache *.egg-info
	find actions connector manifests packaging tests -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and none was found." \
		"Install it, or say where it is: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is not Python 3.11 or newer." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make virtualenvs." \
		"On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/%.installed: requirements/%.txt setup.cfg pyproject.toml | $(BIN)/python
	@echo "Installing requirements/$*.txt into $(VENV); only the first time takes a while."
	@$(PIP) install --quiet --require-hashes -r $<
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Tools need no installation of the package itself, which a change of setup.cfg would ask for.
$(VENV)/tools.installed: requirements/tools.txt | $(BIN)/python
	@$(PIP) install --quiet --require-hashes -r $<
	@touch $@
