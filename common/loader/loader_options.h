/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The command line of xdp_loader. Like options.h, this module prints, and exits on
 * wrong options.
 */
#ifndef LOADER_OPTIONS_H
#define LOADER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/types.h>

#define INTERFACES_MAX 64 /* each takes about ten file descriptors */

struct interface_list {
	const char *names[INTERFACES_MAX]; /* valid and different, but not always of different
					      interfaces */
	size_t count;
};

#define SETTINGS_MAX 64

struct setting_list {
	const char *each[SETTINGS_MAX]; /* "NAME=VALUE", with different names */
	size_t count;
};

struct unload_option {
	bool wanted;
	__u32 prog_id; /* 0: any program */
};

struct confirm_option {
	bool wanted;
	bool is_answer; /* confirm the load that is pending; else it is for this load: */
	int ms;         /* how long it is pending; 0: there is nothing to confirm */
};

struct losses_option {
	bool wanted, off;
};

struct loader_options {
	struct interface_list devs;
	const char *filename, *progname;
	const char *share_from; /* an interface, or NULL */
	int mode;               /* enum xdp_mode */
	bool is_default_mode;   /* no option has named it */
	int wait_ms;            /* for the lock, in milliseconds; -1: without limit */
	bool force, take_dispatcher, reuse_maps, dry_run, rollback, status, explain, json, quiet,
		verbose;
	struct unload_option unload;
	struct setting_list settings;
	struct confirm_option confirm;
	struct losses_option losses;
};

/* Does it only end a load that is pending: --confirm alone, or --rollback? */
static inline bool loader_answers(const struct loader_options *opts)
{
	return opts->confirm.is_answer || opts->rollback;
}

/* Parse argv, and set up log and explain. The result is static. */
const struct loader_options *loader_options_read(int argc, char **argv);

#endif
