/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Print the result of xdp_loader --status, as text or JSON.
 */
#ifndef REPORT_STATUS_H
#define REPORT_STATUS_H

#include "failure.h"
#include "loader_options.h"

/*
 * Print the status of opts->devs, or, if there are none, of every interface with a
 * program or pins: a paragraph for each, or with --json one object {"interfaces":[...]}.
 * Returns an exit code; if it is not 0, *failure says which interface it is of.
 */
int report_status(const struct loader_options *opts, struct failure *failure);

#endif
