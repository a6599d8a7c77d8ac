#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Pass on the TAP of a virtual machine. One that stops half way has failed, though all that
# it printed is well.

set -euo pipefail

planned=1 seen=0
while IFS= read -r line; do
	printf '%s\n' "$line"
	case $line in
	1..*) planned=${line#1..} ;;
	'ok '* | 'not ok '*) seen=$((seen + 1)) ;;
	esac
done
[ "$seen" -ge "$planned" ] || {
	printf 'not ok %d the machine stopped before the test was over\n' $((seen + 1))
	exit 1
}
