# Two commands matter: `make derive` writes generated/, `make test` runs the tests. Both set up .venv first where needed.
PYTHON ?= python3
VENV   := .venv
RUN    := $(VENV)/bin/python
READY  := $(VENV)/installed.lock
JOBS   ?= 2

.PHONY: derive test check gallery pdf bench lint clean help
.DEFAULT_GOAL := help

help:
	@echo "make derive   derive every model and write generated/"
	@echo "make test     run the test suite"
	@echo "make check    re-verify generated/ with the independent checker"
	@echo "make gallery  derive the classic models of models/gallery and write docs/gallery.md"
	@echo "make pdf      compile every derivation (needs pdflatex) into build/pdf/"
	@echo "make bench    measure the engine and the evaluators"
	@echo "make lint     ruff and mypy"
	@echo "make clean    remove caches and build products (not generated/)"

derive: $(READY)
	@$(RUN) -m derive derive $(ARGS)

test: $(READY)
	@$(RUN) -m pytest -n $(JOBS) $(ARGS)

check: $(READY)
	@$(RUN) -m derive check $(ARGS)

pdf: $(READY)
	@$(RUN) -m derive pdf $(ARGS)

gallery: $(READY)
	@$(RUN) -m derive gallery --write --budget 60 $(ARGS)

bench: $(READY)
	@$(RUN) -m benchmarks.derive $(ARGS)
	@$(RUN) -m benchmarks.evaluators

lint: $(READY)
	@$(RUN) -m ruff check derive models tests benchmarks
	@$(RUN) -m mypy

clean:
	rm -rf build dist .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find derive models tests benchmarks generated -name __pycache__ -type d -prune -exec rm -rf {} +

# Debian ships ensurepip apart from python3 (package python3-venv): installed here when we may, asked for when we may not.
$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; $(PYTHON) is older or missing. Try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@if ! $(RUN) -m pip --version >/dev/null 2>&1; then \
	  rm -rf $(VENV); \
	  if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null && command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	    echo "installing Debian's python3-venv"; \
	    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv; } >/dev/null || true; \
	  fi; \
	  $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	    || { echo "Python's venv module is incomplete here. On Debian: sudo apt-get install python3-venv" >&2; exit 2; }; \
	  echo "creating $(VENV)"; \
	  $(PYTHON) -m venv $(VENV); \
	fi
	@echo "installing the pinned dependencies"
	@$(RUN) -m pip install --disable-pip-version-check --no-input --quiet -r requirements.lock
	@$(RUN) -m compileall -q derive  # or else the first run would
	@cp requirements.lock $@
