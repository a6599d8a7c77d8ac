/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Choose the function of an object to attach, and those to load with it. Functions
 * never print.
 */
#ifndef PROG_CHOICE_H
#define PROG_CHOICE_H

#include <stdbool.h>
#include <stddef.h>

#include <bpf/libbpf.h>

struct load;

/*
 * Choose load->prog: the function of --progname; else the first XDP program that is not
 * the target of a tail call; else the only function in a section that libbpf does not
 * know, as in objects for iproute2. The programs that the object puts into a PROG_ARRAY
 * are loaded with it, no others. Returns 0 or -errno: -ENOENT if there is none,
 * -EPROTOTYPE if it cannot be attached to an interface.
 */
int prog_choose(struct load *load);

/*
 * "a, b (SEC("classifier"): not XDP)": the functions of the object, each with the
 * reason why it cannot be attached, for a message. Those most similar to like come
 * first.
 */
void prog_choice_list(const struct load *load, const char *like, char *text, size_t size);

/* "b, c": other programs of the object that can be attached; "" without tail calls. */
void prog_choice_list_others(const struct load *load, char *text, size_t size);

#endif
