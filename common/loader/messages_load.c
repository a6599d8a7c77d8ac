// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "libbpf_hints.h"
#include "libbpf_log.h"
#include "messages_load.h"
#include "object.h"
#include "privileges.h"
#include "verifier_hints.h"
#include "verifier_log.h"
#include "visible.h"

#define PROC_STATUS "/proc/self/status"

static void explain_missing(struct failure *failure, int err, const char *missing)
{
	failure_cause(failure, "%s: this process lacks %s", strerror(-err), missing);
	if (geteuid())
		failure_hint(failure, "run as root");
	else
		failure_hint(failure, "root has been deprived of it, as in a container: such as "
				      "docker run --cap-add=BPF --cap-add=PERFMON "
				      "--cap-add=NET_ADMIN gives it back");
}

void message_privileges(struct failure *failure, int err)
{
	char missing[128], release[KERNEL_RELEASE_SIZE];

	missing_capabilities(PROC_STATUS, missing, sizeof(missing));
	if (*missing) {
		explain_missing(failure, err, missing);
		return;
	}
	failure_cause(failure, "%s, although this process has the capabilities for it",
		      strerror(-err));
	if (is_in_user_namespace("/proc/self/uid_map"))
		failure_hint(failure,
			     "in a user namespace, as of a rootless container or unshare "
			     "-r, they do not count for bpf(2): run as root outside of it");
	else if (is_locked_down(LOCKDOWN))
		failure_hint(failure, "the kernel is locked down, by Secure Boot or lockdown= at "
				      "boot: see " LOCKDOWN);
	else if (has_seccomp_filter(PROC_STATUS))
		failure_hint(failure,
			     "this process has a seccomp filter, as in a container: it may "
			     "forbid bpf(2); try outside of it, or with docker run "
			     "--security-opt seccomp=unconfined");
	else if (kernel_is_before(5, 11, release))
		failure_hint(failure, "kernel %s counts maps as locked memory: ulimit -l unlimited",
			     release);
	else
		failure_hint(failure, "a security module may forbid bpf(2): see dmesg");
}

void message_open(struct failure *failure, int err, const char *warning)
{
	if (err == -EFBIG) {
		failure_cause(failure, "more than %d MB of global variables in one section",
			      OBJECT_GLOBALS_MAX >> 20);
		failure_hint(failure, "the file may be damaged: compile it again; large data "
				      "belongs in a map in SEC(\".maps\")");
		return;
	}
	if (libbpf_explain(failure, warning))
		return;
	if (*warning)
		failure_cause(failure, "%s", visible(warning).text);
	else /* only the error number: "No such file" can mean a section */
		failure_cause(failure, "libbpf cannot open it: %s", libbpf_log_strerror(err));
	failure_hint(failure, "name an object file for BPF, such as one built with: clang "
			      "-O2 -g -target bpf -Iheaders -Ilibbpf/root/usr/include "
			      "-I/usr/include/$(cc -print-multiarch) -c prog.c -o prog.o");
}

void message_crash(struct failure *failure, const char *file, const char *call, const char *signal)
{
	failure_set(failure, EXIT_OBJECT, "cannot load %s", visible(file).text);
	failure_cause(failure, "libbpf crashed on it: %s in %s", signal, call);
	failure_hint(failure,
		     "the file may be damaged: compile it again; this is libbpf %s, a later "
		     "version may load it or name the error",
		     libbpf_version_string());
}

static void hint_verifier(struct failure *failure, const char *log)
{
	const struct verifier_hint hint = verifier_hint(log);
	char release[KERNEL_RELEASE_SIZE];

	if (hint.text)
		failure_hint(failure, "%s", hint.text);
	kernel_is_before(0, 0, release);
	if (hint.depends_on_kernel)
		failure_hint(failure, "this is kernel %s", release);
	if (!libbpf_log_is_shown())
		failure_hint(failure, "--verbose shows the whole log");
}

static void hint_error(struct failure *failure, int err)
{
	if (err == -ENFILE)
		failure_hint(failure, "too few file descriptors: ulimit -n 1024");
	else if (err == -ENOMEM)
		failure_hint(failure, "out of memory, or at the memory limit of the control group");
	else if (err == -ENOSYS)
		failure_hint(failure, "this kernel, or what emulates it, has no bpf(2): it needs "
				      "CONFIG_BPF_SYSCALL");
	else
		failure_hint(failure, "see the log of libbpf with --verbose");
}

void message_load(struct failure *failure, int err, const char *verifier, const char *warning)
{
	char words[1536];

	verifier_reason(verifier, words, sizeof(words));
	if (!*words)
		verifier_last_words(verifier, words, sizeof(words));
	if (*words) { /* with an empty log it was not the verifier */
		failure_cause(failure, "the verifier of the kernel rejects it:\n%s", words);
		hint_verifier(failure, verifier);
		return;
	}
	if (err == -EPERM) {
		message_privileges(failure, err);
		return;
	}
	if (libbpf_explain(failure, warning))
		return;
	failure_cause(failure, "%s%s%s", libbpf_log_strerror(err), *warning ? ": " : "",
		      visible(warning).text);
	hint_error(failure, err);
}
