// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include "pin_access.h"
#include "pin_path.h"
#include "shell.h"
#include "stats_instead.h"
#include "stats_messages.h"
#include "text.h"
#include "visible.h"

static bool is_bpffs(void)
{
	struct statfs fs;

	return !statfs(BPFFS_ROOT, &fs) && (unsigned int)fs.f_type == BPF_FS_MAGIC;
}

static void hint_no_bpffs(struct failure *failure)
{
	failure_hint(failure,
		     "there is no BPF file system here. 'ip netns exec' hides it; this does "
		     "not: nsenter --net=/run/netns/NAME COMMAND");
	failure_hint(failure, "where there is none at all, nothing is loaded: xdp_loader --dev "
			      "IFNAME mounts one");
}

static void hint_absent(struct failure *failure, const struct watch *watch)
{
	if (!is_bpffs())
		hint_no_bpffs(failure);
	else if (*watch->ifname)
		stats_instead_add(failure, watch);
	else
		failure_hint(failure, "see what is pinned: ls -R " BPFFS_ROOT);
}

/* The mode of a directory or of the pin refuses; if none does, a security module. */
static void hint_mode(struct failure *failure, const char *path)
{
	const char *root = geteuid() ? "run as root, or " : "";
	char part[PIN_PATH_SIZE];

	switch (pin_access_find(path, part)) {
	case PIN_DIRECTORY:
		failure_hint(failure, "%slet others enter this directory: chmod a+x %s", root,
			     shell_word(part).text);
		break;
	case PIN_UNREADABLE:
		failure_hint(failure, "%slet others read the pin: chmod a+r %s", root,
			     shell_word(part).text);
		break;
	default:
		failure_hint(
			failure,
			"no mode of a file forbids it; a security module, such as SELinux, may");
	}
}

/* bpf(2) itself was refused, whatever the modes of files. */
static void hint_bpf_forbidden(struct failure *failure)
{
	int disabled = pin_access_unprivileged_bpf_disabled();
	struct utsname kernel = { 0 };

	uname(&kernel);
	if (!pin_access_has_cap_bpf() && pin_access_takes_capability(kernel.release, disabled))
		failure_hint(
			failure,
			"CAP_BPF is needed, whatever the mode of the pin: this kernel is older "
			"than 6.1, and kernel.unprivileged_bpf_disabled is %d",
			disabled);
	else
		failure_hint(
			failure,
			"no mode forbids it; the seccomp filter of a container may forbid bpf(2)");
}

static void hint_no_map(struct failure *failure, const char *path)
{
	const struct shell_word word = shell_word(path);
	struct stat st;

	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		failure_hint(failure, "it is a directory; see what it holds: ls -l %s", word.text);
	else
		failure_hint(failure,
			     "see what it is: bpftool prog show pinned %s, or bpftool link "
			     "show pinned %s",
			     word.text, word.text);
}

static void hint_open_files(struct failure *failure)
{
	struct rlimit limit = { 0 };

	getrlimit(RLIMIT_NOFILE, &limit);
	failure_hint(failure,
		     "each map takes a file descriptor, and this process may have %llu; "
		     "the limit is RLIMIT_NOFILE, see: ulimit -Hn",
		     (unsigned long long)limit.rlim_max);
}

/* The errors of opening something else: a directory gives -EACCES, a link -EINVAL. */
static bool is_no_map(const char *path, int err)
{
	struct stat st;

	if (err == -EACCES)
		return !stat(path, &st) && !S_ISREG(st.st_mode);
	return err == -EMEDIUMTYPE || err == -EINVAL;
}

static int set_other_shape(struct failure *failure, const struct watch *watch, const char *differs)
{
	char fields[256];
	struct text text = text_in(fields, sizeof(fields));

	for (; *differs; differs++) {
		if (*differs == '\n')
			text_add(&text, ", ");
		else
			text_add(&text, "%c", *differs);
	}
	failure_set(failure, EXIT_OBJECT, "cannot read %s", visible(watch->path).text);
	failure_cause(failure, "not a map of XDP statistics (%s)", fields);
	failure_hint(failure, "see what it holds: bpftool map dump pinned %s",
		     shell_word(watch->path).text);
	stats_instead_hint_maps(failure, watch);
	return failure->exit_code;
}

int stats_cannot_open_pin(struct failure *failure, const struct watch *watch, const char *differs)
{
	const int err = is_no_map(watch->path, watch->err) ? -EMEDIUMTYPE : watch->err;

	if (err == -EPROTO)
		return set_other_shape(failure, watch, differs);
	failure_set(failure, EXIT_OBJECT, "cannot open %s", visible(watch->path).text);
	failure_cause(failure, "%s", strerror(-err));
	switch (err) {
	case -ENOENT:
		failure_cause(failure, "nothing is pinned there");
		hint_absent(failure, watch);
		break;
	case -EMEDIUMTYPE:
		failure_set(failure, EXIT_OBJECT, "cannot read %s", visible(watch->path).text);
		failure_cause(failure, "not a map, but a program, a link or a directory");
		hint_no_map(failure, watch->path);
		break;
	case -EACCES:
		hint_mode(failure, watch->path);
		break;
	case -EPERM:
		hint_bpf_forbidden(failure);
		break;
	case -EMFILE:
		hint_open_files(failure);
		break;
	default:
		failure_hint(failure, "see what is there: ls -l " BPFFS_ROOT);
	}
	return failure->exit_code;
}

int stats_cannot_read_map(struct failure *failure, const char *path, int err)
{
	failure_set(failure, EXIT_OBJECT, "cannot read %s", visible(path).text);
	failure_cause(failure, "%s", strerror(-err));
	if (err == -EPERM)
		hint_bpf_forbidden(failure);
	return failure->exit_code;
}

int stats_cannot_list_pins(struct failure *failure, const struct watch_list *list)
{
	failure_set(failure, EXIT_OBJECT, "cannot list " BPFFS_ROOT);
	failure_cause(failure, "%s", strerror(-list->err));
	if (list->err == -EACCES)
		failure_hint(failure, "%slet others list it: chmod a+rx " BPFFS_ROOT,
			     geteuid() ? "run as root, or " : "");
	else if (list->err == -EMFILE)
		hint_open_files(failure);
	else if (!is_bpffs())
		hint_no_bpffs(failure);
	return failure->exit_code;
}

int stats_nothing_pinned(struct failure *failure, const struct watch_list *list)
{
	if (list->err)
		return stats_cannot_list_pins(failure, list);
	failure_set(failure, EXIT_OBJECT, "no %s that can be read is pinned in " BPFFS_ROOT,
		    visible(list->map).text);
	if (!is_bpffs())
		hint_no_bpffs(failure);
	else if (list->closed)
		failure_hint(failure, "you may not enter %zu of the directories there: run as root",
			     list->closed);
	else
		failure_hint(failure, "load a program that counts: xdp_loader --dev IFNAME");
	return failure->exit_code;
}

int stats_cannot_write(struct failure *failure, int err)
{
	failure_set(failure, EXIT_FAILURE, "cannot write the report");
	failure_cause(failure, "%s", strerror(-err));
	return failure->exit_code;
}

int stats_cannot_write_file(struct failure *failure, const char *path, int err)
{
	failure_set(failure, EXIT_FAILURE, "cannot write %s", visible(path).text);
	if (err == -EEXIST) {
		failure_cause(failure, "it is not a regular file");
		failure_hint(failure, "to write to standard output: --prometheus -");
	} else {
		failure_cause(failure, "%s", strerror(-err));
	}
	return failure->exit_code;
}

int stats_cannot_prepare(struct failure *failure, int err)
{
	failure_set(failure, EXIT_FAILURE, "cannot prepare for the counters of all CPUs");
	failure_cause(failure, "%s", strerror(-err));
	return failure->exit_code;
}
