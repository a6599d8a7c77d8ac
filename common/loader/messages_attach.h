/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why an interface takes no program, and what to do: from the error, what the kernel
 * says and facts of the interface. Called only after a failure. Nothing here prints.
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
	const char *extack;                /* what the kernel says, or "" */
	const struct netdev_facts *netdev; /* facts of the interface */
	bool is_detach;                    /* another program would be no help */
};

/* Fill in cause and hint. */
void message_attach(struct failure *failure, const struct attach_attempt *tried);

#endif
