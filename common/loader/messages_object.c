// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "constants.h"
#include "libbpf_log.h"
#include "load.h"
#include "log.h"
#include "messages_load.h"
#include "messages_map.h"
#include "messages_object.h"
#include "messages_tail_calls.h"
#include "object.h"
#include "privileges.h"
#include "prog_choice.h"
#include "shell.h"
#include "visible.h"

void message_object_open(struct failure *f, const struct load *load, int err)
{
	const char *filename = load->opts->filename;
	char wrong[256];

	object_describe_file(filename, wrong, sizeof(wrong));
	message_open(f, err, *wrong ? wrong : libbpf_log_warning());
	if (!access(filename, F_OK))
		return;
	f->hint[0] = '\0';
	failure_hint(f, "name an object file with --filename; the default one is built with: make");
}

void message_choose(struct failure *f, const struct load *load, int err)
{
	const char *progname = load->opts->progname;
	char functions[768];

	prog_choice_list(load, progname ?: "", functions, sizeof(functions));
	if (!progname)
		failure_cause(f, "there is no XDP program in it");
	else
		failure_cause(f,
			      err == -ENOENT ? "there is no program '%s' in it"
					     : "'%s' is not an XDP program for an interface",
			      visible(progname).text);
	if (!*functions)
		failure_hint(f, "an XDP program is a function marked SEC(\"xdp\")");
	else if (progname)
		failure_hint(f, "its functions, most similar name first: %s", functions);
	else
		failure_hint(f,
			     "its functions are: %s; --progname loads a function in a section "
			     "unknown to libbpf as XDP",
			     functions);
}

void message_set(struct failure *f, const struct load *load, int err)
{
	char list[768], name[128];
	struct text text = text_in(list, sizeof(list));

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(load->setting, "="), load->setting);
	constants_list(load->obj, name, &text);
	if (err == -ENODATA) {
		failure_cause(f, "the object has no BTF, so the type is not known");
		failure_hint(f, "compile it with -g");
	} else if (err == -ENOENT) {
		failure_cause(f, "there is no such constant");
		failure_hint(
			f,
			*list ? "the constants are, most similar name first: %s"
			      : "the object has no constants: they are const volatile variables",
			list);
	} else if (err == -EPROTOTYPE) {
		failure_cause(f, "%s", load->differs);
		failure_hint(f, "a constant that can be set is declared: const volatile");
	} else {
		failure_cause(f, "it is of type %s", load->differs);
		failure_hint(f,
			     "to see all constants: xdp_loader --dev %s --filename %s --dry-run%s",
			     shell_word(load->ifname).text, shell_word(load->opts->filename).text,
			     load->opts->force ? " --force" : "");
	}
}

void message_reuse(struct failure *f, const struct load *load, int err)
{
	if (err == -EPROTO)
		failure_cause(f, "it differs from the map of the object\n%s", load->differs);
	else
		failure_cause(f, "%s", strerror(-err));
	if (map_is_shared(load, load->map))
		failure_hint(f,
			     "load without --share-from: the interface then has maps of its own");
	else
		failure_hint(f, "load without --reuse-maps: the counters then start from zero");
}

void message_object_load(struct failure *f, const struct load *load, int err)
{
	const char *log = load->verifier_log ?: "";
	char release[KERNEL_RELEASE_SIZE];

	if (libbpf_log_is_shown() && *log)
		log_info("the log of the verifier:\n%s", log);
	if (!message_tail_calls(f, load, err) &&
	    !message_map(f, load->obj, err, libbpf_log_warning()))
		message_load(f, err, log, libbpf_log_warning());
	/* for an unknown flag the kernel returns EINVAL and logs nothing */
	if (err == -EINVAL && object_has_frags(load->prog) && kernel_is_before(5, 18, release))
		failure_hint(f,
			     "SEC(\"%s\") needs kernel 5.18, and this is %s: load a program of "
			     "SEC(\"xdp\"), with --skb-mode where the MTU is too large for it",
			     bpf_program__section_name(load->prog), release);
}

void message_dry_run(struct failure *f, const struct load *load, int err)
{
	(void)load;
	failure_cause(f, "%s", libbpf_log_strerror(err));
	failure_hint(f, "the verifier has accepted it; some kernels and some programs do not "
			"support test runs");
}

/* The object may not be what the user sees in the source. */
void message_stale_object(struct failure *f, const struct load *load)
{
	char source[PATH_MAX];

	if (load->step >= STEP_CHOOSE && load->step <= STEP_LOAD &&
	    object_is_older_than_source(load->opts->filename, source, sizeof(source)))
		failure_also(f, "%s is older than %s: compile it again",
			     visible(load->opts->filename).text, visible(source).text);
}
