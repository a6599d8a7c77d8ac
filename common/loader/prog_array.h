/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which programs a PROG_ARRAY accepts: the first one that is put into it, or that calls
 * it, decides whether all are for packets in fragments. Functions never print.
 */
#ifndef PROG_ARRAY_H
#define PROG_ARRAY_H

#include <stdbool.h>

/* Can an XDP program, for packets in fragments or not, call programs in the array? */
bool prog_array_accepts(int map_fd, bool has_frags);

#endif
