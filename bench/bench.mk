# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What `make bench` builds and runs. BENCH="--quick loading" is passed to bench/bench.py.

BENCH ?=

BENCH_PROGRAMS := build/bench/sample build/bench/bare_loader

.PHONY: bench bench-programs
bench: ## what things cost, beside other tools, and whether targets are met (as root)
	@[ "$$(id -u)" = 0 ] || { \
	  echo 'bench: loading XDP programs takes root' >&2; echo 'hint: sudo make bench' >&2; exit 1; }
	@testenv/deps.sh ensure build lab
	@testenv/deps.sh try bench peers
	$(Q)$(MAKE) --no-print-directory bench-programs
	$(Q)tests/sandbox.sh bench/bench.py $(BENCH)

bench-programs: all $(BENCH_PROGRAMS) build/bench/empty_kern.o

$(BENCH_PROGRAMS): build/bench/%: build/bench/%.o $(LIBBPF_A)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -Wl,--gc-sections -o $@ $^ -lelf -lz

build/bench/empty_kern.o: bench/empty_kern.c $(KIND) $(wildcard headers/*.h)
	@mkdir -p $(@D)
	$(call say,CLANG,$<)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c -o $@ $<
