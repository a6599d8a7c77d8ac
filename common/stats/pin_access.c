// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>

#include "pin_access.h"

#define SYSCTL "/proc/sys/kernel/unprivileged_bpf_disabled"

#define CAP_BPF_NUMBER 39 /* headers before 5.8 do not know CAP_BPF */

enum pin_obstacle pin_access_find(const char *path, char part[PIN_PATH_SIZE])
{
	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(part, PIN_PATH_SIZE, "%.*s", (int)(slash - path), path);
		if (faccessat(AT_FDCWD, part, X_OK, AT_EACCESS) && errno == EACCES)
			return PIN_DIRECTORY;
	}
	snprintf(part, PIN_PATH_SIZE, "%s", path);
	if (faccessat(AT_FDCWD, part, R_OK, AT_EACCESS) && errno == EACCES)
		return PIN_UNREADABLE;
	*part = '\0';
	return PIN_FREE;
}

bool pin_access_takes_capability(const char *release, int unprivileged_bpf_disabled)
{
	int major, minor;

	if (unprivileged_bpf_disabled <= 0 || sscanf(release, "%d.%d", &major, &minor) != 2)
		return false;
	return major < 6 || (major == 6 && minor < 1);
}

int pin_access_unprivileged_bpf_disabled(void)
{
	FILE *file = fopen(SYSCTL, "re");
	int number = -EINVAL;

	if (!file)
		return -errno;
	if (fscanf(file, "%d", &number) != 1)
		number = -EINVAL;
	fclose(file);
	return number;
}

bool pin_access_has_cap_bpf(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &header, data))
		return false;
	return data[0].effective & (1U << CAP_SYS_ADMIN) ||
	       data[1].effective & (1U << (CAP_BPF_NUMBER - 32));
}
