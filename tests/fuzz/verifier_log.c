// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The log of the verifier: the quoted text must fit, and come from the log. */
#include <errno.h>

#include "failure.h"
#include "fuzz.h"
#include "messages_load.h"
#include "verifier_log.h"

static void summarize(void (*summary)(const char *, char *, size_t), const char *log, size_t size)
{
	char *text = malloc(size);

	summary(log, text, size);
	HOLDS(strnlen(text, size) < size);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *log = fuzz_string(data, size);
	size_t length = strlen(log);
	struct failure failure = { 0 };

	for (size_t room = 1; room <= length + 2; room = room * 3 + 1) {
		summarize(verifier_reason, log, room);
		summarize(verifier_last_words, log, room);
	}
	message_load(&failure, -EACCES, log, "");
	HOLDS(failure.cause[0] && failure.hint[0]);
	free(log);
	return 0;
}
