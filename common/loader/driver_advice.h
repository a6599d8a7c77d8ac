/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What to do if a driver refuses an XDP program: a table by driver, error and the
 * driver's words. Each row names the function of the kernel that it follows from.
 * Functions never print.
 */
#ifndef DRIVER_ADVICE_H
#define DRIVER_ADVICE_H

#include "messages_attach.h"
#include "text.h"

/* What the rows that fit say besides their text. */
enum {
	ADVICE_FOUND = 1 << 0,
	ADVICE_MTU = 1 << 1,    /* the MTU is too large for a packet in one piece */
	ADVICE_NO_SKB = 1 << 2, /* --skb-mode does not help, too */
	ADVICE_CLEAR = 1 << 3,  /* the reason is clear without facts about the interface */
};

/* Add a line for each row that fits. Returns the flags above, 0 if no row fits. */
unsigned int driver_advice(const struct attach_attempt *tried, struct text *text);

#endif
