# Everything runs in .venv, which is built from the lock whenever the lock changes.
PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
NODE := tools/node/node_modules/.package-lock.json

.PHONY: help lab test lint release grade doctor screenshots bench lock clean

help:  ## say what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

lab: .venv/installed release exchange/concurrency/outbound/exercises  ## open JupyterLab with the course (ARGS=--no-browser for a server)
	$(BIN)/jupyter lab --allow-root --LabApp.default_url=/lab/tree/release/lessons/index.ipynb $(ARGS)

test: .venv/installed system $(NODE)  ## run every test
	$(BIN)/pytest --numprocesses=auto --dist=loadfile $(ARGS)

lint: .venv/installed  ## check style and types
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

release: .venv/installed  ## generate release/ and the gradebook from source/
	$(BIN)/nbgrader generate_assignment --force lessons
	$(BIN)/nbgrader generate_assignment --force exercises

grade: .venv/installed system  ## autograde what was collected
	$(BIN)/course grade exercises $(ARGS)

doctor: .venv/installed  ## say what is wrong with the environment and how to mend it
	$(BIN)/python -m helpers.doctor

screenshots: .venv/installed system $(NODE)  ## take the guides' screenshots anew
	SCREENSHOTS=$(CURDIR)/docs/screenshots $(BIN)/pytest tests/browser tests/timeline/test_browser.py $(ARGS)

bench: .venv/installed  ## measure, and print ratios
	$(BIN)/python -m bench.explorer $(ARGS)
	$(BIN)/python -m bench.timeline $(ARGS)
	$(BIN)/python -m bench.grading $(ARGS)
	$(BIN)/python -m bench.otter $(ARGS)

lock: .venv/installed  ## compile requirements.txt anew from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --group test --universal --python-version 3.12 --no-header --no-emit-index-url --no-emit-find-links --output-file requirements.txt

exchange/concurrency/outbound/exercises:
	install --directory --mode=777 exchange
	$(BIN)/nbgrader release_assignment exercises

system:
	@sh tools/system-packages bubblewrap=bwrap chromium=chromium nodejs=node npm=npm openssl=openssl 'postgresql=/usr/lib/postgresql/*/bin/initdb'

# JupyterHub's proxy and the accessibility checker, for tests only.
$(NODE): tools/node/package-lock.json | system
	cd tools/node && npm ci --silent --no-audit --no-fund --ignore-scripts

.venv/installed: requirements.txt pyproject.toml tools/environment
	sh tools/environment $(PYTHON)

clean:  ## remove the environment, never anybody's work
	rm -rf .venv
