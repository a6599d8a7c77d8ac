# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# A program for each tests/fuzz/TARGET.c, with libFuzzer and sanitizers: of common/ it has
# all, built anew by clang.

FUZZERS       := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(wildcard tests/fuzz/*.c))
FUZZ_COMMON   := $(patsubst %.c,build/fuzz/%.o,$(filter-out common/losses/%,$(wildcard common/*/*.c))) $(LOSSES)
FUZZ_SANITIZE := address,undefined
FUZZ_FLAGS    := -O1 -fno-sanitize-recover=undefined -fno-omit-frame-pointer

# Where clang has no libFuzzer there are none, and tests/fuzz.bats says so.
.PHONY: fuzzers
fuzzers:
	+$(Q)! tests/fuzz/run.sh available || $(MAKE) --no-print-directory $(FUZZERS)

build/fuzz/%.o: ROOMS = $(STATS) $(LOADER)
build/fuzz/%.o: %.c $(KIND) build/flags/bpf build/flags/cc
	@mkdir -p $(@D)
	$(call say,CLANG,$<)
	$(Q)$(CLANG) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link,$(FUZZ_SANITIZE) \
	  -MD -MP -c -o $@ $<

$(FUZZERS): build/fuzz/%: build/fuzz/tests/fuzz/%.o $(FUZZ_COMMON) $(KIND)
	$(call say,LD,$@)
	$(Q)$(CLANG) $(FUZZ_FLAGS) -fsanitize=fuzzer,$(FUZZ_SANITIZE) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIBS)

-include $(wildcard build/fuzz/*/*/*.d)

SECONDS ?= 60
.PHONY: fuzz
fuzz: ## feed random input to what reads input; SECONDS=600 in all, a fifth for each target
	@testenv/deps.sh ensure build test
	$(Q)$(MAKE) --no-print-directory all fuzzers $(TEST_OBJECTS)
	$(Q)tests/fuzz/run.sh all $(call quote,$(SECONDS))
