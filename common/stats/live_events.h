/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What --live has to tell besides its tables: the lines of log.h, with their time.
 */
#ifndef LIVE_EVENTS_H
#define LIVE_EVENTS_H

#include <stddef.h>

/* From here on log.h prints into these events; where stderr is no terminal, there, too. */
void live_events_begin(void);
/* To stderr again. Writes there the events that a terminal has not shown on its normal screen. */
void live_events_end(void);

/* The last one (0), the one before (1) and so on; NULL if there is none, or it is forgotten. */
const char *live_events_ago(size_t ago);

#endif
