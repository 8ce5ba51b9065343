# Everything a person does with Monsoon. `make` alone lists it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAGE ?= prod
PORT ?= 4566
STRIPE_PORT ?= 8420
WORKERS ?= 2
FILE ?= ../shared/data/online-retail/dev_2010-12_2011-08.csv.gz
INVOICES ?= 500
DATA ?= ../shared/data
N ?= 1000000
# Bytecode is compiled once, not at every start of a function; a developer's own AWS settings never reach the laptop stack.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install hooks run test unit flow browser pictures simulate-tests coverage check check-code check-types check-templates check-generated imports format roles bench bench-machine profile bench-feed bench-fanout simulate mutants compare-stand-in replay openapi texts costs \
  providers conformance sdk new-plugin restore-drill upgrade-walk data lock validate build preflight deploy clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(VENV)/.done  ## make the environment from the hash-pinned locks (run, test and check do it by themselves)
	@$(BIN)/python -c '' 2>/dev/null || { echo "$(VENV) is damaged, its Python does not start: remove it (rm -rf $(VENV)) and run make again"; exit 1; }

$(VENV)/.done: requirements/dev.txt requirements/uv.txt sdk/pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or later is needed: $(PYTHON) was not found"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: $$($(PYTHON) --version)"; exit 1; }
	@echo "installing the environment into $(VENV) (once, under a minute)"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { test ! -e $(VENV) || echo "$(VENV) is half made: making it anew"; rm -rf $(VENV); $(PYTHON) -m venv $(VENV); }
	@{ $(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/uv.txt && \
	  $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes --python $(BIN)/python requirements/dev.txt && \
	  $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable ./sdk; } >$(VENV)/install.log 2>&1 || \
	  { tail -n 3 $(VENV)/install.log; echo "the environment could not be installed: is there a network, and a package index that pip may use? $(VENV)/install.log says all; then run make again"; exit 1; }
	@touch $@

run: install  ## start the hub on this machine, with a demo; Ctrl-C stops it and keeps its data (PORT, STRIPE_PORT, WORKERS, PLUGINS, PARAMETERS, ARGS)
	@$(BIN)/python -m local.run --port '$(PORT)' --stripe-port '$(STRIPE_PORT)' --parameters '$(PARAMETERS)' --workers '$(WORKERS)' $(if $(PLUGINS),--plugins $(PLUGINS)) $(ARGS)

test: install  ## run every test
	@$(BIN)/python -m pytest --numprocesses auto --dist loadgroup --no-loadscope-reorder $(ARGS)

unit: install  ## units and contracts alone: no emulator, no network, some two minutes on two cores (ARGS)
	@HYPOTHESIS_PROFILE=quick $(BIN)/python -m pytest tests/unit tests/contract -m "not thorough" --numprocesses auto $(ARGS)

flow: install  ## the real template on the emulator, client sites, the runner (ARGS)
	@$(BIN)/python -m pytest tests/flow tests/clients --numprocesses auto --dist loadgroup --no-loadscope-reorder $(ARGS)

pictures: install  ## keep a picture of each look of a shop's key pages, of the hub that `make run` keeps up (ARGS)
	@$(BIN)/python -m tests.browser.pictures .local/pictures $(ARGS)

browser: install  ## the shops' pages in a real Chromium, without script; skipped, saying so, where there is none (ARGS)
	@$(BIN)/python -m pytest tests/browser -rs $(ARGS)

simulate-tests: install  ## a thousand schedules under every fault, and each deliberate bug by its seed: some ten minutes of CPU (ARGS)
	@$(BIN)/python -m pytest tests/simulation --numprocesses auto --dist loadgroup --no-loadscope-reorder $(ARGS)

coverage: install  ## units and contracts with branch coverage; fails below the floor that pyproject.toml states (ARGS)
	@$(BIN)/python -m pytest tests/unit tests/contract functions --numprocesses auto --cov --cov-report=term:skip-covered $(ARGS)

imports: install  ## who may know whom, by import-linter, over any number of hops
	@PYTHONPATH=.:sdk $(BIN)/lint-imports

hooks: install  ## let git run ruff and the generated pages' checks before each commit
	@$(BIN)/pre-commit install

check: install  ## lint, types, imports, templates, and that what is generated is up to date, side by side
	@$(MAKE) --no-print-directory --jobs=$(shell nproc 2>/dev/null || echo 2) --output-sync=target check-types check-code check-templates check-generated

check-types:
	@$(BIN)/mypy

check-code:
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@found=$$(PYTHONPATH=.:sdk $(BIN)/lint-imports) || { echo "$$found"; exit 1; }

check-templates:
	@$(BIN)/cfn-lint template.yaml $(wildcard infra/*.yaml)

check-generated:
	@$(BIN)/python -m tools.openapi --check
	@$(BIN)/python -m tools.roles --check
	@$(BIN)/python -m tools.providers --check
	@$(BIN)/python -m tools.costs --check
	@$(BIN)/python -m tools.pages --check

format: install  ## format the code
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format --quiet

bench: install  ## count AWS calls, capacity units, CPU and bytes; measure orders/s and pages/s (ARGS)
	@$(BIN)/python -m bench $(ARGS)

bench-machine: install  ## measure the hub as people run it: rates, CPU, memory, starts (ARGS="--beside ../another-checkout")
	@$(BIN)/python -m bench.machine $(ARGS)

profile: install  ## where CPU goes while clients do one thing over and over (SCENARIO=checkout|checkout-card|list-page|product-page|order, ARGS)
	@$(BIN)/python -m bench.machine.profile $(if $(SCENARIO),--scenario $(SCENARIO)) $(ARGS)

bench-feed: install  ## send a feed of 25,000 products: rows a second, CPU a row by process, memory (ARGS="--kill" kills workers meanwhile)
	@$(BIN)/python -m bench.machine.feed $(ARGS)

bench-fanout: install  ## publish and recall for a million storefronts, beside a thousand and one (N, ARGS)
	@$(BIN)/python -m bench.fanout --count $(N) $(ARGS)

simulate: install  ## play schedules of the whole hub under every fault (N=1000 fresh seeds; SEED=7 plays that one again; ARGS)
	@$(BIN)/python -m simulation $(if $(SEED),--seed $(SEED)) $(if $(filter command line environment,$(origin N)),--count $(N)) $(ARGS)

compare-stand-in: install  ## hold the simulator's AWS to the emulator by random calls (SEED=7 makes the same again; ARGS="--calls 100000")
	@$(BIN)/python -m simulation.comparison $(if $(SEED),--seed $(SEED)) $(ARGS)

mutants: install  ## find each deliberate bug by the simulator, from fresh seeds (ARGS="--recorded": by its recorded one)
	@$(BIN)/python -m simulation.mutants $(ARGS)

replay: install  ## replay a retailer's real orders (FILE, INVOICES, ARGS)
	@$(BIN)/python -m tools.replay $(FILE) --invoices $(INVOICES) $(ARGS)

restore-drill: install  ## back up and restore every table of a hub on this machine while orders come in, and say what is lost (ARGS)
	@$(BIN)/python -m tools.restore_drill $(ARGS)

upgrade-walk: install  ## go on with the data of another checkout's hub, with orders in every state, and take all back (ARGS="--before ../another-checkout")
	@$(BIN)/python -m bench.upgrade $(ARGS)

data: install  ## write which letters read alike, and the lists of countries, postal forms, telephone numbers' lengths, HS codes and top-level domains, from pinned packages (DATA)
	@$(BIN)/uv run --quiet --no-project --python 3.11 --with-requirements requirements/data.txt python -m tools.lists.folding
	@$(BIN)/uv run --quiet --no-project --python 3.11 --with-requirements requirements/data.txt python -m tools.lists.alphabets
	@$(BIN)/uv run --quiet --no-project --python 3.11 --with-requirements requirements/data.txt python -m tools.lists.code_lists '$(DATA)'
	@$(BIN)/uv run --quiet --no-project --python 3.11 --with-requirements requirements/data.txt python -m tools.lists.phones

openapi: install  ## write infra/openapi.yaml and infra/openapi.aws.yaml from the code
	@$(BIN)/python -m tools.openapi

texts: install  ## bring locale/ up to what the pages say, compile it, and write the CLDR's figures
	@$(BIN)/python -m tools.pages

costs: install  ## write docs/operators.md's tables of costs from the bench's counts, the templates and the dated price file
	@$(BIN)/python -m tools.costs

roles: install  ## write docs/roles.md, who may call what, from the code
	@$(BIN)/python -m tools.roles

conformance: install  ## try every shipped provider plug-in with the conformance kit (ARGS="--only stripe")
	@$(BIN)/python -m conformance $(ARGS)

sdk: install  ## build what an author of a plug-in installs into dist/: the wheels of the SDK and of the conformance kit
	@$(BIN)/python -m tools.sdk

new-plugin: install  ## begin a provider plug-in (KIND=payment|courier|clearing NAME=acme; FOLDER=../acme)
	@$(BIN)/python -m tools.new_plugin --kind "$(KIND)" --name "$(NAME)" --folder "$(or $(FOLDER),../$(NAME))"

providers: install  ## write shared/providers/providers.json, the list of plug-ins, from their entry points
	@$(BIN)/python -m tools.providers

lock: install  ## resolve requirements/*.in into hash-pinned locks
	@for name in uv layer search payments shipping settlement carriers uploads pictures orders dev sam data; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --custom-compile-command "make lock" requirements/$$name.in --output-file requirements/$$name.txt; done

# ---- AWS

$(VENV)-sam/.done: requirements/sam.txt $(VENV)/.done
	@echo "installing SAM CLI into $(VENV)-sam (once)"
	@test -x $(VENV)-sam/bin/python || $(PYTHON) -m venv $(VENV)-sam
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(VENV)-sam/bin/python requirements/sam.txt
	@touch $@

validate: $(VENV)-sam/.done  ## sam validate --lint
	@SAM_CLI_TELEMETRY=0 $(VENV)-sam/bin/sam validate --lint --region us-east-1

build: $(VENV)-sam/.done  ## sam build: the artefacts and the dependency layer
	@$(BIN)/python -m infra.bytecode
	@SAM_CLI_TELEMETRY=0 $(VENV)-sam/bin/sam build --build-in-source --parallel --cached

preflight: install  ## what of a deployment would fail, before it is begun: quotas, names, regions, senders (STAGE, ARGS as deploy's)
	@$(BIN)/python -m tools.preflight --stage $(STAGE) $(ARGS)

deploy: build  ## sam build and sam deploy to the AWS account of your credentials (STAGE, ARGS)
	@$(BIN)/python -m infra.release .aws-sam/build/template.yaml Stage=$(STAGE) $(ARGS)
	@SAM_CLI_TELEMETRY=0 $(VENV)-sam/bin/sam deploy --stack-name monsoon-$(STAGE) --resolve-s3 --no-fail-on-empty-changeset \
	  --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND --parameter-overrides Stage=$(STAGE) $(ARGS)

# What `sam build` calls for each function and for the layers.
build-Dependencies build-SearchDependencies build-PaymentsDependencies build-ShippingDependencies build-SettlementDependencies build-CarriersDependencies build-UploadsDependencies build-PicturesDependencies build-OrdersDependencies:
	$(BIN)/python -m infra.layer $(patsubst build-%,%,$@) "$(ARTIFACTS_DIR)"

build-%:
	$(BIN)/python -m infra.artefact $* "$(ARTIFACTS_DIR)"

clean:  ## remove what was built; data under .local stays
	rm -rf .aws-sam build .mypy_cache .ruff_cache .hypothesis
