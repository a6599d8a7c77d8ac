/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The name of a loaded program. Functions never print.
 */
#ifndef PROG_NAME_H
#define PROG_NAME_H

#include <linux/bpf.h>

#define PROG_NAME_SIZE 128 /* bytes: the full name comes from BTF */

/*
 * The kernel keeps 15 bytes of a name; the BTF of the program has all of it, but to
 * read that needs CAP_SYS_ADMIN. info is the information of the kernel about the program.
 */
void prog_name_read(int prog_fd, const struct bpf_prog_info *info, char name[PROG_NAME_SIZE]);

/*
 * The name of the program with this id, and how many maps it uses. Returns 0, or -errno:
 * -EPERM without CAP_SYS_ADMIN.
 */
int prog_name_by_id(__u32 prog_id, char name[PROG_NAME_SIZE], __u32 *map_count);

#endif
