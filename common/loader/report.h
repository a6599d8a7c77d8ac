/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What xdp_loader tells on stdout: what it has done, as text or as one JSON object.
 */
#ifndef REPORT_H
#define REPORT_H

#include "load.h"

/* Each prints nothing with --quiet. */
void report_load(const struct load *load);
/* A dry run: what was found out, what would be. */
void report_dry_run(const struct load *load);
void report_unload(const struct load *load);

#endif
