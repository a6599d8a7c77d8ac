#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Copy the TAP of a virtual machine. A machine that stops early has failed, even if all printed
# tests are ok.

set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin

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
