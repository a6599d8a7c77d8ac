#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Exercise 3: attach a program of xdp_prog_kern.o to $DEV and pin its map where
# xdp_stats looks for it. Use only bpftool and ip.
set -euo pipefail

ls -l xdp_prog_kern.o >&2
