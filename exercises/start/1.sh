#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Exercise 1: attach the program that sends each packet back to its sender to $DEV,
# send $COUNT frames, and print how many packets the map has under XDP_TX.
set -euo pipefail

./xdp_loader --dev "$DEV" >&2
