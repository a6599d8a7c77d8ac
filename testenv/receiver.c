// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Attach an XDP program that passes every packet, and counts none, to an interface:
 *
 *   receiver IFNAME
 *
 * A veth accepts frames that its peer transmits with XDP_TX or XDP_REDIRECT only
 * while it has a native program itself; without one they are lost.
 */
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>

#include "log.h"

#ifndef BPF_F_XDP_HAS_FRAGS
#define BPF_F_XDP_HAS_FRAGS (1U << 5)
#endif

/* Returns a descriptor or -errno. */
static int load_pass_program(__u32 flags)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .prog_flags = flags);

	return bpf_prog_load(BPF_PROG_TYPE_XDP, "receiver", "GPL", insns, 2, &opts);
}

int main(int argc, char **argv)
{
	int ifindex, fd, err;

	log_init("receiver", LOG_NORMAL);
	if (argc != 2) {
		log_error("usage: receiver IFNAME");
		return 2;
	}
	ifindex = if_nametoindex(argv[1]);
	if (!ifindex) {
		log_error("there is no interface %s", argv[1]);
		return EXIT_FAILURE;
	}
	fd = load_pass_program(BPF_F_XDP_HAS_FRAGS); /* for any MTU; Linux 5.18 */
	if (fd == -EINVAL)
		fd = load_pass_program(0);
	err = fd < 0 ? fd : bpf_xdp_attach(ifindex, fd, XDP_FLAGS_DRV_MODE, NULL);
	if (err) {
		log_error("cannot attach to %s: %s", argv[1], strerror(-err));
		return EXIT_FAILURE;
	}
	close(fd);
	return EXIT_SUCCESS;
}
