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
#include "xdp_prog.h"

/* Attaching, replacing or detaching on ifname has failed with err. */
struct attach_attempt {
	const char *ifname;
	int err;                           /* -errno */
	const char *extack;                /* the text of the kernel, or "" */
	const struct netdev_facts *netdev; /* facts of the interface */
	enum xdp_mode mode;                /* that was tried; XDP_MODE_NONE: native */
	bool has_frags;                    /* the program is of SEC("xdp.frags") */
	bool is_detach;                    /* another program or mode would not help */
};

/*
 * Fill in cause, also and hint. The cause begins with the text of the kernel, or with
 * that of the error number if there is none.
 */
void message_attach(struct failure *failure, const struct attach_attempt *tried);

#endif
