// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "pin.h"

bool pin_is_map(int fd)
{
	static const char kind[] = "anon_inode:bpf-map";
	char link[64], target[64];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, target, sizeof(target));
	/* without /proc: for what is not a map, this is EINVAL before the key is read */
	if (length < 0)
		return bpf_map_lookup_elem(fd, NULL, NULL) != -EINVAL;
	return length == sizeof(kind) - 1 && !memcmp(target, kind, length);
}

int pin_open_map(const char *path, struct bpf_map_info *info)
{
	LIBBPF_OPTS(bpf_obj_get_opts, read_only, .file_flags = BPF_F_RDONLY);
	__u32 length = sizeof(*info);
	struct stat st;
	int fd, err;

	fd = bpf_obj_get_opts(path, &read_only);
	if (fd == -EINVAL) /* some kernels open programs only for reading and writing */
		return -EMEDIUMTYPE;
	if (fd == -EACCES && !stat(path, &st) && !S_ISREG(st.st_mode))
		return -EMEDIUMTYPE;
	if (fd < 0)
		return fd;
	memset(info, 0, sizeof(*info));
	err = pin_is_map(fd) ? bpf_obj_get_info_by_fd(fd, info, &length) : -EMEDIUMTYPE;
	if (!err)
		return fd;
	close(fd);
	return err;
}
