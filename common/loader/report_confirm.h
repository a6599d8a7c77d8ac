/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What xdp_loader reports about loads that wait for confirmation, on stdout.
 */
#ifndef REPORT_CONFIRM_H
#define REPORT_CONFIRM_H

#include "load.h"

/* After a load: how to confirm it. Nothing without --confirm. */
void print_pending(const struct load *load);

/* After an unload: what was kept, and is removed. */
void print_dropped(const struct load *load);

/* The report of --confirm and of --rollback, as text or JSON. */
void report_answer(const struct load *load);

#endif
