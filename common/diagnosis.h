/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From what was tried, the error and the kernel's own words to a cause and a way
 * out. Called only after a failure. Nothing here prints.
 */
#ifndef DIAGNOSIS_H
#define DIAGNOSIS_H

#include "xdp_attach.h"

struct diagnosis {
	char cause[2048]; /* never empty */
	char hint[512];   /* empty where we know of none */
};

/* Attaching, replacing or detaching on ifname has failed with err. */
struct attach_failure {
	const char *ifname;
	int err;                             /* -errno */
	const char *extack;                  /* the kernel's words, or "" */
	enum xdp_mode mode;                  /* that was asked for */
	const struct xdp_attached *attached; /* what was there before */
};

void diagnose_attach(struct diagnosis *diagnosis, const struct attach_failure *failure);

/* The interface has a program and none is to be replaced. */
void diagnose_occupied(struct diagnosis *diagnosis, const char *ifname,
		       const struct xdp_attached *attached);

/*
 * The kernel has refused to load maps or program: err, the verifier's log or "",
 * and libbpf's first warning or "".
 */
void diagnose_load(struct diagnosis *diagnosis, int err, const char *verifier, const char *warning);

/* "id 12, xdp_drop_func, native" */
void describe_attached(char *text, size_t size, const struct xdp_attached *attached);

/* The last lines of a verifier's log that say why, without its statistics. */
void verifier_last_words(const char *log, char *text, size_t size);

/*
 * The capabilities for XDP that this process lacks, "CAP_BPF, CAP_NET_ADMIN", by
 * status, the path of a file like /proc/self/status. Empty when it has them all.
 */
void missing_capabilities(const char *status, char *text, size_t size);

#endif
