// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <bpf/libbpf.h>

#include "libbpf_log.h"
#include "log.h"
#include "visible.h"

#define KERNEL_ENOTSUPP 524 /* include/linux/errno.h, not for user space */

/* These texts are the same in libbpf 1.0 to 1.7. */
#define EXTACK_MARK "Kernel error message: "
#define RETRY_MARK  "Retrying without BTF" /* a failure that has no consequence */

/* Each is NULL or an allocated string. */
static char *extack, *warning;

static int shown = -1; /* messages of libbpf up to this level go to stderr */

static void keep(char **where, const char *text, size_t length)
{
	free(*where);
	*where = strndup(text, length);
	if (*where) /* one line */
		(*where)[strcspn(*where, "\n")] = '\0';
}

/* The text of some drivers has two lines, or a newline at its end. */
static void keep_whole(char **where, const char *text)
{
	size_t length = strlen(text);

	while (length && text[length - 1] == '\n')
		length--;
	free(*where);
	*where = strndup(text, length);
	for (char *s = *where; s && *s; s++)
		if (*s == '\n')
			*s = ' ';
}

/* A failure that libbpf itself gets around. */
static bool is_ignored(const char *text)
{
	static const char *const marks[] = { "Retrying without BTF", "BTF loading error",
					     "BEGIN BTF LOAD LOG", "BTF is optional" };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (strstr(text, marks[i]))
			return true;
	return false;
}

static void keep_known(const char *text)
{
	const char *found;

	if ((found = strstr(text, EXTACK_MARK))) {
		if (!extack)
			keep_whole(&extack, found + strlen(EXTACK_MARK));
	} else if (!warning && !is_ignored(text)) {
		if (!strncmp(text, "libbpf: ", 8))
			text += 8;
		keep(&warning, text, strlen(text));
	}
}

static int on_print(enum libbpf_print_level level, const char *format, va_list args)
{
	char *text = NULL;
	size_t length;

	bool is_shown = (int)level <= shown;

	if (level != LIBBPF_WARN && !is_shown)
		return 0;
	if (vasprintf(&text, format, args) < 0)
		return 0;
	length = strlen(text);
	if (length && text[length - 1] == '\n')
		text[length - 1] = '\0';
	visible_lines(text);
	if (is_shown)
		fprintf(stderr, "%s\n", text);
	if (level == LIBBPF_WARN)
		keep_known(text);
	free(text);
	return 0;
}

void libbpf_log_init(void)
{
	static const char *const names[] = {
		[LIBBPF_WARN] = "warn", [LIBBPF_INFO] = "info", [LIBBPF_DEBUG] = "debug"
	};
	const char *wanted = getenv("LIBBPF_LOG_LEVEL");

	for (int i = LIBBPF_WARN; wanted && i <= LIBBPF_DEBUG; i++)
		if (!strcasecmp(wanted, names[i]))
			shown = i;
	if (log_get_level() == LOG_VERBOSE)
		shown = LIBBPF_DEBUG;
	libbpf_set_print(on_print);
}

void libbpf_log_reset(void)
{
	free(extack);
	free(warning);
	extack = warning = NULL;
}

const char *libbpf_log_extack(void)
{
	return extack ?: "";
}

bool libbpf_log_is_shown(void)
{
	return shown >= LIBBPF_WARN;
}

const char *libbpf_log_warning(void)
{
	return warning ?: "";
}

const char *libbpf_log_strerror(int err)
{
	static char text[128];

	if (-err < __LIBBPF_ERRNO__START)
		return -err == KERNEL_ENOTSUPP ? strerror(EOPNOTSUPP) : strerror(-err);
	libbpf_strerror(err, text, sizeof(text));
	return text;
}
