// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "constant_value.h"
#include "visible.h"

#define MAC_SIZE 6

enum kind {
	KIND_OTHER, /* cannot be set */
	KIND_UNSIGNED,
	KIND_SIGNED,
	KIND_BOOL,
	KIND_ENUM,
	KIND_TEXT,    /* char[] */
	KIND_ADDRESS, /* bytes in network order */
};

/* A type without its qualifiers and typedefs. */
struct shape {
	enum kind kind;
	const struct btf_type *type;
	const char *name;   /* as it is written: a typedef has precedence */
	bool is_big_endian; /* __be16 and its like */
	__u32 count;        /* elements of an array */
};

/* In a damaged object the name may be missing. */
static const char *name_at(const struct btf *btf, __u32 offset)
{
	return btf__name_by_offset(btf, offset) ?: "";
}

static const struct btf_type *resolve(const struct btf *btf, __u32 id, const char **name)
{
	const struct btf_type *type = btf__type_by_id(btf, id);

	*name = NULL;
	while (type && (btf_is_mod(type) || btf_is_typedef(type))) {
		if (btf_is_typedef(type) && !*name)
			*name = name_at(btf, type->name_off);
		type = btf__type_by_id(btf, type->type);
	}
	if (type && !*name)
		*name = name_at(btf, type->name_off);
	return type;
}

static enum kind kind_of_int(const struct btf_type *type)
{
	if (type->size > sizeof(uint64_t))
		return KIND_OTHER;
	if (btf_int_encoding(type) & BTF_INT_BOOL)
		return KIND_BOOL;
	return btf_int_encoding(type) & BTF_INT_SIGNED ? KIND_SIGNED : KIND_UNSIGNED;
}

static enum kind kind_of_array(const struct btf *btf, const struct btf_type *element, __u32 count)
{
	if (!element || !btf_is_int(element) || element->size != 1)
		return KIND_OTHER;
	if (!strcmp(name_at(btf, element->name_off), "char"))
		return KIND_TEXT;
	return count == sizeof(struct in_addr) || count == sizeof(struct in6_addr) ||
			       count == MAC_SIZE
		       ? KIND_ADDRESS
		       : KIND_OTHER;
}

static struct shape shape_of(const struct constant *constant)
{
	const struct btf *btf = constant->btf;
	struct shape shape = { 0 };

	shape.type = resolve(btf, constant->type_id, &shape.name);
	if (!shape.type)
		return shape;
	if (btf_is_int(shape.type)) {
		shape.kind = kind_of_int(shape.type);
		shape.is_big_endian = !strncmp(shape.name, "__be", 4);
	} else if (btf_is_any_enum(shape.type)) {
		shape.kind = KIND_ENUM;
	} else if (btf_is_array(shape.type)) {
		const struct btf_array *array = btf_array(shape.type);
		const struct btf_type *element = resolve(btf, array->type, &shape.name);

		shape.count = array->nelems;
		shape.kind = kind_of_array(btf, element, array->nelems);
	}
	return shape;
}

static void name_type(const struct shape *shape, struct text *text)
{
	const char *kind = !shape->type                   ? ""
			   : btf_is_struct(shape->type)   ? "struct "
			   : btf_is_union(shape->type)    ? "union "
			   : btf_is_any_enum(shape->type) ? "enum "
			   : btf_is_ptr(shape->type)      ? "pointer"
							  : "";

	text_add(text, "%s%s", kind, visible(shape->name && *shape->name ? shape->name : "?").text);
	if (shape->type && btf_is_array(shape->type))
		text_add(text, "[%u]", shape->count);
}

void constant_type_name(const struct constant *constant, struct text *text)
{
	const struct shape shape = shape_of(constant);

	name_type(&shape, text);
}

/* --- integers ------------------------------------------------------------------- */

static uint64_t to_big_endian(uint64_t number, __u32 size)
{
	return size == 8 ? htobe64(number) : size == 4 ? htobe32(number) : htobe16(number);
}

static void store(const struct constant *constant, uint64_t number)
{
	const uint8_t byte = number;
	const uint16_t half = number;
	const uint32_t word = number;

	switch (constant->size) {
	case 1:
		memcpy(constant->value, &byte, sizeof(byte));
		break;
	case 2:
		memcpy(constant->value, &half, sizeof(half));
		break;
	case 4:
		memcpy(constant->value, &word, sizeof(word));
		break;
	default:
		memcpy(constant->value, &number, sizeof(number));
	}
}

static uint64_t fetch(const struct constant *constant)
{
	uint64_t number = 0;
	uint32_t word;
	uint16_t half;

	switch (constant->size) {
	case 1:
		return *(uint8_t *)constant->value;
	case 2:
		memcpy(&half, constant->value, sizeof(half));
		return half;
	case 4:
		memcpy(&word, constant->value, sizeof(word));
		return word;
	default:
		memcpy(&number, constant->value, sizeof(number));
		return number;
	}
}

static int parse_unsigned(const char *text, __u32 size, uint64_t *number)
{
	const uint64_t greatest = UINT64_MAX >> (64 - 8 * size);
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	*number = strtoull(text, &end, 0);
	return *end || errno || *number > greatest ? -EINVAL : 0;
}

static int parse_signed(const char *text, __u32 size, uint64_t *number)
{
	const int64_t greatest = INT64_MAX >> (64 - 8 * size);
	const char *digits = text + (*text == '-');
	long long value;
	char *end;

	if (*digits < '0' || *digits > '9')
		return -EINVAL;
	errno = 0;
	value = strtoll(text, &end, 0);
	*number = value;
	return *end || errno || value > greatest || value < -greatest - 1 ? -EINVAL : 0;
}

static void describe_range(bool is_signed, __u32 size, struct text *why)
{
	const int unused = 64 - 8 * (int)size;

	if (is_signed)
		text_add(why, ": %" PRId64 " to %" PRId64, -(INT64_MAX >> unused) - 1,
			 INT64_MAX >> unused);
	else
		text_add(why, ": 0 to %" PRIu64, UINT64_MAX >> unused);
}

static int parse_number(const struct shape *shape, const struct constant *constant,
			const char *value, struct text *why)
{
	const bool is_signed = shape->kind == KIND_SIGNED;
	uint64_t number = 0;

	if (shape->is_big_endian && constant->size == sizeof(struct in_addr) &&
	    inet_pton(AF_INET, value, constant->value) == 1)
		return 0;
	if ((is_signed ? parse_signed : parse_unsigned)(value, constant->size, &number)) {
		describe_range(is_signed, constant->size, why);
		return -EINVAL;
	}
	store(constant, shape->is_big_endian ? to_big_endian(number, constant->size) : number);
	return 0;
}

static void format_number(const struct shape *shape, const struct constant *constant,
			  struct text *text)
{
	const int unused = 64 - 8 * (int)constant->size;
	const uint64_t number = fetch(constant);

	if (shape->kind == KIND_SIGNED)
		text_add(text, "%" PRId64, (int64_t)(number << unused) >> unused);
	else
		text_add(text, "%" PRIu64,
			 shape->is_big_endian ? to_big_endian(number, constant->size) : number);
}

static int parse_bool(const struct constant *constant, const char *value, struct text *why)
{
	const bool is_true = !strcmp(value, "true") || !strcmp(value, "1");

	if (!is_true && strcmp(value, "false") && strcmp(value, "0")) {
		text_add(why, ": true or false");
		return -EINVAL;
	}
	store(constant, is_true);
	return 0;
}

/* --- enums ------------------------------------------------------------------------ */

/* The name and number of one enumerator. */
static const char *enumerator(const struct btf *btf, const struct btf_type *type, int i,
			      uint64_t *number)
{
	if (btf_is_enum64(type)) {
		*number = btf_enum64_value(&btf_enum64(type)[i]);
		return name_at(btf, btf_enum64(type)[i].name_off);
	}
	*number = (int64_t)btf_enum(type)[i].val;
	return name_at(btf, btf_enum(type)[i].name_off);
}

static int parse_enum(const struct shape *shape, const struct constant *constant, const char *value,
		      struct text *why)
{
	const char *separator = ": ";
	uint64_t number;

	for (int i = 0; i < btf_vlen(shape->type); i++)
		if (!strcmp(enumerator(constant->btf, shape->type, i, &number), value)) {
			store(constant, number);
			return 0;
		}
	if (!parse_signed(value, constant->size, &number) ||
	    !parse_unsigned(value, constant->size, &number)) {
		store(constant, number);
		return 0;
	}
	for (int i = 0; i < btf_vlen(shape->type); i++, separator = ", ")
		text_add(why, "%s%s", separator,
			 visible(enumerator(constant->btf, shape->type, i, &number)).text);
	return -EINVAL;
}

static void format_enum(const struct shape *shape, const struct constant *constant,
			struct text *text)
{
	const uint64_t mask = UINT64_MAX >> (64 - 8 * constant->size), value = fetch(constant);
	uint64_t number;

	for (int i = 0; i < btf_vlen(shape->type); i++) {
		const char *name = enumerator(constant->btf, shape->type, i, &number);

		if ((number & mask) == value) {
			text_add(text, "%s", name);
			return;
		}
	}
	text_add(text, "%" PRIu64, value);
}

/* --- arrays ----------------------------------------------------------------------- */

static int parse_text(const struct constant *constant, const char *value, struct text *why)
{
	if (strlen(value) >= constant->size) {
		text_add(why, ": %u bytes at most", constant->size - 1);
		return -EINVAL;
	}
	memset(constant->value, 0, constant->size);
	memcpy(constant->value, value, strlen(value));
	return 0;
}

static int parse_mac(const char *value, uint8_t mac[MAC_SIZE])
{
	unsigned int byte[MAC_SIZE];
	int end = 0;

	if (strlen(value) != 3 * MAC_SIZE - 1 ||
	    strspn(value, "0123456789abcdefABCDEF:") != 3 * MAC_SIZE - 1 ||
	    sscanf(value, "%2x:%2x:%2x:%2x:%2x:%2x%n", &byte[0], &byte[1], &byte[2], &byte[3],
		   &byte[4], &byte[5], &end) != MAC_SIZE ||
	    value[end])
		return -EINVAL;
	for (int i = 0; i < MAC_SIZE; i++)
		mac[i] = byte[i];
	return 0;
}

static int parse_address(const struct constant *constant, const char *value, struct text *why)
{
	switch (constant->size) {
	case sizeof(struct in_addr):
		if (inet_pton(AF_INET, value, constant->value) == 1)
			return 0;
		text_add(why, ": an address such as 192.0.2.1");
		return -EINVAL;
	case MAC_SIZE:
		if (!parse_mac(value, constant->value))
			return 0;
		text_add(why, ": an address such as 02:00:00:00:00:01");
		return -EINVAL;
	default:
		if (inet_pton(AF_INET6, value, constant->value) == 1)
			return 0;
		text_add(why, ": an address such as 2001:db8::1");
		return -EINVAL;
	}
}

static void format_address(const struct constant *constant, struct text *text)
{
	const uint8_t *byte = constant->value;
	char address[INET6_ADDRSTRLEN];

	if (constant->size == MAC_SIZE)
		text_add(text, "%02x:%02x:%02x:%02x:%02x:%02x", byte[0], byte[1], byte[2], byte[3],
			 byte[4], byte[5]);
	else
		text_add(text, "%s",
			 inet_ntop(constant->size == sizeof(struct in_addr) ? AF_INET : AF_INET6,
				   byte, address, sizeof(address)));
}

/* ----------------------------------------------------------------------------------- */

int constant_value_parse(const struct constant *constant, const char *value, struct text *why)
{
	const struct shape shape = shape_of(constant);

	name_type(&shape, why);
	switch (shape.kind) {
	case KIND_UNSIGNED:
	case KIND_SIGNED:
		return parse_number(&shape, constant, value, why);
	case KIND_BOOL:
		return parse_bool(constant, value, why);
	case KIND_ENUM:
		return parse_enum(&shape, constant, value, why);
	case KIND_TEXT:
		return parse_text(constant, value, why);
	case KIND_ADDRESS:
		return parse_address(constant, value, why);
	default:
		text_add(why, ": only integers, bool, enums, char arrays and addresses can be set");
		return -EINVAL;
	}
}

void constant_value_format(const struct constant *constant, struct text *text, bool *is_text)
{
	const struct shape shape = shape_of(constant);

	*is_text = shape.kind > KIND_BOOL || shape.kind == KIND_OTHER;
	if (shape.is_big_endian && constant->size == sizeof(struct in_addr)) {
		*is_text = true;
		format_address(constant, text);
		return;
	}
	switch (shape.kind) {
	case KIND_UNSIGNED:
	case KIND_SIGNED:
		format_number(&shape, constant, text);
		return;
	case KIND_BOOL:
		text_add(text, fetch(constant) ? "true" : "false");
		return;
	case KIND_ENUM:
		format_enum(&shape, constant, text);
		return;
	case KIND_TEXT:
		text_add(text, "%.*s", (int)constant->size, (const char *)constant->value);
		return;
	case KIND_ADDRESS:
		format_address(constant, text);
		return;
	default:
		text_add(text, "(%u bytes)", constant->size);
	}
}
