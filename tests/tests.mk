# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What `make check` and `make lint` build and run. TESTS=tests/load.bats runs only that file.
# Two files run at a time: what takes longest comes first.

LONG  := tests/faults.py tests/exercises.bats tests/lesson.py tests/confirm.bats
TESTS ?= build/tests/unit $(LONG) tests/vm/drivers.bats tests/mutate.py $(filter-out $(LONG),$(sort $(wildcard tests/*.bats)))

LOSSES_KERN  := common/losses/xdp_losses_kern.c
# These need no privileges; the others run in a virtual machine where BPF cannot be used here.
TESTS_ANYWHERE := build/tests/unit tests/vm/%
TESTS_HERE      = $(filter $(TESTS_ANYWHERE),$(TESTS))
TESTS_THERE     = $(filter-out $(TESTS_ANYWHERE),$(TESTS))

UNIT_SOURCES := $(filter-out $(LOSSES_KERN),$(wildcard tests/unit/*.c common/*/*.c))
SANITIZE     := -fsanitize=address,undefined -fno-sanitize-recover=undefined
SHELL_FILES  := $(wildcard testenv/*.sh libbpf/*.sh tests/*.sh tests/vm/*.sh tests/fuzz/*.sh exercises/*.sh exercises/checks/*.sh \
		exercises/solutions/*.sh exercises/start/*.sh) tests/vm/init testenv/vm_init .ci/run \
		debian/tests/lab debian/tests/own-program
C_FILES      := $(wildcard *.c common/*/*.[ch] headers/*.h testenv/*.c docs/lesson/*.c bench/*.c tests/unit/*.[ch] tests/fuzz/*.[ch] tests/objects/*.c \
		exercises/solutions/*.c exercises/start/*.c exercises/checks/*.c)
OTHER_BPF    := $(wildcard exercises/*/[569].c) bench/empty_kern.c $(LOSSES_KERN)

# Objects for the tests, most of which the loader must reject.
TEST_OBJECTS := $(patsubst tests/objects/%.c,build/tests/objects/%.o,$(wildcard tests/objects/*.c))

.PHONY: test-objects
test-objects: $(TEST_OBJECTS)

test-programs: build/tests/unit $(TEST_OBJECTS) libbpf-source prometheus vm-kernel bench-programs fuzzers

# For the tests of a build from source, which are skipped if there is no source.
.PHONY: libbpf-source
libbpf-source:
	@mkdir -p build/tests
	$(Q)tests/libbpf-source.sh build/tests/libbpf-src >build/tests/libbpf-src.log 2>&1 || true

# For the tests with Prometheus, which are skipped without.
.PHONY: prometheus
prometheus:
	@mkdir -p build/tests
	$(Q)tests/prometheus-programs.sh build/tests/prometheus >build/tests/prometheus.log 2>&1 || true

# For the tests in a virtual machine, which are skipped without emulator or kernel.
.PHONY: vm-kernel
vm-kernel:
	@mkdir -p build/tests
	$(Q)! command -v qemu-system-x86_64 >/dev/null || \
	  { tests/vm/kernel.sh build/tests/kernel >build/tests/kernel.log 2>&1; \
	    testenv/vm.sh --kernel >build/tests/lab-kernel.log 2>&1; } || true

# The kernels that tests/vm/run.sh knows; "cards" is a machine with many network cards.
KERNELS ?= 5.10 6.1 6.12 newest cards
VM_RUNS := $(foreach kernel,$(filter-out cards,$(KERNELS)),tests/vm/kernels.bats@$(kernel) tests/vm/drivers.bats@$(kernel)) \
	   $(if $(filter cards,$(KERNELS)),tests/vm/cards.bats@6.12-drivers)

.PHONY: check-kernels
check-kernels: ## run what depends on the kernel in virtual machines; KERNELS="5.10 cards"
	@testenv/deps.sh ensure build lab vm
	$(Q)$(MAKE) --no-print-directory all test-objects
	$(Q)tests/run.sh $(VM_RUNS)

build/tests/unit: ROOMS = $(STATS) $(LOADER)
build/tests/unit: $(UNIT_SOURCES) $(LOSSES) $(wildcard common/*/*.h tests/unit/*.h) $(KIND) build/flags/cc
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -O1 $(SANITIZE) -o $@ $(UNIT_SOURCES) $(LOSSES) -lcmocka $(LIBS) -lelf

include tests/fuzz/fuzz.mk

build/tests/objects/%.o: tests/objects/%.c $(KIND) $(wildcard headers/*.h) build/flags/bpf
	@mkdir -p $(@D)
	$(call say,CLANG,$<)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c -o $@ $<

check-faults: ## kill the loader at every system call, and let each one fail
	@testenv/deps.sh ensure build lab test
	$(Q)$(MAKE) --no-print-directory all $(TEST_OBJECTS)
	$(Q)FAULTS=all tests/run.sh tests/faults.py

# Compilers, libbpf and tools are those of the other systems; the kernel is this one.
SYSTEMS ?= bookworm trixie sid bullseye
.PHONY: check-systems
check-systems: ## run all of this on other Debians, each from nothing (as root, an hour)
	@testenv/deps.sh ensure systems
	$(Q)tests/systems.sh $(SYSTEMS)

.PHONY: check-package
check-package: ## build the Debian package, try it in a bare system and under systemd (as root)
	@testenv/deps.sh ensure systems
	$(Q)STEPS=package tests/systems.sh $(if $(filter file,$(origin SYSTEMS)),bookworm,$(SYSTEMS))

# The machines of tests/vm/arch.sh.
ARCHS ?= arm64 arm64-16k s390x
.PHONY: check-arch
check-arch: ## build for other machines and count there, in emulators; ARCHS="arm64 s390x"
	@testenv/deps.sh ensure build arch
	$(Q)tests/run.sh $(ARCHS:%=tests/vm/arch.bats@%)

lint: ## check format, shell, C warnings as errors, cppcheck
	@testenv/deps.sh ensure build lint
	$(Q)$(MAKE) --no-print-directory lint-all

.PHONY: lint-all
lint-all: ROOMS = $(STATS) $(LOADER)
lint-all: $(KIND)
	clang-format --dry-run -Werror $(C_FILES)
	shellcheck $(SHELL_FILES)
	shellcheck --shell=bash docs/man/xdp_tools.bash-completion
	shellcheck --shell=bats --severity=error $(wildcard tests/*.bats tests/vm/*.bats tests/*.bash)
	cppcheck -q --error-exitcode=1 --enable=warning,performance,portability --inline-suppr \
	  --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches \
	  --suppress=varFuncNullUB -D_GNU_SOURCE -DVERSION='""' \
	  '-DLIBBPF_OPTS(TYPE,NAME,...)=struct TYPE NAME = { .sz = sizeof(struct TYPE), __VA_ARGS__ }' \
	  $(STATS) $(LOADER) -Iheaders xdp_loader.c xdp_stats.c -i common/losses common testenv $(filter-out $(OTHER_BPF),$(wildcard bench/*.c))
	$(Q)for file in $(filter %.c,$(filter-out headers/% xdp_prog_kern.c tests/objects/% $(OTHER_BPF),$(C_FILES))); do \
	  $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -Werror -c -o /dev/null $$file || exit 1; done
	$(Q)for file in xdp_prog_kern.c $(OTHER_BPF); do \
	  $(CLANG) $(BPF_CFLAGS) -Werror -c -o /dev/null $$file || exit 1; done
	@echo 'lint: clean'

format: ## format the C files
	clang-format -i $(C_FILES)
