// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The answer of the kernel about an interface, truncated and damaged. */
#include "fuzz.h"
#include "link.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nlmsghdr *message = fuzz_copy(data, size);
	struct link link = { 0 };

	if (!link_parse(message, size, &link))
		HOLDS(strnlen(link.name, sizeof(link.name)) < sizeof(link.name));
	free(message);
	return 0;
}
