// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>

#include "json.h"
#include "report_json.h"

void json_text(const char *key, const char *text)
{
	printf("\"%s\":", key);
	json_print_string(stdout, text);
}

void json_head(const struct load *load, const char *action)
{
	printf("{\"action\":\"%s\",", action);
	json_text("ifname", load->ifname);
}

void json_prog(const char *key, const struct xdp_prog *prog)
{
	printf(",\"%s\":", key);
	if (!prog->id) {
		fputs("null", stdout);
		return;
	}
	printf("{\"id\":%u,\"mode\":\"%s\",", prog->id, xdp_mode_name(prog->mode));
	json_text("name", prog->name);
	putchar('}');
}

void json_pending(const struct pending *pending)
{
	fputs(",\"pending\":", stdout);
	if (!pending->prog_id) {
		fputs("null", stdout);
		return;
	}
	printf("{\"program_id\":%u,\"previous_id\":", pending->prog_id);
	if (pending->previous_id)
		printf("%u", pending->previous_id);
	else
		fputs("null", stdout);
	printf(",\"seconds_left\":%.3f,\"watched\":%s}", pending_seconds_left(pending),
	       pending->is_watched ? "true" : "false");
}
