// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "bpffs.h"
#include "json.h"
#include "log.h"
#include "pin_path.h"
#include "report_constants.h"
#include "report_json.h"
#include "report_losses.h"
#include "report_status.h"
#include "shared_maps.h"
#include "shell.h"
#include "status.h"
#include "visible.h"

static size_t shown; /* interfaces so far */

/* Convert a time since boot to seconds since the epoch. */
static double epoch_of(__u64 since_boot_ns)
{
	struct timespec now, boot;

	clock_gettime(CLOCK_REALTIME, &now);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	return now.tv_sec - boot.tv_sec +
	       (now.tv_nsec - boot.tv_nsec + (double)since_boot_ns) / 1e9;
}

static void format_tag(char text[2 * BPF_TAG_SIZE + 1], const __u8 tag[BPF_TAG_SIZE])
{
	for (int i = 0; i < BPF_TAG_SIZE; i++)
		snprintf(text + 2 * i, 3, "%02x", tag[i]);
}

static const struct pin *pin_of_map(const struct status *status, __u32 id)
{
	for (size_t i = 0; i < status->pins.count; i++)
		if (status->pins.pins[i].map_id == id)
			return &status->pins.pins[i];
	return NULL;
}

/*
 * The name of a map by its id; "" if the process may not open it. The kernel keeps 15
 * bytes of it: the pin has all, where each dot is an underscore.
 */
static void map_name(const struct status *status, __u32 id, char name[NAME_MAX + 1])
{
	const struct pin *pin = pin_of_map(status, id);
	struct bpf_map_info info = { 0 };
	__u32 length = sizeof(info);
	int fd = bpf_map_get_fd_by_id(id);

	if (fd >= 0) {
		bpf_obj_get_info_by_fd(fd, &info, &length);
		close(fd);
	}
	snprintf(name, NAME_MAX + 1, "%s", info.name);
	if (pin && strlen(info.name) == BPF_OBJ_NAME_LEN - 1 && !strchr(info.name, '.') &&
	    !strncmp(pin->name, info.name, BPF_OBJ_NAME_LEN - 1))
		snprintf(name, NAME_MAX + 1, "%s", pin->name);
}

static void path_of(const struct status *status, const struct pin *pin, char path[PIN_PATH_SIZE])
{
	pin_path(path, status->ifname, pin->name);
}

/* Colour only on a terminal, and not with NO_COLOR. */
static void print_state(const struct status *status)
{
	const bool colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
	const char *begin = status->state == STATUS_OK ? "\033[32m" : "\033[31m";

	printf("%s: %s%s%s\n", visible(status->ifname).text, colour ? begin : "",
	       status_word(status->state), colour ? "\033[0m" : "");
}

static void print_program(const struct status *status)
{
	char what[128], tag[2 * BPF_TAG_SIZE + 1], when[sizeof("2026-11-23 10:00:02")] = "";
	time_t loaded = epoch_of(status->prog.load_time_ns);
	struct tm tm;

	xdp_prog_describe(what, sizeof(what), &status->attached);
	if (status->attached.fd < 0) {
		printf("  program  %s (run as root to see more)\n", what);
		return;
	}
	format_tag(tag, status->prog.tag);
	if (localtime_r(&loaded, &tm))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	printf("  program  %s, tag %s, loaded %s\n", what, tag, when);
	/* the kernel measures only while kernel.bpf_stats_enabled is 1 */
	if (status->prog.run_count)
		printf("  run time %.0f ns per packet, over %llu packets\n",
		       (double)status->prog.run_time_ns / status->prog.run_count,
		       (unsigned long long)status->prog.run_count);
}

static void print_driver(const struct status *status)
{
	char features[256];
	struct text text = text_in(features, sizeof(features));

	netdev_features_describe(&status->features, &text);
	printf("  driver   %s\n", features);
}

static void print_pending_load(const struct status *status)
{
	const struct pending *pending = &status->pending;
	const struct shell_word name = shell_word(status->ifname);

	fputs("  pending  ", stdout);
	if (!pending->is_watched)
		printf("the process that would roll back was killed");
	else if (pending->previous_id)
		printf("program id %u comes back in %.0f s", pending->previous_id,
		       pending_seconds_left(pending));
	else
		printf("it is detached in %.0f s", pending_seconds_left(pending));
	printf("; xdp_loader --dev %s --confirm keeps it, --rollback goes back now\n", name.text);
}

/* Visitors of the other interfaces that pin a map; data says whether one came before. */
static void print_other(const char *ifname, void *data)
{
	bool *has_others = data;

	printf("%s%s", *has_others ? ", " : ", shared with ", visible(ifname).text);
	*has_others = true;
}

static void print_json_other(const char *ifname, void *data)
{
	bool *has_others = data;

	if (*has_others)
		putchar(',');
	json_print_string(stdout, ifname);
	*has_others = true;
}

static void for_each_other(const struct status *status, const struct pin *pin,
			   shared_maps_visit *visit)
{
	bool has_others = false;

	shared_maps_for_each(pin->name, pin->map_id, status->ifname, visit, &has_others);
}

static void print_words(const struct status *status)
{
	char name[NAME_MAX + 1], path[PIN_PATH_SIZE];

	shown++;
	print_state(status);
	if (!status->ifindex)
		printf("  there is no such interface here\n");
	else
		print_driver(status);
	if (status->attached.id)
		print_program(status);
	if (status->pending.prog_id)
		print_pending_load(status);
	constants_for_each_loaded(status->prog.map_ids, status->prog.map_count, report_constant,
				  "  ");
	for (__u32 i = 0; i < status->prog.map_count; i++) {
		const struct pin *pin = pin_of_map(status, status->prog.map_ids[i]);

		map_name(status, status->prog.map_ids[i], name);
		if (pin)
			path_of(status, pin, path);
		printf("  map      id %u, %s, %s%s", status->prog.map_ids[i], visible(name).text,
		       pin ? "pinned at " : "not pinned", pin ? visible(path).text : "");
		if (pin)
			for_each_other(status, pin, print_other);
		putchar('\n');
	}
	for (size_t i = 0; i < status->pins.count; i++) {
		const struct pin *pin = &status->pins.pins[i];

		path_of(status, pin, path);
		if (!prog_info_has_map(&status->prog, pin->map_id))
			printf("  pin      %s, map id %u\n", visible(path).text, pin->map_id);
	}
	if (status->state == STATUS_ELSEWHERE)
		printf("  used by  program id %u, %s\n", status->elsewhere.prog_id,
		       visible(status->elsewhere.name).text);
	if (status->pins_err)
		printf("  pins     cannot be read: %s%s%s\n", pin_dir_strerror(status->pins_err),
		       *status->pins.stranger ? ": " : "", visible(status->pins.stranger).text);
}

static void print_json_program(const struct status *status)
{
	char tag[2 * BPF_TAG_SIZE + 1];

	if (!status->attached.id) {
		fputs("null", stdout);
		return;
	}
	printf("{\"id\":%u,\"mode\":\"%s\"", status->attached.id,
	       xdp_mode_name(status->attached.mode));
	if (status->attached.fd >= 0) {
		format_tag(tag, status->prog.tag);
		fputs(",\"name\":", stdout);
		json_print_string(stdout, status->attached.name);
		printf(",\"tag\":\"%s\",\"load_time\":%.3f", tag,
		       epoch_of(status->prog.load_time_ns));
		printf(",\"run_time_ns\":%llu,\"run_count\":%llu",
		       (unsigned long long)status->prog.run_time_ns,
		       (unsigned long long)status->prog.run_count);
	}
	putchar('}');
}

static void print_json(const struct status *status)
{
	char name[NAME_MAX + 1], path[PIN_PATH_SIZE];
	bool has_constants = false;

	printf("%s{\"ifname\":", shown++ ? "," : "{\"interfaces\":[");
	json_print_string(stdout, status->ifname);
	printf(",\"ifindex\":%d,\"state\":\"%s\",\"program\":", status->ifindex,
	       status_word(status->state));
	print_json_program(status);
	fputs(",\"driver_features\":", stdout);
	netdev_features_json(&status->features);
	fputs(",\"constants\":{", stdout);
	constants_for_each_loaded(status->prog.map_ids, status->prog.map_count,
				  report_constant_json, &has_constants);
	fputs("},\"maps\":[", stdout);
	for (__u32 i = 0; i < status->prog.map_count; i++) {
		map_name(status, status->prog.map_ids[i], name);
		printf("%s{\"id\":%u,\"name\":", i ? "," : "", status->prog.map_ids[i]);
		json_print_string(stdout, name);
		putchar('}');
	}
	fputs("],\"pins\":[", stdout);
	for (size_t i = 0; i < status->pins.count; i++) {
		path_of(status, &status->pins.pins[i], path);
		printf("%s{\"path\":", i ? "," : "");
		json_print_string(stdout, path);
		printf(",\"map_id\":%u,\"shared_with\":[", status->pins.pins[i].map_id);
		for_each_other(status, &status->pins.pins[i], print_json_other);
		fputs("]}", stdout);
	}
	fputs("],\"pins_error\":", stdout);
	if (status->pins_err)
		json_print_string(stdout, pin_dir_strerror(status->pins_err));
	else
		fputs("null", stdout);
	if (status->state == STATUS_ELSEWHERE)
		printf(",\"used_by\":%u", status->elsewhere.prog_id);
	else
		fputs(",\"used_by\":null", stdout);
	json_pending(&status->pending);
	putchar('}');
}

/* *code becomes the worse of what it was and what this interface has. */
static int read_one(const char *ifname, status_show *show, enum status_code *code)
{
	struct status status;
	int err = status_read(ifname, &status);

	if (!err && !status.ifindex && status.state == STATUS_NOTHING) {
		err = -ENODEV;
	} else if (!err) {
		show(&status);
		*code = status_code_worse(*code, status_code(status.state));
	}
	if (!err || err == -ENODEV)
		status_free(&status);
	return err;
}

/* Without the file system pins cannot be seen; this is not the same as no pins. */
static void note_missing_bpffs(void)
{
	int fd = bpffs_open();

	if (fd >= 0)
		close(fd);
	else
		log_info("pins cannot be seen: %s",
			 fd == -EACCES ? BPFFS_ROOT " can be read only as root"
				       : "no BPF file system is mounted on " BPFFS_ROOT " here");
}

/* Of several failures, keep the first one. */
static void fail(struct failure *failure, const char *what, int err)
{
	if (!err || failure->exit_code)
		return;
	failure_set(failure, err == -ENODEV ? EXIT_USAGE : EXIT_FAILURE,
		    "cannot read the status of %s", visible(what).text);
	failure_cause(failure, "%s", strerror(-err));
	if (err == -ENODEV)
		failure_hint(failure, "see: ip link");
}

int report_status(const struct loader_options *opts, struct failure *failure)
{
	status_show *show = opts->json ? print_json : print_words;
	const struct interface_list *devs = &opts->devs;
	enum status_code code = STATUS_CODE_OK;

	note_missing_bpffs();
	for (size_t i = 0; i < devs->count; i++)
		fail(failure, devs->names[i], read_one(devs->names[i], show, &code));
	if (!devs->count)
		fail(failure, "all interfaces", status_read_all(show));
	if (opts->json && (shown || !failure->exit_code)) {
		fputs(shown ? "]" : "{\"interfaces\":[]", stdout);
		report_losses_status(true);
		puts("}");
	} else if (!opts->json && !failure->exit_code) {
		if (!shown)
			puts("no interface has an XDP program or pins");
		report_losses_status(false);
	}
	return failure->exit_code ?: (int)code;
}
