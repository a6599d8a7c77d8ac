#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Exercise 4: a map of XDP statistics is pinned at $PIN. Put a new one in its place;
# who opens $PIN must find one or the other at every moment.
set -euo pipefail

bpftool map show pinned "$PIN"
