// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/capability.h>

#include "diagnosis.h"
#include "text.h"

#define LAST_WORDS 6 /* lines of the verifier's log */

static unsigned long long effective_capabilities(const char *status)
{
	unsigned long long mask = ~0ULL;
	char line[256];
	FILE *file;

	file = fopen(status, "re");
	if (!file)
		return mask;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "CapEff: %llx", &mask) == 1)
			break;
	fclose(file);
	return mask;
}

void missing_capabilities(const char *status, char *buffer, size_t size)
{
	static const struct {
		int bit;
		const char *name;
		bool by_sys_admin; /* CAP_SYS_ADMIN does as well */
	} needed[] = {
		{ CAP_BPF, "CAP_BPF", true },
		{ CAP_PERFMON, "CAP_PERFMON", true },
		{ CAP_NET_ADMIN, "CAP_NET_ADMIN", false },
	};
	unsigned long long mask = effective_capabilities(status);
	bool is_admin = mask >> CAP_SYS_ADMIN & 1;
	struct text text = text_in(buffer, size);

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (mask >> needed[i].bit & 1 || (needed[i].by_sys_admin && is_admin))
			continue;
		text_add_item(&text, needed[i].name);
	}
}

void describe_attached(char *text, size_t size, const struct xdp_attached *attached)
{
	snprintf(text, size, "id %u, %s%s%s", attached->prog_id, attached->name,
		 attached->name[0] ? ", " : "", xdp_mode_name(attached->mode));
}

static void diagnose_privileges(struct diagnosis *d, int err)
{
	char missing[128];

	missing_capabilities("/proc/self/status", missing, sizeof(missing));
	if (*missing) {
		snprintf(d->cause, sizeof(d->cause), "%s: this process lacks %s", strerror(-err),
			 missing);
		snprintf(d->hint, sizeof(d->hint), "run it as root, as with sudo");
		return;
	}
	snprintf(d->cause, sizeof(d->cause), "%s, with all capabilities that it takes",
		 strerror(-err));
	snprintf(d->hint, sizeof(d->hint),
		 "a security module, a container or lockdown (/sys/kernel/security/lockdown) may "
		 "forbid it");
}

void diagnose_occupied(struct diagnosis *d, const char *ifname, const struct xdp_attached *attached)
{
	char what[128];

	describe_attached(what, sizeof(what), attached);
	snprintf(d->cause, sizeof(d->cause), "XDP program already attached (%s)", what);
	snprintf(d->hint, sizeof(d->hint),
		 "replace it with --force, or remove it with: xdp_loader --dev %s --unload=%u",
		 ifname, attached->prog_id);
}

static bool mentions(const struct attach_failure *f, const char *word)
{
	return strstr(f->extack, word);
}

static void hint_attach(struct diagnosis *d, const struct attach_failure *f)
{
	const char *hint = "";

	/* what the driver says is more exact than the number it says it with */
	if (mentions(f, "LRO") || mentions(f, "GRO"))
		hint = "turn that off: ethtool -K %s lro off rx-gro-hw off";
	else if (mentions(f, "MTU") || f->err == -ERANGE)
		hint = "lower the MTU at both ends (ip link set dev %s mtu 1500), or load a "
		       "program of "
		       "SEC(\"xdp.frags\") such as --progname xdp_pass_frags_func";
	else if (mentions(f, "link"))
		hint = "a bpf_link holds %s: end the process that made it, or unpin it; see: "
		       "bpftool link";
	else if (f->err == -EOPNOTSUPP)
		hint = "use --skb-mode, or --auto-mode to have native mode where the driver has it";
	else if (f->err == -ENOSPC)
		hint = "give it as many receive queues as its peer sends on: ethtool -L %s";
	else if (f->err == -ENODEV)
		hint = "%s has gone; see: ip link";
	else if (f->err == -EALREADY)
		hint = "the kernel says that it is done, but the program is still there; see: "
		       "ip -d link show dev %s";
	else if (f->err == -EBUSY || f->err == -EEXIST)
		hint = "another program was attached just now; see: ip -d link show dev %s";
	snprintf(d->hint, sizeof(d->hint), hint, f->ifname);
}

void diagnose_attach(struct diagnosis *d, const struct attach_failure *f)
{
	*d = (struct diagnosis){ 0 };
	if (f->err == -EPERM && !*f->extack) {
		diagnose_privileges(d, f->err);
		return;
	}
	snprintf(d->cause, sizeof(d->cause), "%s", *f->extack ? f->extack : strerror(-f->err));
	hint_attach(d, f);
}

static bool is_statistics(const char *line)
{
	return !strncmp(line, "processed ", 10) || !strncmp(line, "stack depth", 11) ||
	       !strncmp(line, "verification time", 17) || *line == '\n' || *line == '\0';
}

/* Where the line before p begins. */
static const char *line_before(const char *log, const char *p)
{
	if (p > log)
		p--;
	while (p > log && p[-1] != '\n')
		p--;
	return p;
}

void verifier_last_words(const char *log, char *text, size_t size)
{
	const char *end = log + strlen(log), *begin;

	while (end > log && is_statistics(line_before(log, end)))
		end = line_before(log, end);
	begin = end;
	for (int i = 0; i < LAST_WORDS && begin > log; i++)
		begin = line_before(log, begin);
	while (end > begin && end[-1] == '\n')
		end--;
	snprintf(text, size, "%.*s", (int)(end - begin), begin);
}

void diagnose_load(struct diagnosis *d, int err, const char *verifier, const char *warning)
{
	char words[1536];

	*d = (struct diagnosis){ 0 };
	if (*verifier) {
		verifier_last_words(verifier, words, sizeof(words));
		snprintf(d->cause, sizeof(d->cause), "the kernel's verifier rejects it:\n%s",
			 words);
		snprintf(d->hint, sizeof(d->hint), "see the verifier's whole log with --verbose");
		if (strstr(words, "pointer -= pointer prohibited"))
			snprintf(d->hint, sizeof(d->hint),
				 "subtracting packet pointers takes CAP_PERFMON: run it as root");
		else if (strstr(words, "GPL"))
			snprintf(d->hint, sizeof(d->hint),
				 "the object needs: char _license[] SEC(\"license\") = \"GPL\";");
		return;
	}
	if (err == -EPERM) {
		diagnose_privileges(d, err);
		return;
	}
	snprintf(d->cause, sizeof(d->cause), "%s%s%s", strerror(-err), *warning ? ": " : "",
		 warning);
	snprintf(d->hint, sizeof(d->hint), "see all of libbpf's words with --verbose");
}
