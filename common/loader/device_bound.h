/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Programs that read the metadata of a packet, such as its time stamp, by functions of
 * the driver (bpf_xdp_metadata_*(), Linux 6.3). The kernel accepts them only if they are
 * bound to an interface when they are loaded.
 */
#ifndef DEVICE_BOUND_H
#define DEVICE_BOUND_H

#include <stdbool.h>

#include <bpf/libbpf.h>

struct load;

/* Does the object call such a function? */
bool object_reads_metadata(const struct bpf_object *obj);

/*
 * Bind the program to load->ifindex if the object reads metadata. Not for skb mode, where
 * there is no metadata. Returns 0 or -errno.
 */
int bind_to_device(const struct load *load, struct bpf_program *prog);

#endif
