/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What one run of xdp_loader works on: the interface, the program that is attached to
 * it and the maps that are pinned for it, and what is to come in their place.
 * Functions return 0 or -errno and never print; load->step then says which step it was.
 */
#ifndef LOAD_H
#define LOAD_H

#include <limits.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>

#include <bpf/libbpf.h>

#include "dry_run.h"
#include "failure.h"
#include "loader_options.h"
#include "map_reuse.h"
#include "pin_dir.h"
#include "prog_info.h"
#include "state_dir.h"
#include "tail_calls.h"
#include "steps.h"
#include "xdp_prog.h"

#define VERIFIER_LOG_SIZE (UINT_MAX >> 8) /* bytes: as much as the kernel takes */

struct load {
	const struct loader_options *opts;
	enum step step; /* the one that is being done, or has failed */
	struct failure failure;

	char ifname[IF_NAMESIZE]; /* the kernel's own name of the interface */
	int ifindex;              /* 0: there is no such interface */
	int root;                 /* of bpffs, -1 where there is none */
	bool has_mounted;         /* it was missing, and is there by us */
	struct state_dir state;   /* the lock, and the place of staged pins */
	struct pin_place live;    /* where readers look */
	struct pin_place staged;  /* where the new pins wait; its name is the program's id */

	struct xdp_prog old;            /* what is attached, and */
	struct pin_dir old_pins;        /* what is pinned when we begin */
	const struct pin_dir *previous; /* old_pins, NULL where there is no directory */
	uid_t stranger;                 /* who owns what is at live, if not we; else 0 */
	char recovered[NAME_MAX + 1];   /* the staged directory that was put in place, or "" */

	bool awaits_end; /* a program that uses the pinned maps may be about to go */

	struct bpf_object *obj;
	struct bpf_program *prog; /* of obj, the one to attach */
	struct tail_calls tail_calls;
	struct bpf_map *map; /* of obj, the one that a step is about */
	struct xdp_prog new;
	enum xdp_replace_result replaced;
	bool was_exchanged; /* new and old pins in one step; else pin by pin */
	struct dry_run test;

	sigset_t signals; /* that were blocked when we began */
	bool holds_signals;

	const char *verifier_log;   /* of the kernel, "" where it has said nothing */
	char differs[DIFFERS_SIZE]; /* why a map cannot be reused, a line each */
	struct map_user user;       /* of a pin that is not ours to take */
	const struct pin *used;     /* that pin */
};

/*
 * Find the interface; open the BPF file system, mounting it where it is missing; take
 * the lock; see what is attached and pinned, and put right what an earlier loader left
 * half done. With opts->dry_run nothing is mounted, locked or put right. Ends with
 * load_end(), on failure as well.
 */
int load_begin(struct load *load, const struct loader_options *opts);

/* Have load->staged be the directory for the pins of program prog_id. */
void load_set_staged(struct load *load, __u32 prog_id);

/*
 * From here on signals that would end the loader wait until load_unlock(): a program may
 * be attached without its pins.
 */
void load_hold_signals(struct load *load);

/* Release lock and signals: others need not wait for our report. */
void load_unlock(struct load *load);
void load_end(struct load *load);

/*
 * May the program that is attached be replaced? -EBUSY without --force; -EPERM if it
 * could get lost: across modes it cannot be put back without a descriptor of it.
 */
int load_check_attach(struct load *load);

/* Has the interface been renamed since we began? Its pins would be at a stale path: -ESTALE. */
int load_check_name(struct load *load);

/* Is it the one that --unload=ID names? -EPROTO when it is not. */
int load_check_detach(struct load *load);

/*
 * The same name in another network namespace has the same directory. Returns -EBUSY
 * when a program other than the one attached here uses a pinned map, which is then in
 * load->used and load->user; -EPERM when that cannot be found out.
 */
int load_check_pins(struct load *load);

/* The same for the pins in some directory of ours. */
int load_check_users(struct load *load, const struct pin_dir *pins);

/* Does a pinned map take the place of this one of the object? */
bool load_reuses_map(const struct load *load, const struct bpf_map *map);

#endif
