/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Parts of the JSON of xdp_loader, printed to stdout.
 */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "load.h"

/* "key":"text" */
void json_text(const char *key, const char *text);

/* {"action":"...","ifname":"..." */
void json_head(const struct load *load, const char *action);

/* ,"key":{...}, or null if there is no program */
void json_prog(const char *key, const struct xdp_prog *prog);

/* ,"pending":{...}, or null */
void json_pending(const struct pending *pending);

#endif
