// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "explain.h"
#include "interface.h"
#include "loader_options.h"
#include "log.h"
#include "options.h"
#include "parse.h"
#include "pin_path.h"
#include "xdp_prog.h"

#ifndef OBJECT_DIR /* set by the Makefile: below the prefix, or an absolute path */
#define OBJECT_DIR "lib/xdp_loader"
#endif
#define DEFAULT_OBJECT   "xdp_prog_kern.o"
#define INSTALLED_OBJECT OBJECT_DIR "/" DEFAULT_OBJECT

#define WAIT_MAX_S    86400
#define CONFIRM_MAX_S 86400
#define CONFIRM_S     60

static struct loader_options opts = { .wait_ms = -1 };

/* The length of the directory part, with its slash, of the first length bytes of path. */
static size_t length_to_slash(const char *path, size_t length)
{
	while (length && path[length - 1] != '/')
		length--;
	return length;
}

/* The installed object, or the one next to this program, where both were built. */
static const char *default_object(void)
{
	static char path[PATH_MAX + sizeof(INSTALLED_OBJECT)];
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	size_t dir, prefix;

	/* in "/usr/local/sbin/xdp_loader" the first 16 bytes are dir, the first 11 prefix */
	self[length < 0 ? 0 : length] = '\0';
	dir = length_to_slash(self, strlen(self));
	prefix = dir > 1 ? length_to_slash(self, dir - 1) : dir;
	if (OBJECT_DIR[0] == '/')
		prefix = 0;
	snprintf(path, sizeof(path), "%.*s%s", (int)prefix, self, INSTALLED_OBJECT);
	if (access(path, F_OK)) /* if this one is missing too, the error names it */
		snprintf(path, sizeof(path), "%.*s" DEFAULT_OBJECT, (int)dir, self);
	return path;
}

static int add_dev(const struct option_row *row, const char *arg, const char **why)
{
	struct interface_list *list = row->dest;

	*why = "not a valid interface name (1 to 15 bytes, no '/', ':' or space)";
	if (interface_check_name(arg))
		return -EINVAL;
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->names[i], arg))
			return 0;
	*why = "64 interfaces at most can be given";
	if (list->count == INTERFACES_MAX)
		return -EINVAL;
	list->names[list->count++] = arg;
	return 0;
}

static int add_setting(const struct option_row *row, const char *arg, const char **why)
{
	struct setting_list *list = row->dest;
	const size_t length = strcspn(arg, "=");

	*why = "write NAME=VALUE, such as port=8080";
	if (!length || arg[length] != '=')
		return -EINVAL;
	*why = "this constant is set twice";
	for (size_t i = 0; i < list->count; i++)
		if (!strncmp(list->each[i], arg, length + 1))
			return -EINVAL;
	*why = "64 constants at most can be set";
	if (list->count == SETTINGS_MAX)
		return -EINVAL;
	list->each[list->count++] = arg;
	return 0;
}

static int set_unload(const struct option_row *row, const char *arg, const char **why)
{
	struct unload_option *unload = row->dest;

	*why = "a program id is a number from 1 to 4294967295";
	unload->wanted = true;
	return arg ? parse_u32(arg, &unload->prog_id) : 0;
}

static int set_wait(const struct option_row *row, const char *arg, const char **why)
{
	uint64_t ns = 0;

	*why = "seconds from 0 to 86400, such as 5 or 0.5";
	if (parse_seconds(arg, &ns) || ns > WAIT_MAX_S * NS_PER_S)
		return -EINVAL;
	*(int *)row->dest = ns / 1000000;
	return 0;
}

static int set_confirm(const struct option_row *row, const char *arg, const char **why)
{
	struct confirm_option *confirm = row->dest;
	uint64_t ns = 0;

	*why = "seconds from 1 to 86400, such as 60";
	confirm->wanted = true;
	if (arg && (parse_seconds(arg, &ns) || ns < NS_PER_S || ns > CONFIRM_MAX_S * NS_PER_S))
		return -EINVAL;
	confirm->ms = ns / 1000000;
	return 0;
}

static int set_losses(const struct option_row *row, const char *arg, const char **why)
{
	struct losses_option *losses = row->dest;

	*why = "write --losses, or --losses=off";
	losses->wanted = true;
	losses->off = arg;
	return arg && strcmp(arg, "off") ? -EINVAL : 0;
}

static const struct option_row rows[] = {
	{ "dev", 'd', "IFNAME", "the interface to work on; several: all or none", add_dev,
	  &opts.devs },
	{ "skb-mode", 'S', NULL, "attach in skb (generic) mode", option_value, &opts.mode,
	  XDP_MODE_SKB },
	{ "native-mode", 'N', NULL, "attach in native (driver) mode, the default", option_value,
	  &opts.mode, XDP_MODE_NATIVE },
	{ "auto-mode", 'A', NULL, "native if the driver supports it, else skb", option_value,
	  &opts.mode, XDP_MODE_AUTO },
	{ "filename", 0, "FILE", "object file; default " DEFAULT_OBJECT, option_text,
	  &opts.filename },
	{ "progname", 0, "NAME", "program to attach; default the first XDP program", option_text,
	  &opts.progname },
	{ "set", 0, "NAME=VALUE", "set a constant (const volatile) of the program; repeatable",
	  add_setting, &opts.settings },
	{ "force", 'F', NULL, "replace the attached XDP program", option_flag, &opts.force },
	{ "take-dispatcher", 0, NULL, "with --force or --unload: libxdp's dispatcher, too",
	  option_flag, &opts.take_dispatcher },
	{ "reuse-maps", 'M', NULL, "keep the pinned maps and their counters", option_flag,
	  &opts.reuse_maps },
	{ "share-from", 0, "IFNAME", "use the maps of this interface that are marked PIN_BY_NAME",
	  option_ifname, &opts.share_from },
	{ "unload", 'U', "[ID]", "detach and unpin; with ID only this program", set_unload,
	  &opts.unload },
	{ "confirm", 0, "[SECONDS]", "the previous program comes back if not confirmed in time",
	  set_confirm, &opts.confirm },
	{ "rollback", 0, NULL, "the previous program comes back now", option_flag, &opts.rollback },
	{ "dry-run", 0, NULL, "load and test the program; attach and pin nothing", option_flag,
	  &opts.dry_run },
	{ "status", 0, NULL, "show what is attached and pinned; without --dev, all", option_flag,
	  &opts.status },
	{ "losses", 0, "[off]", "count packets that are lost after the verdict; or stop that",
	  set_losses, &opts.losses },
	{ "explain", 0, NULL, "explain each step, its calls, and how to do it by hand", option_flag,
	  &opts.explain },
	{ "wait", 0, "SECONDS", "wait at most this long for another loader; default no limit",
	  set_wait, &opts.wait_ms },
	{ "json", 'j', NULL, "print JSON, one object per interface, also errors", option_flag,
	  &opts.json },
	{ "quiet", 'q', NULL, "print only errors", option_flag, &opts.quiet },
	{ "verbose", 'v', NULL, "print the log of libbpf and the verifier, too", option_flag,
	  &opts.verbose },
	{ "help", 'h', NULL, "show this help and exit", option_help },
	{ "version", 'V', NULL, "show the version and exit", option_version },
};

static const struct options options = {
	.program = "xdp_loader",
	.usage = "[OPTIONS] --dev IFNAME [--dev IFNAME...]",
	.summary =
		"Attach an XDP program to an interface and pin its maps in " BPFFS_ROOT "/IFNAME,\n"
		"or detach it and remove the pins.",
	.footer = "Exit status: 0 done; 1 other failure; 2 wrong options, or no such interface;\n"
		  "30 attach or detach failed; 40 BPF object, map or pin failed.",
	.rows = rows,
	.count = sizeof(rows) / sizeof(rows[0]),
	.operand = "dev",
	.json = &opts.json,
};

static bool has_load_options(void)
{
	return opts.filename || opts.progname || opts.mode || opts.reuse_maps || opts.dry_run ||
	       opts.settings.count || opts.share_from;
}

/* --confirm alone confirms; with a time, or options for loading, it is for a load. */
static void check_confirm(void)
{
	struct confirm_option *confirm = &opts.confirm;

	if (!confirm->wanted && !opts.rollback)
		return;
	if (confirm->wanted && opts.rollback)
		options_reject(&options, "--confirm and --rollback contradict each other");
	if (opts.unload.wanted || opts.status)
		options_reject(&options, "--%s and --%s contradict each other",
			       opts.rollback ? "rollback" : "confirm",
			       opts.unload.wanted ? "unload" : "status");
	if (opts.rollback && (opts.force || has_load_options()))
		options_reject(&options, "--rollback cannot be used with options for loading");
	if (!confirm->wanted || confirm->ms)
		return;
	confirm->is_answer = !opts.force && !has_load_options();
	if (!confirm->is_answer)
		confirm->ms = CONFIRM_S * 1000;
}

static void check_together(void)
{
	if (opts.losses.wanted &&
	    (opts.devs.count || opts.unload.wanted || opts.status || opts.force ||
	     opts.confirm.wanted || opts.rollback || has_load_options()))
		options_reject(&options, "--losses is for the whole machine: it can be used only "
					 "with --wait, --explain, --json, --quiet and --verbose");
	if (!opts.devs.count && !opts.status && !opts.losses.wanted)
		options_reject(&options, "name the interface with --dev");
	if (opts.devs.count > 1 && opts.unload.prog_id)
		options_reject(&options, "--unload=%u needs exactly one --dev",
			       opts.unload.prog_id);
	if (opts.quiet && opts.verbose)
		options_reject(&options, "--quiet and --verbose contradict each other");
	if (opts.json && opts.quiet)
		options_reject(&options, "--json and --quiet contradict each other");
	if (opts.status && (opts.force || opts.explain || opts.quiet))
		options_reject(&options,
			       "--status can be used only with --dev, --json and --verbose");
	if (opts.unload.wanted && opts.status)
		options_reject(&options, "--unload and --status contradict each other");
	if ((opts.unload.wanted || opts.status) && has_load_options())
		options_reject(&options, "--%s cannot be used with options for loading",
			       opts.status ? "status" : "unload");
}

const struct loader_options *loader_options_read(int argc, char **argv)
{
	static char share_from[IF_NAMESIZE];

	log_init("xdp_loader", LOG_NORMAL);
	for (int i = 1; i < argc; i++) /* an error in an earlier option is printed as JSON, too */
		if (!strcmp(argv[i], "--json") || !strcmp(argv[i], "-j"))
			opts.json = true;
	options_parse(&options, argc, argv);
	if (opts.explain)
		explain_on();
	check_together();
	check_confirm();
	if (opts.share_from && interface_find(opts.share_from, share_from) >= 0)
		opts.share_from = share_from; /* the pins are under the real name */
	if (opts.quiet || opts.verbose)
		log_init("xdp_loader", opts.quiet ? LOG_ERRORS : LOG_VERBOSE);
	opts.is_default_mode = !opts.mode;
	if (!opts.mode)
		opts.mode = XDP_MODE_NATIVE;
	if (!opts.filename && !opts.unload.wanted && !opts.status && !opts.losses.wanted &&
	    !loader_answers(&opts))
		opts.filename = default_object();
	return &opts;
}
