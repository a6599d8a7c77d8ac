/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which function of an object is attached, and which are loaded with it. Functions never
 * print.
 */
#ifndef ENTRY_H
#define ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include <bpf/libbpf.h>

struct load;

/*
 * Choose load->prog: the function that --progname names; else the first XDP program that
 * is not a target of a tail call; else the only function in a section that libbpf does
 * not know, as of objects for iproute2. The programs that the object puts into a
 * PROG_ARRAY are loaded with it, no others. Returns 0 or -errno: -ENOENT when there is
 * none, -EPROTOTYPE when it is not for attaching to an interface.
 */
int entry_choose(struct load *load);

/*
 * "a, b (SEC("classifier"): not XDP)": the functions of the object with what keeps them
 * from being attached, those most like the name first; for a message.
 */
void entry_list(const struct load *load, const char *like, char *text, size_t size);

/* Other programs of the object that could have been chosen, "b, c"; "" without tail calls. */
void entry_list_others(const struct load *load, char *text, size_t size);

#endif
