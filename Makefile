# make run     set up everything, then show Homebody on the demo data (window, or terminal where there is no display)
# make test    the same set-up, then every check
# make check   every check, without set-up
# make lock    write requirements.lock anew (UPGRADE=1: newest versions)
# make translations   gather the window's texts into resources/translations, and say what is not translated
# make screenshots   take the README's screenshots anew (docs/screenshots)
# make clean   remove the environment and all caches

SHELL := /bin/bash
BIN := .venv/bin
# Test processes side by side; each starts models of its own.
JOBS ?= 2
# Set-up runs again only when what it installs has changed, by content.
STAMP := .venv/.set-up-$(shell cat requirements.lock pyproject.toml packaging/set-up.sh resources/translations/*.ts | sha256sum | cut -c1-16)

.PHONY: run test check format lint types contracts tests set-up packages-run packages-test lock translations screenshots clean
.NOTPARALLEL:

run: packages-run set-up
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	  echo "run: the desktop app on the demo data"; exec $(BIN)/homebody-desktop --demo; \
	else \
	  echo "run: no display here, so the same tour in the terminal"; exec $(BIN)/homebody demo; \
	fi

test: packages-test set-up check

# Each check is a target of its own; `make -k check` goes on after one that fails.
check: format lint types contracts tests

format:
	$(BIN)/ruff format --check --quiet .

lint:
	$(BIN)/ruff check --quiet .

types:
	$(BIN)/mypy

contracts:
	$(BIN)/lint-imports --no-cache --no-logo

tests:
	$(BIN)/pytest --numprocesses=$(JOBS) --dist=loadfile

packages-run packages-test: packages-%:
	@packaging/system-packages.sh $*

set-up: $(STAMP)

$(STAMP):
	@packaging/set-up.sh
	@rm -f .venv/.set-up-* && touch $@

lock: $(BIN)/python
	$(BIN)/python packaging/lock.py $(if $(UPGRADE),--upgrade)

translations: set-up
	$(BIN)/python packaging/translate.py

screenshots: packages-test set-up
	$(BIN)/python packaging/screenshots.py

$(BIN)/python:
	@packaging/set-up.sh

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find app indexers tests packaging -name __pycache__ -type d -prune -exec rm -rf {} +
