/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One interface in a run of xdp_loader: its attached program and pinned maps, and the
 * program and maps that will replace them. Functions return 0 or -errno
 * and never print; load->step is then the step that failed.
 */
#ifndef LOAD_H
#define LOAD_H

#include <limits.h>
#include <net/if.h>
#include <stdbool.h>

#include <bpf/libbpf.h>

#include "dry_run.h"
#include "failure.h"
#include "global_data.h"
#include "loader_options.h"
#include "map_reuse.h"
#include "netdev_features.h"
#include "pending.h"
#include "pin_dir.h"
#include "prog_info.h"
#include "shared_maps.h"
#include "state_dir.h"
#include "tail_calls.h"
#include "steps.h"
#include "xdp_prog.h"

#define VERIFIER_LOG_SIZE (UINT_MAX >> 8) /* bytes: the largest size that the kernel accepts */

struct loads;

struct load {
	const struct loader_options *opts;
	const struct loads *loads; /* all interfaces of this run */
	struct failure *failure;   /* of all of them */
	const char *wanted;        /* the interface as the user names it */
	enum step step;            /* the current step, or the one that failed */
	enum step done;            /* the last step that succeeded */

	char ifname[IF_NAMESIZE]; /* the kernel's own name of the interface */
	int ifindex;              /* 0: there is no such interface */
	int root;                 /* descriptor of bpffs, -1 if there is none */
	bool has_mounted;         /* this loader has mounted bpffs */
	struct state_dir state;   /* the lock, and the directory for staged pins */
	struct pin_place live;    /* the directory that readers use */
	struct pin_place staged;  /* the directory of the staged pins; its name is the program id */

	struct xdp_prog old;            /* what is attached, */
	struct pin_dir old_pins;        /* and what is pinned, at the start */
	const struct pin_dir *previous; /* old_pins, NULL if there is no directory */
	uid_t stranger;                 /* the other user who owns the entry at live, or 0 */
	char recovered[NAME_MAX + 1];   /* the staged directory that recovery put in place, or "" */

	enum xdp_mode mode;              /* to attach in: that of the options, */
	bool is_mode_kept;               /* or of old, as the driver has no native mode */
	struct netdev_features features; /* of the driver; only for a dry run */

	struct pending pending;        /* a load that waits for confirmation, or will */
	struct pending dropped;        /* what was pending before --confirm or --unload */
	struct pending lapsed;         /* what was pending, but its program was not attached */
	bool is_elsewhere;             /* pending is of another network namespace */
	char former_name[IF_NAMESIZE]; /* where a load of this interface is pending, or "" */

	bool awaits_end; /* a program that uses the pinned maps may be about to end */

	struct bpf_object *obj;
	struct bpf_program *prog; /* the one of obj to attach */
	struct tail_calls tail_calls;
	struct global_data globals;
	struct marked_maps marked; /* the maps of obj that interfaces can share */
	struct bpf_map *map;       /* the one of obj that the step works on */
	struct xdp_prog new;
	enum xdp_replace_result replaced;
	bool is_unchanged;  /* the attached program is the same: the load ends here */
	bool was_exchanged; /* all pins were replaced in one step; false: one by one */
	struct dry_run test;

	const char *verifier_log;   /* "" if the verifier wrote nothing */
	char differs[DIFFERS_SIZE]; /* why a map cannot be reused or a constant not set */
	const char *setting;        /* the constant that cannot be set */
	struct map_user user;       /* the other program that uses a pinned map */
	const struct pin *used;     /* the pin of that map */
};

/* Fill in *load, before the first step. wanted is the name of the interface. */
void load_init(struct load *load, struct loads *loads, const char *wanted);

/* Find the interface: STEP_INTERFACE. */
int load_find(struct load *load);

/*
 * Open the BPF file system, and mount it if it is missing; take the lock for
 * load->live.name. With opts->dry_run nothing is mounted or locked. The caller calls
 * load_end(), also after a failure.
 */
int load_open(struct load *load);

/*
 * The same; then find out what is attached and pinned, and repair what a killed loader
 * has left, but not with opts->dry_run.
 */
int load_begin(struct load *load);

/* Open load->old, by its id or else by its pin. */
void load_open_program(struct load *load);

/* Set load->staged to the directory for the pins of program prog_id. */
void load_set_staged(struct load *load, __u32 prog_id);

/* Release the lock. Safe to call twice. */
void load_unlock(struct load *load);
void load_end(struct load *load);

/*
 * May the attached program be replaced? -EINPROGRESS if its load is not confirmed yet.
 * -EBUSY without --force. -ENOTEMPTY for libxdp's dispatcher without --take-dispatcher.
 * -EPERM if the program could be lost: after a failed change of mode, a failure on another
 * interface, or with --confirm, it can only be attached again by a descriptor.
 */
int load_check_attach(struct load *load);

/* Has the interface been renamed since the start? -ESTALE if so. */
int load_check_name(struct load *load);

/* Is the attached program the one of --unload=ID? -ENOTEMPTY as above. -EPROTO if it is not.
 * -EINPROGRESS as above. */
int load_check_detach(struct load *load);

/*
 * Are the pinned maps free? An interface of the same name in another network namespace
 * has the same directory. -EBUSY if a program that is not attached here uses one of the
 * maps: load->used and load->user then say which. -EPERM if this cannot be found out.
 */
int load_check_pins(struct load *load);

/* The same for other pins, such as staged ones. */
int load_check_users(struct load *load, const struct pin_dir *pins);

/* Run the loaded program on a test packet: load->test has the result. */
int load_run_dry(struct load *load);

#endif
