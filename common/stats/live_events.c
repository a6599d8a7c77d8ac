// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "live_events.h"
#include "log.h"
#include "terminal.h"

#define KEPT 100

static struct {
	char *line[KEPT]; /* allocated here */
	size_t count;     /* of all */
	FILE *stream;     /* of log.h */
} events;

static void add(const char *text, int length)
{
	const time_t now = time(NULL);
	char when[sizeof("10:00:02")] = "", **line = &events.line[events.count % KEPT];
	struct tm tm;

	if (localtime_r(&now, &tm))
		strftime(when, sizeof(when), "%H:%M:%S", &tm);
	free(*line);
	if (asprintf(line, "%s  %.*s", when, length, text) < 0)
		*line = NULL;
	events.count++;
}

/* A line of log.h begins with the name of the program, which is no news here. */
static ssize_t take(void *cookie, const char *text, size_t size)
{
	static const char name[] = "xdp_stats: ";
	const char *end = text + size, *next;

	(void)cookie;
	if (!isatty(STDERR_FILENO))
		terminal_write(STDERR_FILENO, text, size);
	for (const char *line = text; line < end; line = next + 1) {
		next = memchr(line, '\n', end - line) ?: end;
		if ((size_t)(next - line) > strlen(name) && !memcmp(line, name, strlen(name)))
			line += strlen(name);
		if (next > line)
			add(line, (int)(next - line));
	}
	return (ssize_t)size;
}

void live_events_begin(void)
{
	events.stream = fopencookie(NULL, "w", (cookie_io_functions_t){ .write = take });
	if (events.stream)
		setvbuf(events.stream, NULL, _IOLBF, BUFSIZ);
	log_redirect(events.stream);
}

void live_events_end(void)
{
	if (events.stream)
		fclose(events.stream);
	log_redirect(NULL);
	for (size_t ago = KEPT; isatty(STDERR_FILENO) && ago-- > 0;)
		if (live_events_ago(ago))
			fprintf(stderr, "%s\n", live_events_ago(ago));
}

const char *live_events_ago(size_t ago)
{
	if (ago >= events.count || ago >= KEPT)
		return NULL;
	return events.line[(events.count - 1 - ago) % KEPT];
}
