/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why an attach or detach failed, and what to do, from the error, the text of the
 * kernel and facts about the interface. Called only after a failure. Functions never
 * print.
 */
#ifndef MESSAGES_ATTACH_H
#define MESSAGES_ATTACH_H

#include <stdbool.h>

#include "failure.h"
#include "netdev.h"

/* Attaching, replacing or detaching on ifname has failed with err. */
struct attach_attempt {
	const char *ifname;
	int err;                           /* -errno */
	const char *extack;                /* the text of the kernel, or "" */
	const struct netdev_facts *netdev; /* facts of the interface */
	bool is_detach;                    /* another program would not help */
};

/* Fill in cause and hint. */
void message_attach(struct failure *failure, const struct attach_attempt *tried);

#endif
