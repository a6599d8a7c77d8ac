#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Run fuzz targets. What they learn is kept in build/fuzz/corpus, an input on which one
# fails in build/fuzz.
#
#   run.sh available         has clang a libFuzzer?
#   run.sh TARGET SECONDS    one target
#   run.sh all SECONDS       all of them, one after the other

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

is_available() {
	echo 'int LLVMFuzzerTestOneInput(void); int LLVMFuzzerTestOneInput(void) { return 0; }' |
		"${CLANG:-clang}" -fsanitize=fuzzer,address,undefined -x c -o /dev/null - 2>/dev/null
}

# What a target begins with: files of ours, and what is there to be had.
fill_corpus() { # fill_corpus TARGET DIRECTORY
	mkdir -p "$2"
	case $1 in
	object) cp xdp_prog_kern.o build/tests/objects/*.o tests/objects/*.o "$2" ;;
	netlink) python3 tests/fuzz/netlink_seeds.py "$2" ;;
	*) cp "tests/fuzz/corpus/$1"/* "$2" ;;
	esac
}

fuzz() { # fuzz TARGET SECONDS
	local corpus=build/fuzz/corpus/$1 options=()
	fill_corpus "$1" "$corpus"
	# libbpf may allocate what it likes, and leaves memory behind when it crashes
	[ "$1" != object ] || options=(-detect_leaks=0 -rss_limit_mb=0)
	"build/fuzz/$1" -max_total_time="$2" -timeout=60 -print_final_stats=1 -verbosity=0 \
		-artifact_prefix="build/fuzz/$1-" "${options[@]}" "$corpus"
}

fuzz_all() { # fuzz_all SECONDS
	local source target targets=(tests/fuzz/*.c)
	for source in "${targets[@]}"; do
		target=$(basename "$source" .c)
		printf '# %s\n' "$target"
		fuzz "$target" $(($1 / ${#targets[@]}))
	done
}

case ${1:-} in
available) is_available ;;
all) fuzz_all "$2" ;;
*) fuzz "$1" "$2" ;;
esac
