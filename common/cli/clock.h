/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The clocks of both programs. No function fails.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

#define NS_PER_S 1000000000ULL

/* CLOCK_MONOTONIC, in nanoseconds. */
uint64_t clock_monotonic_ns(void);
/* Sleep until this time of CLOCK_MONOTONIC; a signal does not end the sleep. */
void clock_sleep_until(uint64_t deadline_ns);
/* CLOCK_REALTIME, in milliseconds since the epoch. */
uint64_t clock_wall_ms(void);

#endif
