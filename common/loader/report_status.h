/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * xdp_loader --status, in words and in JSON.
 */
#ifndef REPORT_STATUS_H
#define REPORT_STATUS_H

#include <stdbool.h>

#include "failure.h"

/*
 * Print the status of ifname, or of every interface that has any where it is NULL:
 * paragraphs, or with json one object {"interfaces":[...]}. Returns an exit code; if it is not 0,
 * *failure says why.
 */
int report_status(const char *ifname, bool json, struct failure *failure);

#endif
