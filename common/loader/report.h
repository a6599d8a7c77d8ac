/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What xdp_loader tells on stdout: what it has done, as text or as one JSON object.
 */
#ifndef REPORT_H
#define REPORT_H

#include "load.h"

/* The load, dry run or unload that load->opts asked for is done. Silent with --quiet. */
void report(const struct load *load);

#endif
