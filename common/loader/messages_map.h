/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why the kernel has refused a map of an object, and what to do. Functions never print.
 */
#ifndef MESSAGES_MAP_H
#define MESSAGES_MAP_H

#include <stdbool.h>

#include <bpf/libbpf.h>

#include "failure.h"

/*
 * Fill in what, cause and hint; err is -errno, warning that of libbpf. False if it is not
 * about a map: then nothing is changed.
 */
bool message_map(struct failure *failure, struct bpf_object *obj, int err, const char *warning);

#endif
