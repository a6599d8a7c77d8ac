// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "live_events.h"
#include "panel.h"
#include "stats_live.h"
#include "stats_messages.h"
#include "terminal.h"
#include "utf8.h"
#include "visible.h"

#define EVENT_ROWS 5 /* of a window that has three times as many */

static struct {
	bool is_on, is_utf8;
	struct watch_list *list; /* of the caller */
	double interval_s;
} live;

/* Where lines go, each cut off at the end of the window. */
struct page {
	FILE *out;
	bool is_screen; /* else plain text */
	int rows, columns;
	int used; /* rows */
};

/* The bytes of the first columns of a line. */
static size_t first_columns(const char *line, size_t length, int columns)
{
	size_t bytes = 0;

	for (; bytes < length; bytes++)
		if ((line[bytes] & 0xc0) != 0x80 && columns-- <= 0)
			break;
	return bytes;
}

/*
 * Clear before, not after: past the last column, the cursor is still on it. For the same reason
 * a line begins with a new line, and does not end with one.
 */
static void put_line(struct page *page, const char *line, size_t length)
{
	length = first_columns(line, length, page->columns);
	if (page->is_screen)
		fputs(page->used ? "\r\n" TERMINAL_CLEAR_LINE : TERMINAL_HOME TERMINAL_CLEAR_LINE,
		      page->out);
	fwrite(line, 1, length, page->out);
	if (!page->is_screen)
		fputc('\n', page->out);
	page->used++;
}

/* The first count lines of a text. */
static void put_lines(struct page *page, const char *text, int count)
{
	for (; count > 0; count--) {
		const size_t length = strcspn(text, "\n");

		put_line(page, text, length);
		text += length + (text[length] == '\n');
	}
}

static int count_lines(const char *text)
{
	int lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

/* What there is to show of an interface. The caller frees it; NULL without memory. */
static char *text_of(const struct watch *watch, int columns)
{
	struct stats_report report;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	if (panel_report(watch, &report)) {
		report.columns = columns;
		report.interval_s = live.interval_s;
		report.is_utf8 = live.is_utf8;
		stats_print_table(out, &report);
	} else {
		fprintf(out, "%s  no map that can be read\n", visible(watch_subject(watch)).text);
	}
	fclose(out);
	return text;
}

static void put_rest(struct page *page, int lines, size_t interfaces)
{
	char text[80];
	int length = 0;

	if (lines)
		length = snprintf(text, sizeof(text), "... %d more line%s", lines,
				  lines > 1 ? "s" : "");
	if (interfaces)
		length += snprintf(text + length, sizeof(text) - length, "%s %zu more interface%s",
				   lines ? "," : "...", interfaces, interfaces > 1 ? "s" : "");
	put_line(page, text, length);
}

/*
 * As many whole tables as the rows have room for, or the beginning of the first one, and what
 * is missing then.
 */
static void put_tables(struct page *page, int rows)
{
	for (size_t i = 0; i < live.list->count; i++) {
		const size_t left = live.list->count - i;
		char *text = text_of(&live.list->watches[i], page->columns);
		const int lines = text ? count_lines(text) : 0, gap = i > 0;
		const bool fits = page->used + gap + lines + (left > 1) <= rows;
		const int shown = fits ? lines : i ? 0 : rows - 1;

		if (fits && gap)
			put_line(page, "", 0);
		if (text)
			put_lines(page, text, shown);
		free(text);
		if (fits)
			continue;
		put_rest(page, i ? 0 : lines - shown, i ? left : left - 1);
		return;
	}
}

static int rows_of(const char *line, int columns)
{
	const int length = (int)utf8_columns(line);

	return length > columns ? (length + columns - 1) / columns : 1;
}

/* How many events fit into so many rows, and how many rows they take. */
static size_t count_events(int columns, int most, int *rows)
{
	const char *line;
	size_t count = 0;

	*rows = 0;
	while ((line = live_events_ago(count)) && *rows + rows_of(line, columns) <= most) {
		*rows += rows_of(line, columns);
		count++;
	}
	if (!count && line && most > 0) { /* too long: its beginning */
		*rows = most;
		count = 1;
	}
	return count;
}

/* What is too long goes on in the next row. */
static void put_events(struct page *page, size_t count, int rows)
{
	while (count--) {
		const char *line = live_events_ago(count);

		do {
			const size_t bytes = first_columns(line, strlen(line), page->columns);

			put_line(page, line, bytes);
			line += bytes;
		} while (*line && --rows > 0);
	}
}

static char *compose(size_t *size, bool is_screen)
{
	struct page page = { .is_screen = is_screen };
	size_t events = 0;
	char *text = NULL;
	int rows = 0, most;

	page.out = open_memstream(&text, size);
	if (!page.out)
		return NULL;
	terminal_size(&page.rows, &page.columns);
	most = page.rows / 3 < EVENT_ROWS ? page.rows / 3 : EVENT_ROWS;
	if (is_screen)
		events = count_events(page.columns, most, &rows);
	put_tables(&page, page.rows - rows);
	if (events && page.used + rows < page.rows) /* a blank line, if there is room */
		put_line(&page, "", 0);
	put_events(&page, events, rows);
	if (is_screen && page.used < page.rows)
		fputs("\r\n" TERMINAL_CLEAR_REST, page.out);
	fclose(page.out);
	return text;
}

/* In one write. Returns 0 or -errno. */
static int show(bool is_screen)
{
	size_t size;
	char *text = compose(&size, is_screen);
	int err = text ? terminal_write(STDOUT_FILENO, text, size) : 0;

	free(text);
	return err;
}

void stats_live_end(void)
{
	if (!live.is_on)
		return;
	live.is_on = false;
	terminal_end();
	show(false);
	live_events_end();
}

bool stats_live_begin(struct watch_list *list, uint64_t interval_ns)
{
	if (!terminal_is_screen())
		return false;
	setlocale(LC_CTYPE, "");
	live.is_utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	live.list = list;
	live.interval_s = (double)interval_ns / NS_PER_S;
	atexit(stats_live_end);
	live.is_on = true;
	live_events_begin();
	terminal_begin();
	return true;
}

bool stats_live_is_on(void)
{
	return live.is_on;
}

void stats_live_take(struct watch *watch, const struct stats_report *report)
{
	panel_take(watch, report, live.interval_s);
}

int stats_live_draw(struct failure *failure)
{
	int err;

	for (size_t i = 0; i < live.list->count; i++)
		panel_tick(&live.list->watches[i], live.interval_s);
	err = show(true);
	return err ? stats_cannot_write(failure, err) : 0;
}

void stats_live_wait(struct schedule *schedule)
{
	const uint64_t deadline_ns = schedule_next(schedule);

	while (terminal_wait(deadline_ns))
		show(true); /* an error is found out at the tick */
}
