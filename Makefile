# queuebench: what SQLite really does for a task queue.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# What `make bench` runs; any scenario: make bench SCENARIO=scenarios/contention.yaml
SCENARIO ?= scenarios/default.yaml
RELEASE := .build/release
QUEUEBENCH := $(RELEASE)/queuebench

# How often `make reference` runs each cell: from six on, medians have intervals.
REPEATS ?= 6
# Loads for the commands, what has a target of its own, and what is meant to damage a database.
NOT_REFERENCE := scenarios/tune-% $(addprefix scenarios/,$(addsuffix .yaml,operations power soak sqlite-versions wal-reset))
# Not over the old runs at once, whose removal would make the source tree a changed one.
NEW_RUNS := results/.new

.PHONY: help
help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## Install what is missing (Swift itself apart)
	@./.ci/setup

.PHONY: build
build: setup ## Build the harness for release
	swift build -c release --product queuebench

.PHONY: bench
bench: build ## Run the default scenario and draw its plots (SCENARIO=file for another)
	$(QUEUEBENCH) run $(SCENARIO)

.PHONY: floor
floor: build ## Compare the engine with hand-written C, and print what recording costs
	swift build -c release --product sqlite-floor
	$(QUEUEBENCH) floor

.PHONY: wakeup
wakeup: build ## Measure how fast an idle worker in another process is woken
	swift build -c release --product worker-probe
	$(QUEUEBENCH) wakeup

.PHONY: worker-rate
worker-rate: setup ## Measure how many tasks a second a worker works: with a command each, and embedded
	swift build -c release --product taskqueue
	swift build -c release --product worker-rate
	$(RELEASE)/worker-rate
	$(RELEASE)/worker-rate --shell : --tasks 0

.PHONY: operations-probe
operations-probe: setup ## Time metrics of a million tasks; print what counting and logging cost a task
	swift build -c release --product operations-probe
	set -e; for probe in metrics counting logging; do $(RELEASE)/operations-probe $$probe; done

.PHONY: overhead
overhead: build ## Measure what measuring costs: with and without instrumentation, in turn
	$(QUEUEBENCH) overhead

.PHONY: stall
stall: build ## Show that a stalled producer shows in the response times as arithmetic says
	$(QUEUEBENCH) stall

.PHONY: checker
checker: build ## Time the check of histories, and see whether it catches faults
	$(QUEUEBENCH) checker

.PHONY: gate
gate: build ## Show that comparisons of builds neither cry wolf nor sleep (most of an hour)
	$(QUEUEBENCH) gate

.PHONY: tuner
tuner: build ## Hold the tuner against measuring every combination, on four loads (most of an hour)
	$(QUEUEBENCH) tuner

.PHONY: open-loop
open-loop: build ## Check that offered rates are reached, and on time
	$(QUEUEBENCH) run scenarios/arrivals.yaml

.PHONY: reference
reference: build ## Run every scenario anew into results/reference-<scenario> (most of an hour)
	rm -rf $(NEW_RUNS)
	set -e; for file in $(filter-out $(NOT_REFERENCE),$(wildcard scenarios/*.yaml)); do \
	  $(QUEUEBENCH) run $$file --results $(NEW_RUNS) --name reference-$$(basename $$file .yaml) \
	    --repeats $(REPEATS) || [ $$? -eq 2 ] || [ $$? -eq 5 ]; \
	done
	swift build -c release --product sqlite-floor
	swift build -c release --product worker-probe
	mkdir $(NEW_RUNS)/reference-trials
	cp results/reference-trials/*.txt $(NEW_RUNS)/reference-trials/
	set -e; for trial in overhead stall checker floor wakeup; do \
	  $(QUEUEBENCH) $$trial > $(NEW_RUNS)/reference-trials/$$trial.txt || [ $$? -eq 5 ]; \
	done
	for run in $(NEW_RUNS)/*; do rm -rf results/$$(basename $$run); mv $$run results/; done
	rmdir $(NEW_RUNS)

.PHONY: reference-trials
reference-trials: build ## Run the long trials anew into results/reference-trials (two hours)
	mkdir -p $(NEW_RUNS)
	set -e; for trial in gate tuner 'capacity scenarios/capacity.yaml --times 5 --in-turn'; do \
	  $(QUEUEBENCH) $$trial > $(NEW_RUNS)/$${trial%% *}.txt || [ $$? -eq 5 ]; \
	done
	mv $(NEW_RUNS)/*.txt results/reference-trials/
	rmdir $(NEW_RUNS)

.PHONY: seed-targets
seed-targets: build ## Check the latency and error targets of the documented queue
	$(QUEUEBENCH) run scenarios/seed-targets.yaml

.PHONY: costs
costs: build ## Count what operations cost and compare with the baseline: any plan change fails
	QUEUEBENCH=$(QUEUEBENCH) ./.ci/queue-gate costs

.PHONY: ci-baseline
ci-baseline: build ## Accept what operations cost now as the baseline (for the SQLite that is here)
	$(QUEUEBENCH) costs scenarios/ci.yaml --save .ci/costs.json

.PHONY: capacity
capacity: build ## Find the rate that the queue sustains five times, and how far the answers differ (half an hour)
	$(QUEUEBENCH) capacity scenarios/capacity.yaml --times 5 --in-turn

.PHONY: power
power: build ## Cut the power, on paper, 10,000 times per setting: what is lost? (a quarter of an hour)
	$(QUEUEBENCH) power scenarios/power.yaml

# A directory with SQLite's amalgamation or its source tree: make sqlite SQLITE_SOURCE=~/sqlite-amalgamation-3510300
SQLITE_SOURCE ?=
SQLITE_LIBRARY := $(CURDIR)/.build/sqlite/libsqlite3.so.0

.PHONY: sqlite
sqlite: ## Build another SQLite for `sqlite_library` (SQLITE_SOURCE=directory or archive)
	@./.ci/build-sqlite "$(SQLITE_SOURCE)" "$(SQLITE_LIBRARY)"

.PHONY: doctor
doctor: build ## Say what this machine gives to a SQLite queue
	$(QUEUEBENCH) doctor

.PHONY: list
list: build ## Print the cells of a scenario and how long it takes (SCENARIO=file)
	$(QUEUEBENCH) list $(SCENARIO)

.PHONY: test
test: setup ## Run all tests
	swift build --build-tests
	@./.ci/test --parallel

.PHONY: coverage
coverage: setup ## Print which part of the SQLite layer and of the engine the tests run (at least 90 % of the lines)
	@./.ci/coverage

# What threads do to each other; processes share no memory that it could watch. On Linux, the sanitizer has to be told of contended mutexes.
CONCURRENT := Concurrency|Combin|Transaction|Idempotency|Race|Handoff|WakeBoard|Checkpoint|Worker|BackgroundTasks|Heartbeat|TaskLog
ifeq ($(shell uname),Linux)
SEE_MUTEXES := LD_PRELOAD=$(CURDIR)/.build-tsan/mutex.so
endif

# Handlers of workers share Swift's few threads with the tests, which hold them for long there: they run apart.
.PHONY: sanitize
sanitize: setup ## Run tests under the sanitizers: all for addresses, those of concurrency for threads
	swift build --build-tests --sanitize=address --scratch-path .build-asan
	ASAN_OPTIONS=detect_leaks=0 swift test --skip-build --sanitize=address --scratch-path .build-asan \
	  --parallel --skip 'ProcessTests|CLITests|ExperimentsTests|^WorkerTests'
	ASAN_OPTIONS=detect_leaks=0 swift test --skip-build --sanitize=address --scratch-path .build-asan \
	  --parallel --filter '^WorkerTests'
	swift build --build-tests --sanitize=thread --scratch-path .build-tsan
	clang -shared -fPIC -O1 -o .build-tsan/mutex.so Tests/ThreadSanitizer/mutex.c
	$(SEE_MUTEXES) swift test --skip-build --sanitize=thread --scratch-path .build-tsan \
	  --filter '$(CONCURRENT)' --skip 'ProcessTests|TaskQueueWorkTests'

# Inputs per reader; CI takes fewer.
FUZZ_INPUTS ?= 1000000

.PHONY: fuzz
fuzz: setup ## Look for inputs that bring a reader down (an hour or more)
	swift build -c release --product fuzzing
	$(RELEASE)/fuzzing --inputs $(FUZZ_INPUTS)

.PHONY: operations
operations: build ## Back up and prune a queue of a million tasks under load: does anybody notice? (ten minutes)
	swift build -c release --product taskqueue
	$(QUEUEBENCH) run scenarios/operations.yaml --keep-disturbed

.PHONY: soak
soak: build ## Run a mixed load with faults for an hour: does anything grow, is anything lost?
	$(QUEUEBENCH) run scenarios/soak.yaml --keep-disturbed

.PHONY: kills
kills: build ## Kill producers and consumers 1,200 times under load: is anything lost? (three minutes)
	$(QUEUEBENCH) run scenarios/kills.yaml --keep-disturbed

.PHONY: wal-reset
wal-reset: build ## Show a bug of SQLite that documented settings meet; then half an hour of the queue's own
	$(QUEUEBENCH) run scenarios/wal-reset.yaml --keep-disturbed || [ $$? -eq 4 ]
	$(QUEUEBENCH) run scenarios/wal-reset.yaml --cell c02 --repeats 225 --keep-disturbed --no-plots

.PHONY: docs
docs: setup ## Build the queue's documentation into .build/documentation; a link that leads nowhere is an error
	@./.ci/docs

.PHONY: lint
lint: ## Check the formatting
	swift format lint --strict --parallel --recursive Package.swift Sources Tests

.PHONY: format
format: ## Format the sources
	swift format --in-place --parallel --recursive Package.swift Sources Tests

.PHONY: clean
clean: ## Remove what was built, not what was measured
	rm -rf .build
