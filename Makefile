# make install   the environment in .venv, from the hashed lock
# make demo      the main job on a simulated world (DATA=complete-journey: on real sales)
# make test      lint, types and tests
# make bench     speed and memory against named peers
# make tune-peers  every peer's settings, tried on earlier weeks, into the ledger that quality reads
# make quality   how good the forecasts are, against peers and known truth (ONLY=section, DATASETS=folder)
PYTHON ?= python3
DATA ?= world
DATASETS ?= ../shared/data
BIN := .venv/bin
PEERS := .venv-peers
SHELL := /bin/bash
export OMP_WAIT_POLICY := passive
export OPENBLAS_NUM_THREADS := 1

.PHONY: install peers demo test lint bench quality tune-peers lock clean

install: .venv/.installed

.venv/.installed: requirements.lock pyproject.toml scripts/check-system
	@PYTHON=$(PYTHON) scripts/check-system
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the locked packages (a few minutes the first time) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

peers: $(PEERS)/.installed

$(PEERS)/.installed: benchmarks/quality/peers.lock
	@test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	@echo "Installing the peers to compare with (1 GB, half a minute) ..."
	@$(PEERS)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

demo: install
	@$(BIN)/alliance demo --data $(DATA)

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint
	$(BIN)/pytest -n 2 --dist loadfile

bench: install
	$(BIN)/python -m benchmarks

quality: install peers
	$(BIN)/python -m benchmarks.quality --datasets $(DATASETS) $(addprefix --only ,$(ONLY))

tune-peers: install peers
	@test -d alliance-home/tuning/facts || \
		ALLIANCE_HOME=alliance-home/tuning $(BIN)/alliance ingest complete-journey
	$(BIN)/python -m benchmarks.quality.peers.tune --home alliance-home/tuning

lock:
	uv pip compile --generate-hashes --no-emit-index-url --no-header --universal \
		--extra datasets --extra dev pyproject.toml -o requirements.lock
	uv pip compile --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
		benchmarks/quality/peers.in -o benchmarks/quality/peers.lock

clean:
	rm -rf .venv $(PEERS) alliance-home .mypy_cache .ruff_cache .pytest_cache
