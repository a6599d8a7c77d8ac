/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The constants of a program that can be set before it is loaded: "const volatile"
 * variables, which clang puts into the section .rodata. BTF has their names and types.
 * Functions never print.
 */
#ifndef CONSTANTS_H
#define CONSTANTS_H

#include <stddef.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "loader_options.h"
#include "text.h"

struct constant {
	const struct btf *btf;
	const char *name;
	__u32 type_id;
	__u32 size; /* bytes */
	void *value;
};

/* Returns 0 to go on. */
typedef int constant_visit(const struct constant *constant, void *data);

/*
 * Visit all constants in a value of a section; datasec_id is its type. Returns 0, or the
 * first other result of visit.
 */
int constants_for_each_in(const struct btf *btf, __u32 datasec_id, void *value, size_t size,
			  constant_visit *visit, void *data);

/* Visit all constants of an object. */
int constants_for_each(const struct bpf_object *obj, constant_visit *visit, void *data);

/*
 * Visit all constants of a loaded program: those in the maps with these ids. Needs
 * CAP_SYS_ADMIN; visits none without it.
 */
void constants_for_each_loaded(const __u32 *map_ids, __u32 count, constant_visit *visit,
			       void *data);

/*
 * Set the constants of an object that is open and not loaded. Returns 0 or -errno, and
 * *failed is the setting: -ENOENT if there is no such constant; -EINVAL if the value does
 * not fit its type, and why says what does; -EPROTOTYPE if the variable is not a
 * constant, and why says what it is; -ENODATA if the object has no BTF.
 */
int constants_set(struct bpf_object *obj, const struct setting_list *settings, const char **failed,
		  struct text *why);

/* A list such as "port (__u16), label (char[8])", the name most like it first. */
void constants_list(const struct bpf_object *obj, const char *like, struct text *text);

#endif
