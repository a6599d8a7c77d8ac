// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Values of options and lists of CPUs: accepted as a whole, or nothing is changed. */
#include "cpus.h"
#include "fuzz.h"
#include "interface.h"
#include "parse.h"
#include "pin_path.h"
#include "text.h"

static void number(const char *text)
{
	uint32_t value = 0;
	char again[16];

	if (parse_u32(text, &value)) {
		HOLDS(value == 0);
		return;
	}
	HOLDS(value >= 1);
	snprintf(again, sizeof(again), "%u", value);
	HOLDS(!strcmp(again, text + strspn(text, "0")));
}

static void seconds(const char *text)
{
	uint64_t ns = 7;

	if (parse_seconds(text, &ns))
		HOLDS(ns == 7);
	else
		HOLDS(strspn(text, "0123456789.") == strlen(text));
}

static void interface(const char *name)
{
	char dir[IF_NAMESIZE], again[IF_NAMESIZE] = "";

	if (interface_check_name(name)) {
		pin_dir_ifname(again, name);
		return;
	}
	pin_dir_name(dir, name);
	HOLDS(!strchr(dir, '.'));
	HOLDS(!pin_dir_ifname(again, dir));
	HOLDS(!strcmp(again, name));
}

static void cpus(const char *list)
{
	const int count = cpus_count_list(list);

	HOLDS(count != 0);
	if (count > 0)
		HOLDS(strspn(list, "0123456789,-\n") == strlen(list));
}

static void distance(const char *a, const char *b)
{
	const size_t between = text_distance(a, b);

	if (strlen(a) > 255 || strlen(b) > 255)
		return;
	HOLDS(between == text_distance(b, a));
	HOLDS((between == 0) == !strcmp(a, b));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);
	const size_t length = strlen(text);
	/* the bytes after a zero byte are a second text */
	char *other = fuzz_string(data + length, size - length);

	if (size > length) {
		free(other);
		other = fuzz_string(data + length + 1, size - length - 1);
	}
	number(text);
	seconds(text);
	interface(text);
	cpus(text);
	distance(text, other);
	free(other);
	free(text);
	return 0;
}
