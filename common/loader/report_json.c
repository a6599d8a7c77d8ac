// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>

#include "json.h"
#include "object.h"
#include "pin_path.h"
#include "report_json.h"
#include "xdp_action.h"

/* "key":"text" */
static void print_text(const char *key, const char *text)
{
	printf("\"%s\":", key);
	json_print_string(stdout, text);
}

static void print_attached(const char *key, const struct xdp_attached *attached)
{
	printf(",\"%s\":", key);
	if (!attached->prog_id) {
		fputs("null", stdout);
		return;
	}
	printf("{\"id\":%u,\"mode\":\"%s\",", attached->prog_id, xdp_mode_name(attached->mode));
	print_text("name", attached->name);
	putchar('}');
}

static void print_head(const struct job *job, const char *action)
{
	printf("{\"action\":\"%s\",", action);
	print_text("ifname", job->ifname);
}

static void print_maps(const struct job *job, bool would_reuse)
{
	char name[NAME_MAX + 1], path[PIN_PATH_SIZE];
	const char *separator = "";
	struct bpf_map *map;

	fputs(",\"maps\":[", stdout);
	bpf_object__for_each_map (map, job->obj) {
		__u32 id = object_map_id(map);
		const struct pin *pin;

		object_pin_name(name, map);
		pin = pin_dir_find(&job->old_pins, name);
		pin_path(path, job->ifname, name);
		printf("%s{\"id\":%u,", separator, id);
		print_text("name", bpf_map__name(map));
		putchar(',');
		print_text("pin", path);
		printf(",\"reused\":%s}",
		       pin && (pin->map_id == id || would_reuse) ? "true" : "false");
		separator = ",";
	}
	putchar(']');
}

static void print_dropped(const struct job *job)
{
	const char *separator = "";

	fputs(",\"dropped\":[", stdout);
	for (size_t i = 0; i < job->old_pins.count; i++) {
		const struct pin *pin = &job->old_pins.pins[i];

		if (object_has_pin(job->obj, pin->name))
			continue;
		printf("%s{\"id\":%u,", separator, pin->map_id);
		print_text("name", pin->name);
		putchar('}');
		separator = ",";
	}
	putchar(']');
}

void report_load_json(const struct job *job, const char *filename, const struct test_run *test,
		      bool would_reuse)
{
	print_head(job, test ? "dry-run" : "load");
	putchar(',');
	print_text("object", filename);
	print_attached("program", &job->new);
	print_maps(job, would_reuse);
	print_dropped(job);
	print_attached("replaced", &job->old);
	printf(",\"gap\":%s", job->replaced == XDP_REPLACE_GAP ? "true" : "false");
	if (test)
		printf(",\"test\":{\"action\":\"%s\",\"ns\":%u,\"runs\":%u}",
		       xdp_action_name(test->action), test->ns, test->runs);
	puts("}");
}

void report_unload_json(const struct job *job)
{
	char path[PIN_PATH_SIZE];

	print_head(job, "unload");
	print_attached("detached", &job->old);
	fputs(",\"unpinned\":[", stdout);
	for (size_t i = 0; i < job->old_pins.count; i++) {
		pin_path(path, job->ifname, job->old_pins.pins[i].name);
		printf("%s{\"id\":%u,", i ? "," : "", job->old_pins.pins[i].map_id);
		print_text("pin", path);
		putchar('}');
	}
	puts("]}");
}
