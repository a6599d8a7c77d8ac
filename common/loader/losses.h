/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * --losses: count, for the whole machine, the packets that are lost after the verdict.
 * The programs that do it (common/losses/) are part of xdp_loader. Their links and their
 * map are pinned in BPFFS_ROOT/XDP_LOSSES_DIR, and they count while they are pinned.
 */
#ifndef LOSSES_H
#define LOSSES_H

#include <stdbool.h>

#include <linux/types.h>

#include "failure.h"
#include "loader_options.h"

struct losses {
	bool was_on;     /* before this run */
	bool is_on;      /* after it */
	bool is_updated; /* by programs of this version of xdp_loader; the counts begin anew */
	__u32 map_id;    /* 0: not counted */
};

/*
 * Do what opts->losses says, and report it. Returns an exit code; *failure is filled in
 * if it is not 0.
 */
int losses_run(const struct loader_options *opts, struct failure *failure);

/* The id of the map with the losses; 0 if they are not counted, or cannot be seen. */
__u32 losses_map_id(void);

#endif
