# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What `make bench` builds and runs. BENCH="--quick loads" names sections and options
# of bench/run.py.

BENCH ?=

BENCH_PROGRAMS := $(addprefix build/bench/,prog_run sample read_ways bare_loader)
# The helper that others take comes with libxdp; without its header there is one row less.
BENCH_WAYS     := empty ours atomic $(if $(wildcard /usr/include/xdp/xdp_stats_kern.h),field)
BENCH_OBJECTS  := $(BENCH_WAYS:%=build/bench/objects/%.o)
BENCH_KINDS    := system source

.PHONY: bench bench-programs bench-kinds
bench: ## what things cost, beside other tools: a table, JSON, CSV (as root, 5 minutes)
	@[ "$$(id -u)" = 0 ] || { \
	  echo 'bench: loading XDP programs takes root' >&2; echo 'hint: sudo make bench' >&2; exit 1; }
	@testenv/deps.sh ensure build lab
	@testenv/deps.sh try bench peers
	$(Q)$(MAKE) --no-print-directory bench-programs
	$(Q)tests/sandbox.sh bench/run.py $(BENCH)

bench-programs: all $(BENCH_PROGRAMS) $(BENCH_OBJECTS) bench-kinds vm-kernel

build/bench/%.o: ROOMS = $(STATS)
$(BENCH_PROGRAMS): build/bench/%: build/bench/%.o $(filter-out build/xdp_stats.o,$(STATS_OBJECTS)) $(LIBBPF_A)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -Wl,--gc-sections -pthread -o $@ $^ -lelf -lz

build/bench/objects/%.o: bench/objects/%.c bench/objects/programs.h $(KIND) $(wildcard headers/*.h)
	@mkdir -p $(@D)
	$(call say,CLANG,$<)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c -o $@ $<

# Both kinds of libbpf, each in a copy of the sources. One that cannot be had is left out.
bench-kinds: libbpf-source
	$(Q)for kind in $(BENCH_KINDS); do \
	  mkdir -p build/bench/$$kind && \
	  tar -c --exclude=libbpf/root --exclude=libbpf/src Makefile common headers libbpf testenv \
	    tests/tests.mk bench/bench.mk xdp_*.c | tar -x -C build/bench/$$kind; \
	  $(MAKE) -C build/bench/$$kind LIBBPF=$$kind LIBBPF_SRC='$(BENCH_TREE)' xdp_loader xdp_stats \
	    >build/bench/$$kind.log 2>&1 || rm -f build/bench/$$kind/xdp_stats; done
BENCH_TREE = $(abspath $(firstword $(LIBBPF_SRC) $(wildcard libbpf/src build/tests/libbpf-src)))
