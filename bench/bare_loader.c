// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a load costs at the least with libbpf: load, pin, attach, and nothing else.
 * No options, no lock, no care for what is there, no word of what went wrong.
 *
 *	bare_loader OBJECT IFNAME DIRECTORY
 */
#include <net/if.h>
#include <stdlib.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>

int main(int argc, char **argv)
{
	struct bpf_object *object = argc == 4 ? bpf_object__open_file(argv[1], NULL) : NULL;
	struct bpf_program *first = object ? bpf_object__next_program(object, NULL) : NULL;
	struct bpf_program *other;

	if (!first)
		return EXIT_FAILURE;
	for (other = first; (other = bpf_object__next_program(object, other));)
		bpf_program__set_autoload(other, false);
	if (bpf_object__load(object) || bpf_object__pin_maps(object, argv[3]) ||
	    bpf_xdp_attach(if_nametoindex(argv[2]), bpf_program__fd(first), XDP_FLAGS_DRV_MODE,
			   NULL))
		return EXIT_FAILURE;
	bpf_object__close(object);
	return EXIT_SUCCESS;
}
