// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Load, pin, attach: the calls that a loader cannot do without. README.org says what is wrong. */
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include <linux/if_link.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

int main(int argc, char **argv)
{
	const char *ifname = argc == 2 ? argv[1] : "";
	unsigned int ifindex = if_nametoindex(ifname);
	struct bpf_object *obj;
	char dir[64];
	int err = -1;

	if (!ifindex) {
		fprintf(stderr, "usage: small_loader IFNAME\n");
		return 2;
	}
	snprintf(dir, sizeof(dir), "/sys/fs/bpf/%s", ifname);

	obj = bpf_object__open_file("xdp_prog_kern.o", NULL);
	if (obj)
		err = bpf_object__load(obj);
	if (!err)
		err = bpf_object__pin_maps(obj, dir);
	if (!err) {
		int fd = bpf_program__fd(bpf_object__next_program(obj, NULL));

		err = bpf_xdp_attach(ifindex, fd, XDP_FLAGS_UPDATE_IF_NOEXIST, NULL);
	}
	bpf_object__close(obj);
	if (err)
		fprintf(stderr, "small_loader: %s\n", strerror(-err));
	return err ? 1 : 0;
}
