// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Exercise 7: print the five totals of an interface, each as a line
 * "XDP_PASS PACKETS BYTES". From libbpf use only <bpf/bpf.h>.
 */
#include <stdio.h>
#include <stdlib.h>

#include <bpf/bpf.h>

#include "xdp_stats_kern_user.h"

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s IFNAME\n", argv[0]);
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
