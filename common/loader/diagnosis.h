/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From what was tried, the error and the kernel's own words to a cause and a way
 * out. Called only after a failure. Nothing here prints.
 */
#ifndef DIAGNOSIS_H
#define DIAGNOSIS_H

#include <stdbool.h>

#include "netdev.h"
#include "xdp_attach.h"

struct diagnosis {
	char cause[2048]; /* never empty */
	char hint[512];   /* empty where we know of none */
};

/* Attaching, replacing or detaching on ifname has failed with err. */
struct attach_failure {
	const char *ifname;
	int err;                           /* -errno */
	const char *extack;                /* the kernel's words, or "" */
	const struct netdev_facts *netdev; /* facts of the interface */
	bool is_detach;                    /* another program would be no help */
};

void diagnose_attach(struct diagnosis *diagnosis, const struct attach_failure *failure);

/*
 * The interface has a program and none is to be replaced. link_id is that of the
 * bpf_link which holds it, 0 for none: --force is no way out then.
 */
void diagnose_occupied(struct diagnosis *diagnosis, const char *ifname,
		       const struct xdp_attached *attached, __u32 link_id);

/* A pin, or the directory for it, could not be made: -errno. */
void diagnose_pin(struct diagnosis *diagnosis, int err);

/* libbpf could not make sense of an object file; its first warning, or "". */
void diagnose_open(struct diagnosis *diagnosis, int err, const char *warning);

/*
 * The kernel has refused to load maps or program: err, the verifier's log or "",
 * and libbpf's first warning or "".
 */
void diagnose_load(struct diagnosis *diagnosis, int err, const char *verifier, const char *warning);

/* "id 12, xdp_drop_func, native" */
void describe_attached(char *text, size_t size, const struct xdp_attached *attached);

#endif
