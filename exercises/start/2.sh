#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Exercise 2: print the five totals of $DEV without xdp_stats, each as a line
# "XDP_PASS PACKETS BYTES".
set -euo pipefail

bpftool map show pinned "/sys/fs/bpf/$DEV/xdp_stats_map" >&2
