/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The report of xdp_loader on stdout: what it has done, as text or as one JSON object.
 */
#ifndef REPORT_H
#define REPORT_H

#include "load.h"

/* Print the result, nothing with --quiet. The caller checks stdout for write errors. */
void report(const struct load *load);

#endif
