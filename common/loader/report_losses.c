// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>

#include "pin_path.h"
#include "report_losses.h"
#include "xdp_losses.h"

#define PIN BPFFS_ROOT "/" XDP_LOSSES_DIR "/" XDP_LOSSES_MAP

static void json_map(__u32 map_id)
{
	if (map_id)
		printf("{\"map_id\":%u,\"pin\":\"" PIN "\"}", map_id);
	else
		fputs("null", stdout);
}

static void json_losses(const struct losses *losses)
{
	const bool is_changed = losses->was_on != losses->is_on || losses->is_updated;

	printf("{\"action\":\"losses\",\"changed\":%s,\"losses\":", is_changed ? "true" : "false");
	json_map(losses->is_on ? losses->map_id : 0);
	puts("}");
}

static void print_losses(const struct losses *losses)
{
	if (!losses->is_on) {
		puts(losses->was_on ? "packets lost after the verdict are no longer counted"
				    : "packets lost after the verdict were not counted");
		return;
	}
	printf("packets lost after the verdict are %scounted: map id %u pinned at " PIN "\n",
	       losses->was_on && !losses->is_updated ? "already " : "", losses->map_id);
	if (losses->is_updated)
		puts("replaced the programs of another version: the counts begin at zero");
}

void report_losses(const struct loader_options *opts, const struct losses *losses)
{
	if (opts->json)
		json_losses(losses);
	else if (!opts->quiet)
		print_losses(losses);
}

void report_losses_status(bool json)
{
	const __u32 map_id = losses_map_id();

	if (json) {
		fputs(",\"losses\":", stdout);
		json_map(map_id);
	} else if (map_id) {
		printf("packets lost after the verdict are counted: map id %u pinned at " PIN "\n",
		       map_id);
	}
}
