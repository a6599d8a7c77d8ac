/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Shared by the fuzz targets: copies of the input that make every overread visible.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libFuzzer calls this with each input. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A condition that is false ends the process, so that libFuzzer keeps the input. */
#define HOLDS(condition)                                                                           \
	((condition)                                                                               \
		 ? (void)0                                                                         \
		 : (fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition),  \
		    abort()))

/* A copy that ends at the end of its allocation. The caller frees it. */
static inline void *fuzz_copy(const uint8_t *data, size_t size)
{
	void *copy = malloc(size ?: 1);

	return size ? memcpy(copy, data, size) : copy;
}

/* The same as a string: up to the first zero byte. */
static inline char *fuzz_string(const uint8_t *data, size_t size)
{
	return strndup((const char *)data, size);
}

#endif
