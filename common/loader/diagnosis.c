// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/if_ether.h>

#include "diagnosis.h"
#include "libbpf_log.h"
#include "privileges.h"
#include "verifier_log.h"

/* The kernel's SMP_CACHE_BYTES. */
#if defined(__s390x__)
#define CACHE_LINE 256
#elif defined(__powerpc64__)
#define CACHE_LINE 128
#else
#define CACHE_LINE 64
#endif

#define SHARED_INFO_SIZE 320 /* struct skb_shared_info of 64-bit kernels, 17 fragments */

/*
 * How long a packet in one piece can be on veth, without its Ethernet header: it
 * shares a page with XDP_PACKET_HEADROOM and with the skb_shared_info, which fills
 * whole cache lines. Source: veth_xdp_set() in drivers/net/veth.c.
 */
static long veth_mtu_max(void)
{
	const long shared_info = (SHARED_INFO_SIZE + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;

	return sysconf(_SC_PAGESIZE) - 256 - shared_info - ETH_HLEN;
}

void describe_attached(char *text, size_t size, const struct xdp_attached *attached)
{
	snprintf(text, size, "id %u, %s%s%s", attached->prog_id, attached->name,
		 attached->name[0] ? ", " : "", xdp_mode_name(attached->mode));
}

__attribute__((format(printf, 2, 3))) static void hint(struct diagnosis *d, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(d->hint, sizeof(d->hint), format, args);
	va_end(args);
}

static void diagnose_privileges(struct diagnosis *d, int err)
{
	char missing[128], release[KERNEL_RELEASE_SIZE];

	missing_capabilities("/proc/self/status", missing, sizeof(missing));
	if (*missing) {
		snprintf(d->cause, sizeof(d->cause), "%s: this process lacks %s", strerror(-err),
			 missing);
		hint(d, "run it as root, as with sudo");
		return;
	}
	snprintf(d->cause, sizeof(d->cause), "%s, with all capabilities that it takes",
		 strerror(-err));
	if (is_locked_down(LOCKDOWN))
		hint(d, "the kernel is locked down: see " LOCKDOWN "; it goes with "
			"Secure Boot, or with lockdown= at boot");
	else if (kernel_is_before(5, 11, release))
		hint(d, "kernel %s counts maps as locked memory: ulimit -l unlimited", release);
	else
		hint(d,
		     "a security module or the rules of a container may forbid bpf(2): see dmesg, "
		     "or try outside of the container");
}

void diagnose_occupied(struct diagnosis *d, const char *ifname, const struct xdp_attached *attached,
		       __u32 link_id)
{
	char what[128];

	describe_attached(what, sizeof(what), attached);
	snprintf(d->cause, sizeof(d->cause), "XDP program already attached (%s)", what);
	if (link_id) {
		snprintf(d->cause, sizeof(d->cause),
			 "XDP program already attached (%s, by bpf_link %u)", what, link_id);
		hint(d,
		     "a bpf_link gives way to nobody: end the process that made it or remove its "
		     "pin; or: bpftool link detach id %u",
		     link_id);
		return;
	}
	hint(d, "replace it with --force, or remove it with: xdp_loader --dev %s --unload=%u",
	     ifname, attached->prog_id);
}

static bool mentions(const struct attach_failure *f, const char *word)
{
	return strcasestr(f->extack, word);
}

static void hint_queues(struct diagnosis *d, const struct attach_failure *f)
{
	const struct netdev_facts *n = f->netdev;

	if (n->rx_queues)
		snprintf(d->cause, sizeof(d->cause),
			 "%s: %s has %u receive queues, and its peer sends on more",
			 strerror(-f->err), f->ifname, n->rx_queues);
	if (n->rx_queues_max > n->rx_queues)
		hint(d, "give it more: ethtool -L %s rx %u", f->ifname, n->rx_queues_max);
	else
		hint(d,
		     "let the other end send on fewer: ethtool -L PEER tx %u, with its name for "
		     "PEER",
		     n->rx_queues ?: 1);
}

static void hint_mtu(struct diagnosis *d, const struct attach_failure *f)
{
	const char *words = *f->extack ? f->extack : strerror(-f->err);

	if (!strcmp(f->netdev->driver, "veth")) {
		snprintf(d->cause, sizeof(d->cause),
			 "%s (that of the other end may be %ld at most, so that a packet fits into "
			 "a "
			 "page; that of %s is %u)",
			 words, veth_mtu_max(), f->ifname, f->netdev->mtu);
		hint(d,
		     "lower the MTU of the other end: ip link set dev PEER mtu 1500, with its name "
		     "for PEER and in its network namespace; or load a program of "
		     "SEC(\"xdp.frags\") such as --progname "
		     "xdp_pass_frags_func; or use --skb-mode");
		return;
	}
	snprintf(d->cause, sizeof(d->cause), "%s (the MTU of %s is %u)", words, f->ifname,
		 f->netdev->mtu);
	if (f->is_detach) { /* virtio_net asks for it in both directions */
		hint(d,
		     "lower it until the program is detached: ip link set dev %s mtu 1500, and "
		     "try again",
		     f->ifname);
		return;
	}
	hint(d,
	     "lower it: ip link set dev %s mtu 1500; or load a program of SEC(\"xdp.frags\") such "
	     "as --progname xdp_pass_frags_func; or use --skb-mode",
	     f->ifname);
}

static void hint_attach(struct diagnosis *d, const struct attach_failure *f)
{
	/* what the driver says is more exact than the number it says it with */
	if (mentions(f, "LRO") || mentions(f, "GRO"))
		hint(d, "turn that off: ethtool -K %s lro off rx-gro-hw off", f->ifname);
	else if (mentions(f, "MTU") || mentions(f, "frame") || f->err == -ERANGE)
		hint_mtu(d, f);
	else if (mentions(f, "BPF XDP link"))
		hint(d,
		     "a bpf_link holds %s: end the process that made it or remove its pin; see: "
		     "bpftool link",
		     f->ifname);
	else if (mentions(f, "upper device"))
		hint(d,
		     "an interface on top of %s, such as a VLAN or a bond, has a program: remove "
		     "that one first; see: xdp_loader --status",
		     f->ifname);
	else if (f->err == -ENOSPC || mentions(f, "queue") || mentions(f, "channel"))
		hint_queues(d, f);
	else if (f->err == -EOPNOTSUPP && *f->netdev->driver)
		hint(d,
		     "the driver %s has no native XDP for this: use --skb-mode, or --auto-mode to "
		     "have native mode where there is one",
		     f->netdev->driver);
	else if (f->err == -EOPNOTSUPP)
		hint(d,
		     "use --skb-mode, or --auto-mode to have native mode where the driver has it");
	else if (f->err == -ENODEV)
		hint(d, "%s has gone; see: ip link", f->ifname);
	else if (f->err == -EALREADY)
		hint(d,
		     "the kernel says that it is done, but the program is still there; see: "
		     "ip -d link show dev %s",
		     f->ifname);
	else if (f->err == -EBUSY || f->err == -EEXIST)
		hint(d, "another program was attached just now; see: ip -d link show dev %s",
		     f->ifname);
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

void diagnose_pin(struct diagnosis *d, int err)
{
	*d = (struct diagnosis){ 0 };
	snprintf(d->cause, sizeof(d->cause), "%s", strerror(-err));
	if (err == -EROFS)
		hint(d,
		     "the BPF file system is mounted read-only: mount -o remount,rw /sys/fs/bpf");
	else if (err == -EPERM || err == -EACCES)
		diagnose_privileges(d, err);
	else
		hint(d, "see what is there: ls -la /sys/fs/bpf");
}

void diagnose_open(struct diagnosis *d, int err, const char *warning)
{
	*d = (struct diagnosis){ 0 };
	snprintf(d->cause, sizeof(d->cause), "%s", *warning ? warning : libbpf_log_strerror(err));
	if (strstr(warning, "legacy map definitions") || strstr(warning, "'maps' section"))
		hint(d,
		     "it was written for libbpf before 1.0: define its maps in SEC(\".maps\"), as "
		     "headers/xdp_stats_kern.h does");
	else if (strstr(warning, "BTF"))
		hint(d, "maps in SEC(\".maps\") need BTF: compile the object with -g, and do not "
			"strip "
			"it with more than llvm-strip -g");
	else
		hint(d, "name an object file for BPF, such as one that comes from: clang -O2 -g "
			"-target bpf -Iheaders -Ilibbpf/root/usr/include "
			"-I/usr/include/$(cc -print-multiarch) -c prog.c -o prog.o");
}

static void hint_verifier(struct diagnosis *d, const char *words)
{
	char release[KERNEL_RELEASE_SIZE] = "";

	kernel_is_before(0, 0, release);
	if (strstr(words, "pointer -= pointer prohibited"))
		hint(d, "subtracting packet pointers takes CAP_PERFMON: run it as root");
	else if (strstr(words, "GPL"))
		hint(d, "the object needs: char _license[] SEC(\"license\") = \"GPL\";");
	else if (strstr(words, "unknown func") || strstr(words, "cannot use helper") ||
		 strstr(words, "invalid func"))
		hint(d,
		     "an XDP program may not call that helper on kernel %s: see bpf-helpers(7), or "
		     "bpftool feature probe",
		     release);
	else if (strstr(words, "outside of the packet") ||
		 strstr(words, "invalid access to packet"))
		hint(d, "compare with data_end before reading: if (ptr + size > data_end) return "
			"XDP_ABORTED; the whole log comes with --verbose");
	else if (strstr(words, "map_value_or_null") || strstr(words, "_or_null"))
		hint(d, "check what the look-up returned before using it: if (!value) return "
			"XDP_ABORTED; the whole log comes with --verbose");
	else
		hint(d, "see the verifier's whole log with --verbose");
}

void diagnose_load(struct diagnosis *d, int err, const char *verifier, const char *warning)
{
	char words[1536];

	*d = (struct diagnosis){ 0 };
	verifier_reason(verifier, words, sizeof(words));
	if (!*words)
		verifier_last_words(verifier, words, sizeof(words));
	if (*words) { /* without a word it was not the verifier */
		snprintf(d->cause, sizeof(d->cause), "the kernel's verifier rejects it:\n%s",
			 words);
		hint_verifier(d, verifier);
		return;
	}
	if (err == -EPERM) {
		diagnose_privileges(d, err);
		return;
	}
	snprintf(d->cause, sizeof(d->cause), "%s%s%s", libbpf_log_strerror(err),
		 *warning ? ": " : "", warning);
	if (err == -EMFILE || err == -ENFILE)
		hint(d, "there are too few descriptors: ulimit -n 1024");
	else if (err == -ENOMEM)
		hint(d, "memory is short, or the control group's limit for it is reached");
	else
		hint(d, "see all of libbpf's words with --verbose");
}
