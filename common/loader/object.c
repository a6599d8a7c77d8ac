// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "global_data.h"
#include "object.h"
#include "pin_path.h"

int object_check_file(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return -errno;
	return S_ISREG(st.st_mode) ? 0 : -EINVAL;
}

bool object_is_older_than_source(const char *path, char *source, size_t size)
{
	const size_t length = strlen(path);
	struct stat object, c;

	if (length < 2 || strcmp(path + length - 2, ".o"))
		return false;
	snprintf(source, size, "%.*sc", (int)length - 1, path);
	if (stat(path, &object) || stat(source, &c))
		return false;
	return c.st_mtim.tv_sec == object.st_mtim.tv_sec
		       ? c.st_mtim.tv_nsec > object.st_mtim.tv_nsec
		       : c.st_mtim.tv_sec > object.st_mtim.tv_sec;
}

/* Since 1.5, libbpf opens an object of the other byte order, and fails to load it. */
static bool is_foreign_order(const struct bpf_object *obj)
{
	const struct btf *btf = bpf_object__btf(obj);
	const enum btf_endianness native =
		__BYTE_ORDER == __LITTLE_ENDIAN ? BTF_LITTLE_ENDIAN : BTF_BIG_ENDIAN;

	return btf && btf__endianness(btf) != native;
}

int object_prepare(struct bpf_object *obj, struct marked_maps *marked)
{
	struct bpf_map *map;
	int err = 0;

	if (is_foreign_order(obj))
		return -LIBBPF_ERRNO__ENDIAN;

	bpf_object__for_each_map (map, obj) {
		if (bpf_map__is_internal(map) && bpf_map__value_size(map) > OBJECT_GLOBALS_MAX)
			return -EFBIG;
		if (bpf_map__pin_path(map))
			marked_maps_add(marked, map);
		err = err ?: bpf_map__set_pin_path(map, NULL);
	}
	return err;
}

void object_pin_name(char name[NAME_MAX + 1], const struct bpf_map *map)
{
	snprintf(name, NAME_MAX + 1, "%s", global_data_section(map) ?: bpf_map__name(map));
	for (; *name; name++)
		if (*name == '.')
			*name = ':';
}

int object_set_pin_paths(struct bpf_object *obj, const char *dir)
{
	char name[NAME_MAX + 1], path[PIN_PATH_SIZE + NAME_MAX + 2];
	struct bpf_map *map;
	int err = 0;

	object_for_each_map (map, obj) {
		object_pin_name(name, map);
		snprintf(path, sizeof(path), "%s/%s", dir, name);
		err = err ?: bpf_map__set_pin_path(map, path);
	}
	return err;
}

bool object_has_pin(const struct bpf_object *obj, const char *pin_name)
{
	char name[NAME_MAX + 1];
	struct bpf_map *map;

	object_for_each_map (map, obj) {
		object_pin_name(name, map);
		if (!strcmp(name, pin_name))
			return true;
	}
	return false;
}

bool object_has_frags(const struct bpf_program *prog)
{
	return strstr(bpf_program__section_name(prog), "xdp.frags");
}

__u32 object_map_id(const struct bpf_map *map)
{
	struct bpf_map_info info = { 0 };
	__u32 length = sizeof(info);

	bpf_obj_get_info_by_fd(bpf_map__fd(map), &info, &length);
	return info.id;
}

static void describe_header(const Elf64_Ehdr *elf, ssize_t length, char *text, size_t size)
{
	const int native = __BYTE_ORDER == __LITTLE_ENDIAN ? ELFDATA2LSB : ELFDATA2MSB;

	if (length == 0)
		snprintf(text, size, "it is empty");
	else if (length < SELFMAG || memcmp(elf->e_ident, ELFMAG, SELFMAG))
		snprintf(text, size, "it is not an ELF object file");
	else if (length < (ssize_t)sizeof(*elf))
		snprintf(text, size, "it is truncated");
	else if (elf->e_ident[EI_DATA] != native)
		snprintf(text, size, "its byte order is not that of this machine");
	else if (elf->e_machine != EM_BPF)
		snprintf(text, size, "it is an ELF file for another machine (%u), not for BPF (%u)",
			 elf->e_machine, EM_BPF);
	else if (elf->e_type != ET_REL)
		snprintf(text, size, "it is not a relocatable object");
}

void object_describe_file(const char *path, char *text, size_t size)
{
	Elf64_Ehdr elf = { 0 };
	struct stat st;
	int fd;

	*text = '\0';
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		snprintf(text, size, "%s", strerror(errno));
		return;
	}
	if (!fstat(fd, &st) && S_ISDIR(st.st_mode))
		snprintf(text, size, "it is a directory");
	else if (!S_ISREG(st.st_mode))
		snprintf(text, size, "it is not a regular file");
	else
		describe_header(&elf, read(fd, &elf, sizeof(elf)), text, size);
	close(fd);
}
