// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "process.h"
#include "stats_losses.h"
#include "stats_messages.h"
#include "stats_prometheus.h"
#include "visible.h"
#include "xdp_action.h"

/* All samples of a metric follow each other, so each metric has a function. */
struct metric {
	const char *name, *type, *help;
	void (*print)(FILE *out, const char *name, struct watch *watch);
};

/* A name can hold any byte, but a label is UTF-8. */
static void print_device(FILE *out, const char *name, const struct watch *watch)
{
	const struct visible device = visible(watch->ifname);

	fprintf(out, "%s{device=\"", name);
	for (const char *p = device.text; *p; p++) {
		if (*p == '\\' || *p == '"')
			putc('\\', out);
		putc(*p, out);
	}
	putc('"', out);
}

static bool has_sample(const struct watch *watch)
{
	return watch->fd >= 0 && !watch->read_err && watch->last.time_ns;
}

static void print_action(FILE *out, const char *name, const struct watch *watch, int action,
			 __u64 value)
{
	print_device(out, name, watch);
	fputs(",action=\"", out);
	for (const char *p = xdp_action_name(action) + strlen("XDP_"); *p; p++)
		putc(tolower(*p), out);
	fprintf(out, "\"} %llu\n", (unsigned long long)value);
}

static void print_packets(FILE *out, const char *name, struct watch *watch)
{
	for (int i = 0; has_sample(watch) && i < XDP_ACTION_MAX; i++)
		print_action(out, name, watch, i, watch->last.action[i].rx_packets);
}

static void print_bytes(FILE *out, const char *name, struct watch *watch)
{
	for (int i = 0; has_sample(watch) && i < XDP_ACTION_MAX; i++)
		print_action(out, name, watch, i, watch->last.action[i].rx_bytes);
}

static void print_lost(FILE *out, const char *name, struct watch *watch)
{
	struct xdp_losses lost;

	if (!has_sample(watch) || !stats_losses_read(watch, watch->last.time_ns, &lost))
		return;
	for (int i = 0; i < XDP_LOSSES; i++) {
		print_device(out, name, watch);
		fprintf(out, ",reason=\"%s\"} %llu\n", loss_texts[i].word,
			(unsigned long long)lost.packets[i]);
	}
}

static void print_number(FILE *out, const char *name, const struct watch *watch, __u32 number)
{
	print_device(out, name, watch);
	fprintf(out, "} %u\n", number);
}

static void print_attached(FILE *out, const char *name, struct watch *watch)
{
	if (watch->is_prog_known) /* no sample is better than a wrong one */
		print_number(out, name, watch, watch->prog_id != 0);
}

static void print_prog_id(FILE *out, const char *name, struct watch *watch)
{
	if (watch->is_prog_known)
		print_number(out, name, watch, watch->prog_id);
}

static void print_map_id(FILE *out, const char *name, struct watch *watch)
{
	print_number(out, name, watch, watch->map_id);
}

static const struct metric metrics[] = {
	{ "xdp_packets_total", "counter", "Packets by the verdict of the XDP program.",
	  print_packets },
	{ "xdp_bytes_total", "counter", "Bytes by the verdict of the XDP program.", print_bytes },
	{ "xdp_lost_packets_total", "counter", "Packets that were lost after the verdict.",
	  print_lost },
	{ "xdp_map_id", "gauge", "Id of the map that is read, 0 if none can be.", print_map_id },
	{ "xdp_attached", "gauge", "1 if the interface has an XDP program, else 0.",
	  print_attached },
	{ "xdp_prog_id", "gauge", "Id of the XDP program of the interface, 0 if it has none.",
	  print_prog_id },
};

static void print_metrics(FILE *out, struct watch_list *list)
{
	for (size_t m = 0; m < sizeof(metrics) / sizeof(metrics[0]); m++) {
		const struct metric *metric = &metrics[m];

		fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", metric->name, metric->help,
			metric->name, metric->type);
		for (size_t i = 0; i < list->count; i++)
			metric->print(out, metric->name, &list->watches[i]);
	}
}

/* A file of our own, with nothing in it. Returns NULL with errno set on failure. */
static FILE *create(const char *path)
{
	FILE *out;

	unlink(path); /* of a process that was killed */
	out = fopen(path, "wxe");
	if (out && fchmod(fileno(out), 0644)) {
		fclose(out);
		return NULL;
	}
	return out;
}

static int write_metrics(struct watch_list *list, const char *path, const char *new_path)
{
	FILE *out = create(new_path);
	bool failed;

	if (!out)
		return -errno;
	print_metrics(out, list);
	failed = ferror(out);
	if (fclose(out))
		return -errno;
	if (failed)
		return -EIO;
	return rename(new_path, path) ? -errno : 0;
}

/* Whoever names a device, such as /dev/stdout, does not want it replaced. */
static int replace(struct watch_list *list, const char *path)
{
	char new_path[PATH_MAX];
	struct stat st;
	int err;

	if (!lstat(path, &st) && !S_ISREG(st.st_mode))
		return -EEXIST;
	if (snprintf(new_path, sizeof(new_path), "%s.%d", path, getpid()) >= PATH_MAX)
		return -ENAMETOOLONG;
	err = write_metrics(list, path, new_path);
	if (err)
		unlink(new_path);
	return err;
}

int stats_prometheus_write(struct watch_list *list, const char *path, struct failure *failure)
{
	sigset_t all, before;
	int err;

	if (!strcmp(path, "-")) {
		print_metrics(stdout, list);
		return 0;
	}
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before); /* no signal leaves the new file behind */
	err = replace(list, path);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return err ? stats_cannot_write_file(failure, path, err) : 0;
}
