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
 * Returns the exit code: that of *failure if something could not be read, else the worst
 * status_code() of opts->devs, and 0 if there are none.
 */
int report_status(const struct loader_options *opts, struct failure *failure);

#endif
