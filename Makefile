# Fourquad. `make` lists what there is to make.
SHELL := /bin/bash
BOARD ?=
VARIANT ?=
MODEL ?= kw320
ARGS ?=
empty :=
space := $(empty) $(empty)
BUILD := tools/build
FOURQUAD := .venv/bin/fourquad

.PHONY: help sim check test test-rest test-all test-pc test-micropython test-emulator mutants fuzz release release-sample \
        firmware emulator micropython mpy deploy bench soak lint format accuracy docs web-pictures venv clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "make %-18s %s\n", $$1, $$2 }'

sim: ## a live meter in this terminal (MODEL=kw320, ARGS="--load FILE ...")
	@$(BUILD)/venv.sh pinned
	@$(FOURQUAD) sim --model $(MODEL) $(ARGS)

check: ## the loop while coding: lint, types, the pure tests on CPython (under two minutes)
	@$(BUILD)/check.sh

test: ## all three tiers of the tests, by a chosen set (under 12 minutes)
	@$(BUILD)/test.sh chosen

test-rest: ## the tests that `make test` leaves out
	@$(BUILD)/test.sh rest

test-all: test test-rest ## every test

test-pc: ## all tests on CPython
	@$(BUILD)/test.sh all pc

test-micropython: ## the pure tests on MicroPython, 32-bit, single precision
	@$(BUILD)/test.sh all micropython

test-emulator: ## all tests of the firmware image on an emulated RP2040
	@$(BUILD)/test.sh all emulator

mutants: ## one-line mutants of lib/, each against the tests that run its line (ARGS="--count 200 --seed 1 --only FILE --list")
	@$(BUILD)/venv.sh dev
	@PYTHONPATH=tools .venv/bin/python -m mutants $(ARGS)

fuzz: ## coverage-guided fuzzing, ten thousand inputs of each target (ARGS="--target dnp3 --inputs 2000000")
	@$(BUILD)/venv.sh dev
	@PYTHONPATH=lib:tools .venv/bin/python -m fuzz $(ARGS)

release: ## images by board, the mip package, the wheel and checksums -> build/release
	@$(BUILD)/release.sh

release-sample: ## the same with fewer images, which CI builds
	@$(BUILD)/release.sh sample

firmware: ## an image: BOARD=PICO or another (MODEL="kw320 a1000", or VARIANT=bare without fourquad; USER_C_MODULES=DIR)
	@if [ -z "$(BOARD)" ]; then echo "make firmware BOARD=... , one of: $(notdir $(patsubst %/mpconfigboard.h,%,$(wildcard boards/*/mpconfigboard.h)))"; exit 2; fi
	@$(BUILD)/firmware.sh $(BOARD) $(or $(VARIANT),$(MODEL))
	@ls -l build/$(BOARD)-$(or $(VARIANT),$(subst $(space),-,$(strip $(MODEL))))/firmware.*

emulator: ## the emulated board, and the image for it
	@$(BUILD)/emulator.sh
	@$(BUILD)/firmware.sh PICO_EMU

micropython: ## MicroPython for this computer, as the RP2040 has it
	@$(BUILD)/unix.sh

mpy: ## lib/fourquad compiled, with a package.json for mip (ARCH=armv6m)
	@$(BUILD)/venv.sh dev
	@$(BUILD)/mpy.sh

deploy: ## put fourquad on a board that runs MicroPython (MODEL=kw320, ARGS="--port ... --board ...")
	@$(BUILD)/venv.sh dev
	@$(FOURQUAD) deploy $(foreach name,$(MODEL),--model $(name)) $(ARGS)

bench: ## speed and memory, as tables; ARGS="miss=60 seconds=60 ..." is one run of tools/bench/load.mjs
	@$(BUILD)/venv.sh pinned
	@$(BUILD)/emulator.sh
	@$(BUILD)/firmware.sh PICO_EMU
	@. $(BUILD)/common.sh && use_node && \
	if [ -n "$(ARGS)" ]; then node tools/bench/load.mjs $(ARGS); else .venv/bin/python tools/bench/bench.py; fi

soak: ## ten minutes of a three-phase meter on the emulator; SECONDS=... (half an hour of this computer)
	@$(BUILD)/venv.sh pinned
	@$(BUILD)/emulator.sh
	@$(BUILD)/firmware.sh PICO_EMU
	@. $(BUILD)/common.sh && use_node && .venv/bin/python tools/bench/soak.py $(SECONDS)

lint: ## ruff, and types: firmware and boards against MicroPython's stubs, tools against CPython
	@$(BUILD)/lint.sh

format: ## let ruff put the code in order
	@$(BUILD)/venv.sh dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

accuracy: ## docs/accuracy.md: errors against the standards, with plots
	@$(BUILD)/venv.sh dev
	PYTHONPATH=lib:tools .venv/bin/python -m accuracy.report

docs: ## the pages that are generated
	@$(BUILD)/venv.sh dev
	@$(FOURQUAD) docs $(ARGS)

web-pictures: ## docs/<model>/web-*.png: the web pages in Chromium
	@$(BUILD)/web_pictures.sh

venv: ## the Python environment
	@$(BUILD)/venv.sh dev

clean: ## remove all that was built, with the Python environment
	rm -rf build .venv
