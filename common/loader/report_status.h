/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Print the result of xdp_loader --status, as text or JSON.
 */
#ifndef REPORT_STATUS_H
#define REPORT_STATUS_H

#include <stdbool.h>

#include "failure.h"

/*
 * Print the status of ifname, or, if it is NULL, of every interface with a program or
 * pins: a paragraph for each, or with json one object {"interfaces":[...]}. Returns an
 * exit code; if it is not 0, *failure is filled in.
 */
int report_status(const char *ifname, bool json, struct failure *failure);

#endif
