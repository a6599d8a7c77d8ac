/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The constants of a program in the reports of xdp_loader. These visitors print.
 */
#ifndef REPORT_CONSTANTS_H
#define REPORT_CONSTANTS_H

#include "constants.h"

/* A line such as "constant port = 8080 (__u16)"; prefix, a string, comes first. */
int report_constant(const struct constant *constant, void *prefix);

/* "port":8080, for a JSON object; *has_members is false before the first one. */
int report_constant_json(const struct constant *constant, void *has_members);

#endif
