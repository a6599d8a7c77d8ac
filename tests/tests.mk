# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What `make check` and `make lint` build and run. TESTS=tests/load.bats runs one
# file alone.

TESTS ?= build/tests/unit $(sort $(wildcard tests/*.bats))

UNIT_PARTS   := cpus diagnosis json libbpf_log log options pin_path stats xdp_attach
UNIT_SOURCES := $(wildcard tests/unit/*.c) $(UNIT_PARTS:%=common/%.c)
SANITIZE     := -fsanitize=address,undefined -fno-sanitize-recover=undefined
SHELL_FILES  := $(wildcard testenv/*.sh tests/*.sh) .ci/run
C_FILES      := $(wildcard *.c common/*.[ch] headers/*.h testenv/*.c tests/unit/*.[ch] tests/objects/*.c)

# Objects to be refused, and one that counts as others might.
TEST_OBJECTS := $(patsubst tests/objects/%.c,build/tests/objects/%.o,$(wildcard tests/objects/*.c))

test-programs: build/tests/unit $(TEST_OBJECTS)

build/tests/unit: $(UNIT_SOURCES) $(wildcard common/*.h tests/unit/*.h) $(KIND)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -O1 $(SANITIZE) -o $@ $(UNIT_SOURCES) $(LIBBPF_A) -lcmocka -lelf -lz

build/tests/objects/%.o: tests/objects/%.c $(KIND) $(wildcard headers/*.h)
	@mkdir -p $(@D)
	$(call say,CLANG,$<)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c -o $@ $<

lint: ## check format, shell, C warnings as errors, cppcheck
	@testenv/deps.sh ensure build test
	clang-format --dry-run -Werror $(C_FILES)
	shellcheck $(SHELL_FILES)
	shellcheck --shell=bats -e SC2154 $(wildcard tests/*.bats tests/*.bash)
	cppcheck -q --error-exitcode=1 --enable=warning,performance,portability --inline-suppr \
	  --suppress=missingIncludeSystem -D_GNU_SOURCE -DVERSION='""' -DOBJECT_DIR='""' \
	  -Icommon -Iheaders xdp_loader.c xdp_stats.c common testenv
	$(Q)tests/walls.sh
	$(Q)$(MAKE) --no-print-directory BUILD=build/lint WERROR=1 compile-only

format: ## bring the C files into the project's format
	clang-format -i $(C_FILES)
