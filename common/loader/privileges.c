// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <linux/capability.h>
#include <linux/seccomp.h>

#include "privileges.h"
#include "text.h"

/* The value of a line such as "CapEff:\t000001ffffffffff"; unknown if there is none. */
static unsigned long long read_status(const char *status, const char *key, int base,
				      unsigned long long unknown)
{
	const size_t length = strlen(key);
	char line[256];
	FILE *file = fopen(status, "re");

	if (!file)
		return unknown;
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, key, length) && line[length] == ':') {
			unknown = strtoull(line + length + 1, NULL, base);
			break;
		}
	fclose(file);
	return unknown;
}

void missing_capabilities(const char *status, char *buffer, size_t size)
{
	static const struct {
		int bit;
		const char *name;
		bool by_sys_admin; /* CAP_SYS_ADMIN includes it */
	} needed[] = {
		{ CAP_BPF, "CAP_BPF", true },
		{ CAP_PERFMON, "CAP_PERFMON", true },
		{ CAP_NET_ADMIN, "CAP_NET_ADMIN", false },
	};
	unsigned long long mask = read_status(status, "CapEff", 16, ~0ULL);
	bool is_admin = mask >> CAP_SYS_ADMIN & 1;
	struct text text = text_in(buffer, size);

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (mask >> needed[i].bit & 1 || (needed[i].by_sys_admin && is_admin))
			continue;
		text_add_item(&text, needed[i].name);
	}
}

bool has_sys_admin(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	/* the wrapper is in libcap, not in libc */
	return !syscall(SYS_capget, &header, data) &&
	       data[CAP_TO_INDEX(CAP_SYS_ADMIN)].effective & CAP_TO_MASK(CAP_SYS_ADMIN);
}

bool release_is_before(const char *release, int major, int minor)
{
	int a = 0, b = 0;

	if (sscanf(release, "%d.%d", &a, &b) != 2)
		return false;
	return a < major || (a == major && b < minor);
}

bool kernel_is_before(int major, int minor, char release[KERNEL_RELEASE_SIZE])
{
	struct utsname name;

	*release = '\0';
	if (uname(&name))
		return false;
	snprintf(release, KERNEL_RELEASE_SIZE, "%s", name.release);
	return release_is_before(release, major, minor);
}

bool is_in_user_namespace(const char *uid_map)
{
	unsigned long inside = 0, outside = 0, count = ~0U;
	FILE *file = fopen(uid_map, "re");

	if (!file)
		return false;
	if (fscanf(file, "%lu %lu %lu", &inside, &outside, &count) != 3)
		count = 0; /* no user is mapped yet */
	fclose(file);
	return inside || outside || count != ~0U;
}

bool has_seccomp_filter(const char *status)
{
	return read_status(status, "Seccomp", 10, 0) == SECCOMP_MODE_FILTER;
}

/* "[none] integrity confidentiality": the value in brackets is active. */
bool is_locked_down(const char *lockdown)
{
	char line[128] = "";
	FILE *file = fopen(lockdown, "re");

	if (!file)
		return false;
	if (!fgets(line, sizeof(line), file))
		*line = '\0';
	fclose(file);
	return strstr(line, "[integrity]") || strstr(line, "[confidentiality]");
}
