/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What one run of xdp_loader works on: the interface, what is attached to it and
 * pinned for it, and what is to come in its place. Made for xdp_loader.c, this
 * module tells the user what is wrong; functions return 0 or an exit code.
 */
#ifndef JOB_H
#define JOB_H

#include <limits.h>
#include <net/if.h>
#include <stdbool.h>

#include <bpf/libbpf.h>

#include "pin_dir.h"
#include "xdp_attach.h"

#define EXIT_ATTACH 30 /* attach or detach failed */
#define EXIT_OBJECT 40 /* BPF object, map or pin failed */

struct job {
	char ifname[IF_NAMESIZE]; /* the kernel's own name of the interface */
	int ifindex;              /* 0: there is no such interface */
	char dir[IF_NAMESIZE];    /* of its pins, in BPFFS_ROOT */
	int lock;                 /* on the root of bpffs, as long as it is open */

	struct xdp_attached old; /* what is attached, and */
	struct pin_dir old_pins; /* what is pinned when we begin */
	bool has_old_pins;

	struct bpf_object *obj;
	struct bpf_program *prog;
	struct xdp_attached new;
	char staged[NAME_MAX + 1]; /* where its pins get ready */

	bool is_staged, is_attached; /* what is to be undone after a failure */
	enum xdp_replace_result replaced;
};

enum job_flags {
	JOB_MUST_EXIST = 1, /* it is an error if there is no such interface */
	JOB_LOOK_ONLY = 2,  /* mount nothing, lock nothing, put nothing right */
};

/*
 * Find the interface; open the BPF file system, mounting it where it is missing;
 * take the lock; see what is attached and pinned, and put right what an earlier
 * loader left half done. Ends with job_close(), on failure as well.
 */
int job_open(struct job *job, const char *ifname, int flags);
void job_close(struct job *job);

/*
 * The same name in another network namespace has the same directory. Fails when
 * pins are in use by a program other than the one attached here.
 */
int job_check_pins(const struct job *job);

#endif
