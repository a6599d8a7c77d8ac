#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The walls between the parts, by what the compiler read when it built them:
#  - nothing that xdp_stats is made of has seen <bpf/libbpf.h>;
#  - the BPF compiler has seen headers/, never common/.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

parts=$(sed -n 's/^STATS_PARTS *:= *//p' Makefile)
deps=(build/xdp_stats.d)
for part in $parts; do deps+=("build/common/$part.d"); done

status=0
for file in "${deps[@]}"; do
	[ -s "$file" ] || { echo "walls: no $file; build first" >&2 && exit 1; }
	if grep -q 'bpf/libbpf\.h' "$file"; then
		echo "walls: ${file%.d} includes <bpf/libbpf.h>" >&2
		status=1
	fi
done
if grep -q 'common/' build/xdp_prog_kern.d; then
	echo 'walls: xdp_prog_kern.o includes a file of common/' >&2
	status=1
fi
exit $status
