// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * xdp_stats cannot use <bpf/btf.h>, so this file reads BTF itself: a header, then types
 * of different lengths, then strings.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/btf.h>

#include "prog_name.h"

#define BTF_SIZE_MAX (64 << 20) /* bytes; that of a program has some kilobytes */

/* Bytes that follow the struct btf_type of a type. */
static size_t size_behind(const struct btf_type *type)
{
	const size_t count = BTF_INFO_VLEN(type->info);

	switch (BTF_INFO_KIND(type->info)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case 17: /* BTF_KIND_DECL_TAG, Linux 5.16 */
		return sizeof(__u32);
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return count * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return count * sizeof(struct btf_enum);
	case 19: /* BTF_KIND_ENUM64, Linux 6.0 */
		return count * 3 * sizeof(__u32);
	case BTF_KIND_FUNC_PROTO:
		return count * sizeof(struct btf_param);
	case BTF_KIND_DATASEC:
		return count * sizeof(struct btf_var_secinfo);
	default:
		return 0;
	}
}

/* The name of type id in BTF of size bytes, or NULL. */
static const char *find_name(const char *btf, size_t size, __u32 id)
{
	const struct btf_header *header = (const struct btf_header *)btf;
	size_t at, end, strings;

	if (size < sizeof(*header) || header->type_off > size || header->type_len > size ||
	    header->str_off > size || header->str_len > size)
		return NULL;
	at = header->hdr_len + header->type_off;
	end = at + header->type_len;
	strings = header->hdr_len + header->str_off;
	if (end > size || strings + header->str_len > size)
		return NULL;
	for (__u32 i = 1; at + sizeof(struct btf_type) <= end; i++) {
		const struct btf_type *type = (const struct btf_type *)(btf + at);

		if (i == id)
			return type->name_off < header->str_len ? btf + strings + type->name_off
								: NULL;
		at += sizeof(*type) + size_behind(type);
	}
	return NULL;
}

/* All BTF of this id, with a zero byte behind it; the caller frees it. NULL on failure. */
static char *read_btf(__u32 btf_id, size_t *size)
{
	struct bpf_btf_info info = { 0 };
	int fd = bpf_btf_get_fd_by_id(btf_id);
	__u32 length = sizeof(info);
	char *btf = NULL;

	if (fd < 0)
		return NULL;
	if (!bpf_obj_get_info_by_fd(fd, &info, &length) && info.btf_size < BTF_SIZE_MAX)
		btf = calloc(1, info.btf_size + 1);
	*size = info.btf_size;
	info = (struct bpf_btf_info){ .btf = (__u64)(unsigned long)btf, .btf_size = *size };
	length = sizeof(info);
	if (btf && bpf_obj_get_info_by_fd(fd, &info, &length)) {
		free(btf);
		btf = NULL;
	}
	close(fd);
	return btf;
}

void prog_name_read(int prog_fd, const struct bpf_prog_info *known, char name[PROG_NAME_SIZE])
{
	struct bpf_func_info function = { 0 }; /* the first one is the program itself */
	struct bpf_prog_info info = {
		.nr_func_info = 1,
		.func_info_rec_size = sizeof(function),
		.func_info = (__u64)(unsigned long)&function,
	};
	__u32 length = sizeof(info);
	const char *whole = NULL;
	size_t size = 0;
	char *btf;

	snprintf(name, PROG_NAME_SIZE, "%s", known->name);
	if (strlen(known->name) < BPF_OBJ_NAME_LEN - 1 || !known->btf_id ||
	    bpf_obj_get_info_by_fd(prog_fd, &info, &length) || !info.nr_func_info)
		return;
	btf = read_btf(info.btf_id, &size);
	if (btf)
		whole = find_name(btf, size, function.type_id);
	if (whole && *whole)
		snprintf(name, PROG_NAME_SIZE, "%s", whole);
	free(btf);
}

int prog_name_by_id(__u32 prog_id, char name[PROG_NAME_SIZE], __u32 *map_count)
{
	struct bpf_prog_info info = { 0 };
	__u32 length = sizeof(info);
	int fd = bpf_prog_get_fd_by_id(prog_id), err;

	if (fd < 0)
		return fd;
	err = bpf_obj_get_info_by_fd(fd, &info, &length);
	if (!err)
		prog_name_read(fd, &info, name);
	*map_count = info.nr_map_ids;
	close(fd);
	return err;
}
