// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <string.h>

#include "dispatcher.h"
#include "prog_choice.h"
#include "json.h"
#include "map_shape.h"
#include "object.h"
#include "report.h"
#include "report_confirm.h"
#include "report_constants.h"
#include "report_json.h"
#include "shell.h"
#include "visible.h"
#include "xdp_action.h"
#include "xdp_stats_kern_user.h"

/* What happens to a map of the object: it is new, or a pinned one is reused. */
struct map_fate {
	__u32 id; /* 0: not loaded */
	char path[PIN_PATH_SIZE];
	const struct pin *previous; /* the previous pin at this path, or NULL */
	bool is_reused;
};

static struct map_fate fate_of(const struct load *load, const struct bpf_map *map)
{
	struct map_fate fate = { .id = object_map_id(map) };
	char name[NAME_MAX + 1];

	object_pin_name(name, map);
	pin_path(fate.path, load->ifname, name);
	fate.previous = pin_dir_find(&load->old_pins, name);
	fate.is_reused = load->is_unchanged || map_is_reused(load, map);
	if (load->is_unchanged)
		fate.id = fate.previous->map_id;
	return fate;
}

/* Does the map need entries from another program before it has an effect? */
static bool must_be_filled(const struct load *load, const struct bpf_map *map)
{
	switch (bpf_map__type(map)) {
	case BPF_MAP_TYPE_PROG_ARRAY:
		return !tail_calls_have_map(&load->tail_calls, bpf_map__name(map));
	case BPF_MAP_TYPE_DEVMAP:
	case BPF_MAP_TYPE_DEVMAP_HASH:
	case BPF_MAP_TYPE_CPUMAP:
	case BPF_MAP_TYPE_XSKMAP:
		return true;
	default:
		return false;
	}
}

static bool could_be_reused(const struct load *load, const struct bpf_map *map)
{
	return map_is_reusable(map) && !tail_calls_have_map(&load->tail_calls, bpf_map__name(map));
}

static bool is_dropped(const struct load *load, const struct pin *pin)
{
	return !object_has_pin(load->obj, pin->name);
}

/* What was in a previous map is not in the new one. Constants are no loss. */
static void print_loss(const struct load *load, const struct bpf_map *map,
		       const struct pin *previous)
{
	const char *differences = global_data_differences(&load->globals, map);
	const bool is_shared =
		shared_maps_for_each(previous->name, previous->map_id, load->ifname, NULL, NULL);
	char first[DIFFERENCES_SIZE];

	if (!map_is_reusable(map))
		return;
	printf(", new %s: ", bpf_map__is_internal(map) ? "with its initial values"
			     : tail_calls_have_map(&load->tail_calls, bpf_map__name(map))
				     ? "with the programs of the object"
				     : "and empty");
	printf(is_shared               ? "map %u is no longer shared"
	       : load->pending.prog_id ? "map %u is kept until the load is confirmed"
				       : "what was in map %u is gone",
	       previous->map_id);
	if (is_shared) {
		printf(" (--share-from shares it)");
	} else if (differences) {
		snprintf(first, sizeof(first), "%.*s", (int)strcspn(differences, "\n"),
			 differences);
		printf("; its variables differ: %s", visible(first).text);
	} else if (could_be_reused(load, map)) {
		printf(load->pending.prog_id ? " (--reuse-maps goes on with it)"
					     : " (--reuse-maps keeps it)");
	}
}

static bool holds_counters(const struct bpf_map *map)
{
	char ignored[256];
	struct text differs = text_in(ignored, sizeof(ignored));
	const struct map_shape shape = {
		.type = bpf_map__type(map),
		.key_size = bpf_map__key_size(map),
		.value_size = bpf_map__value_size(map),
		.max_entries = bpf_map__max_entries(map),
	};

	return map_shape_is_counters(shape, &differs);
}

/* Without the map that xdp_stats reads by default, it may be able to read another one. */
static void print_readable(const struct load *load)
{
	const struct bpf_map *counters =
		bpf_object__find_map_by_name(load->obj, XDP_STATS_MAP_NAME);
	bool is_readable = counters && holds_counters(counters);
	char name[NAME_MAX + 1];
	struct bpf_map *map;

	if (is_readable)
		return;
	object_for_each_map (map, load->obj) {
		if (!holds_counters(map))
			continue;
		object_pin_name(name, map);
		printf("%s holds counters: xdp_stats --dev %s --map %s\n", visible(name).text,
		       shell_word(load->ifname).text, shell_word(name).text);
		is_readable = true;
	}
	if (!is_readable)
		printf("no map for xdp_stats: the object has no %s\n",
		       counters ? XDP_STATS_MAP_NAME " of the right shape" : XDP_STATS_MAP_NAME);
}

static void print_maps(const struct load *load)
{
	struct bpf_map *map;

	object_for_each_map (map, load->obj) {
		struct map_fate fate = fate_of(load, map);

		printf("map id %u pinned at %s", fate.id, visible(fate.path).text);
		if (map_is_shared(load, map))
			printf(", shared with %s", visible(load->opts->share_from).text);
		else if (fate.is_reused)
			printf(", reused: what is in it stays");
		else if (fate.previous)
			print_loss(load, map, fate.previous);
		if (!fate.is_reused && must_be_filled(load, map))
			printf("; %s has to be filled by another program", bpf_map__name(map));
		if (!fate.is_reused && marked_maps_have(&load->marked, map))
			printf("; each interface has its own, unless --share-from IFNAME is used");
		putchar('\n');
	}
	print_readable(load);
	for (size_t i = 0; i < load->old_pins.count; i++) {
		const struct pin *pin = &load->old_pins.pins[i];

		if (is_dropped(load, pin))
			printf("map id %u (%s) %s: the object has no such map\n", pin->map_id,
			       visible(pin->name).text,
			       load->pending.prog_id ? "is kept until the load is confirmed"
						     : "dropped");
	}
}

static const struct xdp_prog *attached(const struct load *load)
{
	return load->is_unchanged ? &load->old : &load->new;
}

static void print_object(const char *path)
{
	char source[PATH_MAX];

	printf("object %s", visible(path).text);
	if (object_is_older_than_source(path, source, sizeof(source)))
		printf(", older than %s", visible(source).text);
	putchar('\n');
}

/* libxdp's pins keep its programs in the kernel. */
static void print_dispatcher(const struct load *load)
{
	if (load->old.id && dispatcher_is(&load->old))
		printf("libxdp has pins of its own left: xdp-loader clean %s removes them\n",
		       shell_word(load->ifname).text);
}

static void print_load(const struct load *load)
{
	char what[128];

	xdp_prog_describe(what, sizeof(what), attached(load));
	printf(load->is_unchanged ? "unchanged: %s has this program already: %s\n"
				  : "attached to %s: %s\n",
	       visible(load->ifname).text, what);
	if (load->is_mode_kept)
		printf("skb mode is kept: the driver announces no native XDP\n");
	print_pending(load);
	print_object(load->opts->filename);
	constants_for_each(load->obj, report_constant, "");
	print_maps(load);
	prog_choice_list_others(load, what, sizeof(what));
	if (load->tail_calls.count && *what && !load->opts->progname)
		printf("program %s was chosen; --progname takes another one: %s\n",
		       visible(load->new.name).text, what);
	if (!load->old.id || load->is_unchanged)
		return;
	xdp_prog_describe(what, sizeof(what), &load->old);
	printf("replaced %s%s\n", what,
	       load->replaced == XDP_REPLACE_GAP
		       ? "; for a moment between the modes no program was attached"
		       : "");
	print_dispatcher(load);
}

static void print_driver(const struct load *load)
{
	char features[256];
	struct text text = text_in(features, sizeof(features));

	netdev_features_describe(&load->features, &text);
	printf("driver %s\n", features);
	if (load->new.mode == XDP_MODE_NATIVE && netdev_lacks_native(&load->features))
		printf("native mode will be refused, unless the driver has more than it announces: "
		       "use --skb-mode or --auto-mode\n");
}

static void print_dry_run(const struct load *load)
{
	char name[NAME_MAX + 1], what[128];
	struct bpf_map *map;

	printf("dry run: nothing is attached to %s, nothing is pinned; whether its driver accepts "
	       "the program in %s mode was not tested\n",
	       visible(load->ifname).text, xdp_mode_name(load->new.mode));
	print_driver(load);
	print_object(load->opts->filename);
	if (load->test.runs)
		printf("program %s: accepted by the verifier; on a packet of %d bytes it returns "
		       "%s, after %u ns (%u run%s)\n",
		       visible(load->new.name).text, DRY_RUN_PACKET_SIZE,
		       xdp_action_name(load->test.action), load->test.ns, load->test.runs,
		       load->test.runs == 1 ? "" : "s, the average");
	else
		printf("program %s: accepted by the verifier; not run: it reads metadata, which "
		       "only "
		       "packets of the interface have\n",
		       visible(load->new.name).text);
	constants_for_each(load->obj, report_constant, "");
	object_for_each_map (map, load->obj) {
		object_pin_name(name, map);
		printf("map %s would be %s\n", visible(name).text,
		       map_is_reused(load, map) ? "reused" : "new");
	}
	for (size_t i = 0; i < load->old_pins.count; i++)
		if (is_dropped(load, &load->old_pins.pins[i]))
			printf("map %s would be dropped\n",
			       visible(load->old_pins.pins[i].name).text);
	if (!load->old.id)
		return;
	xdp_prog_describe(what, sizeof(what), &load->old);
	printf("program %s would be replaced%s\n", what,
	       load->replaced == XDP_REPLACE_GAP ? ", with a gap between the modes" : "");
}

static void print_unload(const struct load *load)
{
	char what[128];

	xdp_prog_describe(what, sizeof(what), &load->old);
	if (load->old.id)
		printf("detached from %s: %s\n", visible(load->ifname).text, what);
	else if (load->ifindex)
		printf("%s: no XDP program is attached\n", visible(load->ifname).text);
	else
		printf("%s: there is no such interface\n", visible(load->ifname).text);
	print_dispatcher(load);
	for (size_t i = 0; i < load->old_pins.count; i++)
		printf("map id %u unpinned from %s/%s\n", load->old_pins.pins[i].map_id,
		       visible(load->live.path).text, visible(load->old_pins.pins[i].name).text);
	print_dropped(load);
	if (*load->old_pins.stranger)
		printf("left %s/%s: it is not a pinned map\n", visible(load->live.path).text,
		       visible(load->old_pins.stranger).text);
}

static void json_maps(const struct load *load)
{
	const char *separator = "";
	struct bpf_map *map;

	fputs(",\"maps\":[", stdout);
	object_for_each_map (map, load->obj) {
		struct map_fate fate = fate_of(load, map);

		printf("%s{\"id\":%u,", separator, fate.id);
		json_text("name", bpf_map__name(map));
		putchar(',');
		json_text("pin", fate.path);
		printf(",\"reused\":%s}", fate.is_reused ? "true" : "false");
		separator = ",";
	}
	fputs("],\"dropped\":[", stdout);
	separator = "";
	for (size_t i = 0; i < load->old_pins.count; i++) {
		const struct pin *pin = &load->old_pins.pins[i];

		if (!is_dropped(load, pin))
			continue;
		printf("%s{\"id\":%u,", separator, pin->map_id);
		json_text("name", pin->name);
		putchar('}');
		separator = ",";
	}
	putchar(']');
}

static void json_constants(const struct load *load)
{
	bool has_members = false;

	fputs(",\"constants\":{", stdout);
	constants_for_each(load->obj, report_constant_json, &has_members);
	putchar('}');
}

static void json_test(const struct load *load)
{
	fputs(",\"driver_features\":", stdout);
	netdev_features_json(&load->features);
	if (load->test.runs)
		printf(",\"test\":{\"action\":\"%s\",\"ns\":%u,\"runs\":%u}",
		       xdp_action_name(load->test.action), load->test.ns, load->test.runs);
	else
		fputs(",\"test\":null", stdout);
}

static void json_load(const struct load *load, const char *action)
{
	static const struct xdp_prog none = { .fd = -1 };

	json_head(load, action);
	putchar(',');
	json_text("object", load->opts->filename);
	json_prog("program", attached(load));
	json_maps(load);
	json_prog("replaced", load->is_unchanged ? &none : &load->old);
	printf(",\"unchanged\":%s", load->is_unchanged ? "true" : "false");
	json_constants(load);
	printf(",\"gap\":%s", load->replaced == XDP_REPLACE_GAP ? "true" : "false");
	json_pending(&load->pending);
	if (load->opts->dry_run)
		json_test(load);
	puts("}");
}

static void json_unload(const struct load *load)
{
	char path[PIN_PATH_SIZE];

	json_head(load, "unload");
	json_prog("detached", &load->old);
	fputs(",\"unpinned\":[", stdout);
	for (size_t i = 0; i < load->old_pins.count; i++) {
		pin_path(path, load->ifname, load->old_pins.pins[i].name);
		printf("%s{\"id\":%u,", i ? "," : "", load->old_pins.pins[i].map_id);
		json_text("pin", path);
		putchar('}');
	}
	fputs("],\"left\":", stdout);
	if (*load->old_pins.stranger)
		json_print_string(stdout, load->old_pins.stranger);
	else
		fputs("null", stdout);
	puts("}");
}

void report(const struct load *load)
{
	const struct loader_options *opts = load->opts;

	if (opts->quiet)
		return;
	if (loader_answers(opts))
		report_answer(load);
	else if (opts->unload.wanted)
		(opts->json ? json_unload : print_unload)(load);
	else if (opts->json)
		json_load(load, opts->dry_run ? "dry-run" : "load");
	else
		(opts->dry_run ? print_dry_run : print_load)(load);
}
