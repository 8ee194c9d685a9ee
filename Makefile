# Everything a fresh machine needs besides Python 3.11 or newer and make is installed into $(VENV).
#   make run     install the simulator and run the baseline scenario: report and plots in $(OUT)
#   make test    install the tools as well and run the tests
# Another Python: make run PYTHON=python3.12. Another place for the environment: make run VENV=/tmp/venv.

PYTHON   ?= python3
VENV     ?= .venv
SCENARIO ?= scenarios/baghdad-2020.yaml
OUT      ?= out/baghdad-2020
JOBS     ?= 2
PYTHONS  ?= python3.11 python3.12 python3.13
# Tests that start hardly any process and live few worlds: a third of all, in a tenth of the time.
FAST     := tests/test_rules_*.py tests/test_scenario_*.py tests/test_results_*.py \
            tests/test_errors.py tests/test_questions.py tests/test_record.py tests/test_experiments_designs.py
export WHY

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check coverage mutation traces pythons matrix baselines bench docs docs-generate lint format clean distclean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/core.stamp ## run the baseline scenario, with report and plots
	$(BIN)/sim run $(SCENARIO) --out $(OUT) --force

test: $(VENV)/dev.stamp ## run the tests
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile $(ARGS)

check: lint ## style, types, and the tests of rules, scenarios and results: under a minute once rules are compiled
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -q -m "not slow and not browser" $(FAST) $(ARGS)

coverage: $(VENV)/dev.stamp ## run the tests with the rules interpreted, and say which lines never ran
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --cov --cov-report=term $(ARGS)

pythons: ## make run and make test in fresh clones with PYTHONS='python3.12 python3.13'
	.ci/pythons $(PYTHONS)

matrix: ## install core and each extra into empty environments, for each Python there is, and print a table
	$(PYTHON) -m benchmarks.matrix $(ARGS)

baselines: $(VENV)/dev.stamp ## compare outcomes with the baselines; renew them with WHY='the reason'
	$(BIN)/python -m benchmarks.baselines --why "$$WHY"

mutation: $(VENV)/dev.stamp ## make small mistakes in the rules, and count how many the tests notice
	$(BIN)/python -m benchmarks.mutation $(ARGS)

traces: $(VENV)/dev.stamp ## keep how worlds are lived now, after a rule was changed on purpose
	$(BIN)/python tests/traces.py

bench: $(VENV)/dev.stamp ## measure the speed
	$(BIN)/python -m benchmarks $(ARGS)

docs-generate: $(VENV)/dev.stamp ## write what follows from the code in the documentation
	$(BIN)/python -m docs.generate $(ARGS)

docs: $(VENV)/dev.stamp ## build the documentation into site/
	$(BIN)/python -m mkdocs build --strict

lint: $(VENV)/dev.stamp ## check style, borders between the parts and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy

format: $(VENV)/dev.stamp ## put the code into the house style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean: ## remove what was built, keep the environment
	rm -rf build dist site htmlcov .coverage .coverage.* .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find sim tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

distclean: clean ## remove the environment too
	rm -rf $(VENV)

# A stamp says what the environment holds; it is renewed when pyproject.toml changes.
$(VENV)/venv.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed; '$(PYTHON)' is `$(PYTHON) --version 2>&1 || true`."; \
	  echo "Name another one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12"; exit 1; } >&2
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot make virtual environments; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; } >&2
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/core.stamp: pyproject.toml | $(VENV)/venv.stamp
	@echo "Installing the simulator into $(VENV): a minute or so, once" >&2
	$(PIP) --editable .
	@touch $@

$(VENV)/dev.stamp: pyproject.toml | $(VENV)/venv.stamp
	@echo "Installing the simulator, its extras and the tools into $(VENV): a few minutes, once" >&2
	$(PIP) --editable '.[all,dev]'
	@touch $@ $(VENV)/core.stamp
