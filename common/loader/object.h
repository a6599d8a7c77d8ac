/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A BPF object file, and the one XDP program in it to load. Functions return 0 or
 * -errno and never print; libbpf_log keeps the messages of libbpf.
 */
#ifndef OBJECT_H
#define OBJECT_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include <bpf/libbpf.h>

#include "shared_maps.h"

/*
 * Can libbpf open this file? It would block on a pipe, and read a device without end.
 * Returns 0 or -errno: -EINVAL if it is not a regular file.
 */
int object_check_file(const char *path);

/*
 * Was the source beside an object file, X.c beside X.o, changed after it? Then source is its
 * path, cut off if it is longer than size.
 */
bool object_is_older_than_source(const char *path, char *source, size_t size);

#define OBJECT_GLOBALS_MAX (256 << 20) /* bytes of global variables in one section */

/*
 * Call it after bpf_object__open_file(). Lists the maps with LIBBPF_PIN_BY_NAME and clears
 * it, so that libbpf pins nothing when it loads the object. Returns 0 or -errno: -EFBIG for more
 * than OBJECT_GLOBALS_MAX, since libbpf would allocate as much as a damaged file asks
 * for.
 */
int object_prepare(struct bpf_object *obj, struct marked_maps *marked);

/*
 * The name of the pin of a map. A map of global data is pinned under the name of its
 * section, whatever the name of the object file. bpffs accepts no dots, and other maps
 * have names without colons, so each dot becomes a colon: .bss -> :bss.
 */
void object_pin_name(char name[NAME_MAX + 1], const struct bpf_map *map);

/* Of the maps of an object, those that are made: not the ones of other programs. */
#define object_for_each_map(map, obj)                                                              \
	bpf_object__for_each_map (map, obj)                                                        \
		if (bpf_map__autocreate(map))

/* Tell libbpf to pin each map in the directory, under its pin name. Returns 0 or -errno. */
int object_set_pin_paths(struct bpf_object *obj, const char *dir);

/* Does the object have a map with this pin name? */
bool object_has_pin(const struct bpf_object *obj, const char *pin_name);

/* Is the program for packets in several pieces: SEC("xdp.frags")? */
bool object_has_frags(const struct bpf_program *prog);

/* The id of a loaded map, 0 if it is not loaded. */
__u32 object_map_id(const struct bpf_map *map);

/*
 * Why libbpf cannot open this file, such as "it is empty" or "No such file or
 * directory"; "" if no reason is found. size is that of text, in bytes.
 */
void object_describe_file(const char *path, char *text, size_t size);

#endif
