// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/bpf.h>

#include "map_rules.h"

/* Types and flags later than the oldest headers that this builds with. */
#define BLOOM_FILTER   30
#define USER_RINGBUF   31
#define PRESERVE_ELEMS (1U << 11)
#define INNER_MAP      (1U << 12)
#define RB_OVERWRITE   (1U << 19)

/* Limits that are not constants: see limit_of(). */
#define ANY         UINT_MAX
#define ONE_CPU     (UINT_MAX - 1) /* bytes: what the kernel can allocate per CPU in one piece */
#define KERNEL_CPUS (UINT_MAX - 2) /* the CPUs for which the kernel is built */

#define LPM_KEY_MIN 5 /* bytes: the length of the prefix (four bytes), and what it is of */
#define LPM_KEY_MAX 260
#define STACK_MAX   512 /* bytes */

#define USER_ACCESS (BPF_F_RDONLY | BPF_F_WRONLY)
#define PROG_ACCESS (BPF_F_RDONLY_PROG | BPF_F_WRONLY_PROG)
#define ACCESS      (USER_ACCESS | PROG_ACCESS)
#define NUMA        BPF_F_NUMA_NODE
#define HASH_FLAGS  (ACCESS | BPF_F_ZERO_SEED)

struct range {
	__u32 min, max, step;
};

static const struct rule {
	__u32 type;
	struct range key, value; /* bytes */
	struct range entries;
	__u32 needs, takes; /* flags */
} rules[] = {
	{ BPF_MAP_TYPE_ARRAY,
	  { 4, 4 },
	  { 1, ANY },
	  { 1, ANY },
	  0,
	  ACCESS | NUMA | BPF_F_MMAPABLE | INNER_MAP },
	{ BPF_MAP_TYPE_PERCPU_ARRAY, { 4, 4 }, { 1, ONE_CPU }, { 1, ANY }, 0, ACCESS },
	{ BPF_MAP_TYPE_HASH,
	  { 1, ANY },
	  { 1, ANY },
	  { 1, ANY },
	  0,
	  HASH_FLAGS | NUMA | BPF_F_NO_PREALLOC },
	{ BPF_MAP_TYPE_PERCPU_HASH,
	  { 1, ANY },
	  { 1, ONE_CPU },
	  { 1, ANY },
	  0,
	  HASH_FLAGS | BPF_F_NO_PREALLOC },
	{ BPF_MAP_TYPE_LRU_HASH,
	  { 1, ANY },
	  { 1, ANY },
	  { 1, ANY },
	  0,
	  HASH_FLAGS | NUMA | BPF_F_NO_COMMON_LRU },
	{ BPF_MAP_TYPE_LRU_PERCPU_HASH,
	  { 1, ANY },
	  { 1, ONE_CPU },
	  { 1, ANY },
	  0,
	  HASH_FLAGS | BPF_F_NO_COMMON_LRU },
	{ BPF_MAP_TYPE_LPM_TRIE,
	  { LPM_KEY_MIN, LPM_KEY_MAX },
	  { 1, ANY },
	  { 1, ANY },
	  BPF_F_NO_PREALLOC,
	  ACCESS | NUMA | BPF_F_NO_PREALLOC },
	{ BPF_MAP_TYPE_DEVMAP, { 4, 4 }, { 4, 8, 4 }, { 1, ANY }, 0, USER_ACCESS | NUMA },
	{ BPF_MAP_TYPE_DEVMAP_HASH, { 4, 4 }, { 4, 8, 4 }, { 1, ANY }, 0, USER_ACCESS | NUMA },
	{ BPF_MAP_TYPE_CPUMAP, { 4, 4 }, { 4, 8, 4 }, { 1, KERNEL_CPUS }, 0, NUMA },
	{ BPF_MAP_TYPE_XSKMAP, { 4, 4 }, { 4, 4 }, { 1, ANY }, 0, USER_ACCESS | NUMA },
	{ BPF_MAP_TYPE_PROG_ARRAY, { 4, 4 }, { 4, 4 }, { 1, ANY }, 0, USER_ACCESS | NUMA },
	{ BPF_MAP_TYPE_PERF_EVENT_ARRAY,
	  { 4, 4 },
	  { 4, 4 },
	  { 1, ANY },
	  0,
	  USER_ACCESS | NUMA | PRESERVE_ELEMS },
	{ BPF_MAP_TYPE_CGROUP_ARRAY, { 4, 4 }, { 4, 4 }, { 1, ANY }, 0, USER_ACCESS | NUMA },
	{ BPF_MAP_TYPE_ARRAY_OF_MAPS, { 4, 4 }, { 4, 4 }, { 1, ANY }, 0, USER_ACCESS | NUMA },
	{ BPF_MAP_TYPE_HASH_OF_MAPS,
	  { 1, ANY },
	  { 4, 4 },
	  { 1, ANY },
	  0,
	  HASH_FLAGS | NUMA | BPF_F_NO_PREALLOC },
	{ BPF_MAP_TYPE_QUEUE, { 0, 0 }, { 1, ANY }, { 1, ANY }, 0, ACCESS | NUMA },
	{ BPF_MAP_TYPE_STACK, { 0, 0 }, { 1, ANY }, { 1, ANY }, 0, ACCESS | NUMA },
	{ BLOOM_FILTER, { 0, 0 }, { 1, ANY }, { 1, ANY }, 0, HASH_FLAGS | NUMA },
	/* libbpf rounds the entries up to pages, a power of two of them */
	{ BPF_MAP_TYPE_RINGBUF, { 0, 0 }, { 0, 0 }, { 1, ANY }, 0, NUMA | RB_OVERWRITE },
	{ USER_RINGBUF, { 0, 0 }, { 0, 0 }, { 1, ANY }, 0, NUMA },
	{ BPF_MAP_TYPE_STACK_TRACE,
	  { 4, 4 },
	  { 8, ANY, 8 },
	  { 1, ANY },
	  0,
	  USER_ACCESS | NUMA | BPF_F_STACK_BUILD_ID },
	{ BPF_MAP_TYPE_SOCKMAP, { 4, 4 }, { 4, 8, 4 }, { 1, ANY }, 0, USER_ACCESS | NUMA },
	{ BPF_MAP_TYPE_SK_STORAGE,
	  { 4, 4 },
	  { 1, ANY },
	  { 0, 0 },
	  BPF_F_NO_PREALLOC,
	  BPF_F_NO_PREALLOC | BPF_F_CLONE },
	{ BPF_MAP_TYPE_SOCKHASH, { 1, STACK_MAX }, { 4, 8, 4 }, { 1, ANY }, 0, USER_ACCESS | NUMA },
};

static const struct {
	__u32 bit;
	const char *name;
} flag_names[] = {
	{ BPF_F_NO_PREALLOC, "BPF_F_NO_PREALLOC" },
	{ BPF_F_NO_COMMON_LRU, "BPF_F_NO_COMMON_LRU" },
	{ BPF_F_NUMA_NODE, "BPF_F_NUMA_NODE" },
	{ BPF_F_RDONLY, "BPF_F_RDONLY" },
	{ BPF_F_WRONLY, "BPF_F_WRONLY" },
	{ BPF_F_STACK_BUILD_ID, "BPF_F_STACK_BUILD_ID" },
	{ BPF_F_ZERO_SEED, "BPF_F_ZERO_SEED" },
	{ BPF_F_RDONLY_PROG, "BPF_F_RDONLY_PROG" },
	{ BPF_F_WRONLY_PROG, "BPF_F_WRONLY_PROG" },
	{ BPF_F_CLONE, "BPF_F_CLONE" },
	{ BPF_F_MMAPABLE, "BPF_F_MMAPABLE" },
	{ PRESERVE_ELEMS, "BPF_F_PRESERVE_ELEMS" },
	{ INNER_MAP, "BPF_F_INNER_MAP" },
};

#define FLAG_NAMES (sizeof(flag_names) / sizeof(flag_names[0]))

void map_flags_describe(__u32 flags, struct text *text)
{
	const char *between = "";

	for (size_t i = 0; i < FLAG_NAMES; i++) {
		if (!(flags & flag_names[i].bit))
			continue;
		text_add(text, "%s%s", between, flag_names[i].name);
		between = "|";
		flags &= ~flag_names[i].bit;
	}
	if (flags || !*between)
		text_add(text, flags ? "%s0x%x" : "%s%u", between, flags);
}

static __u32 limit_of(__u32 max)
{
	const __u32 page = (__u32)sysconf(_SC_PAGESIZE), one_cpu = 32768;
	__u32 last = 0;
	FILE *file;

	if (max == ONE_CPU)
		return page > one_cpu ? page : one_cpu;
	if (max != KERNEL_CPUS)
		return max;
	file = fopen("/sys/devices/system/cpu/kernel_max", "re");
	if (!file)
		return ANY;
	if (fscanf(file, "%u", &last) != 1)
		last = ANY - 1;
	fclose(file);
	return last + 1;
}

/* "4", "4 or 8", "5 to 260", "at least 1", "at least 8, a multiple of 8" */
static void describe_range(struct text *text, const struct range *range, __u32 max)
{
	if (range->min == max)
		text_add(text, "%u", max);
	else if (range->step && max != ANY)
		text_add(text, "%u or %u", range->min, max);
	else if (max != ANY)
		text_add(text, "%u to %u", range->min, max);
	else
		text_add(text, "at least %u", range->min);
	if (range->step && max == ANY)
		text_add(text, ", a multiple of %u", range->step);
}

static void check_range(const char *field, const struct range *range, __u32 value,
			struct text *broken, struct text *hints)
{
	const __u32 max = limit_of(range->max);
	char buffer[64];
	struct text text = text_in(buffer, sizeof(buffer));

	if (value >= range->min && value <= max && (!range->step || value % range->step == 0))
		return;
	describe_range(&text, range, max);
	text_add_item(broken, field);
	text_add(broken, " must be %s", buffer);
	if (range->max == ONE_CPU && value > max)
		text_add(broken, " (what a CPU can have in one piece)");
	if (range->max == KERNEL_CPUS && value > max)
		text_add(broken, " (the CPUs for which this kernel is built)");
	if (!max)
		text_add_line(hints, "leave out %s", field);
	else if (range->min == max)
		text_add_line(hints, "write __uint(%s, %u); in its definition", field, max);
	else
		text_add_line(hints, "write __uint(%s, N); in its definition, where N is %s", field,
			      buffer);
	if (max && strcmp(field, "max_entries"))
		text_add(hints, ", in place of __type(%.*s, ...)", (int)strcspn(field, "_"), field);
}

static void check_flags(const struct rule *rule, __u32 flags, struct text *broken,
			struct text *hints)
{
	const __u32 user = flags & USER_ACCESS, prog = flags & PROG_ACCESS;
	char buffer[256];
	struct text names = text_in(buffer, sizeof(buffer));

	if (rule->needs & ~flags) {
		map_flags_describe(rule->needs, &names);
		text_add_item(broken, "map_flags must have ");
		text_add(broken, "%s", buffer);
		text_add_line(hints, "write __uint(map_flags, %s); in its definition", buffer);
	} else if (user == USER_ACCESS || prog == PROG_ACCESS) {
		map_flags_describe(user == USER_ACCESS ? user : prog, &names);
		text_add_item(broken, "map_flags must not have both of ");
		text_add(broken, "%s", buffer);
		text_add_line(hints, "leave one of them out of __uint(map_flags, ...)");
	} else if (flags & ~rule->takes && !broken->used) { /* a later kernel may take more */
		map_flags_describe(flags & ~rule->takes, &names);
		text_add_item(broken, "map_flags must not have ");
		text_add(broken, "%s", buffer);
		text_add_line(hints, "leave it out of __uint(map_flags, ...)");
	}
}

void map_rules_check(const struct map_definition *map, struct text *broken, struct text *hints)
{
	const struct rule *rule = rules, *const end = rules + sizeof(rules) / sizeof(rules[0]);

	while (rule < end && rule->type != map->type)
		rule++;
	if (rule == end)
		return;
	check_range("key_size", &rule->key, map->key_size, broken, hints);
	check_range("value_size", &rule->value, map->value_size, broken, hints);
	check_range("max_entries", &rule->entries, map->max_entries, broken, hints);
	check_flags(rule, map->flags, broken, hints);
}
