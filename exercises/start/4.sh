#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Exercise 4: a map of XDP statistics is pinned at $PIN. Replace it by a new one; $PIN
# must lead to one of the two maps at every moment.
set -euo pipefail

bpftool map show pinned "$PIN"
