/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What xdp_loader reports about counting losses, on stdout.
 */
#ifndef REPORT_LOSSES_H
#define REPORT_LOSSES_H

#include "losses.h"

/* The report of --losses, as text or JSON. */
void report_losses(const struct loader_options *opts, const struct losses *losses);

/* For --status: a line, nothing if losses are not counted; or ,"losses":{...} or null */
void report_losses_status(bool json);

#endif
