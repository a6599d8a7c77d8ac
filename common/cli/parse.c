// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <ctype.h>
#include <errno.h>

#include "parse.h"

int parse_u32(const char *text, uint32_t *number)
{
	uint64_t value = 0;
	const char *p;

	for (p = text; isdigit((unsigned char)*p); p++) {
		value = value * 10 + (*p - '0');
		if (value > UINT32_MAX)
			return -EINVAL;
	}
	if (*p || !value)
		return -EINVAL;
	*number = value;
	return 0;
}

int parse_seconds(const char *text, uint64_t *nanoseconds)
{
	uint64_t unit = 1000000000, seconds = 0, fraction = 0;
	const char *p = text;

	if (!isdigit((unsigned char)*p) && !(*p == '.' && isdigit((unsigned char)p[1])))
		return -EINVAL;
	for (; isdigit((unsigned char)*p); p++) {
		seconds = seconds * 10 + (*p - '0');
		if (seconds > UINT32_MAX)
			return -EINVAL;
	}
	seconds *= unit;
	if (*p == '.')
		for (p++; isdigit((unsigned char)*p); p++)
			fraction += (*p - '0') * (unit /= 10);
	if (*p)
		return -EINVAL;
	*nanoseconds = seconds + fraction;
	return 0;
}
