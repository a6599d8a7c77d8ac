// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "log.h"
#include "options.h"
#include "parse.h"
#include "text.h"
#include "visible.h"

#define MAX_ROWS 32

/* A parser returns one of these if the program must exit with success. */
enum { PRINT_HELP = 1, PRINT_VERSION };

static bool is_optional(const struct option_row *row)
{
	return row->metavar && row->metavar[0] == '[';
}

static void print_help(const struct options *options)
{
	printf("Usage: %s %s\n\n%s\n\nOptions:\n", options->program, options->usage,
	       options->summary);
	for (size_t i = 0; i < options->count; i++) {
		const struct option_row *row = &options->rows[i];
		char left[40];
		int used;

		used = snprintf(left, sizeof(left), row->letter ? "-%c, " : "    ", row->letter);
		if (is_optional(row)) /* "[ID]" is shown as [=ID] */
			snprintf(left + used, sizeof(left) - used, "--%s[=%s", row->name,
				 row->metavar + 1);
		else
			snprintf(left + used, sizeof(left) - used, "--%s%s%s", row->name,
				 row->metavar ? " " : "", row->metavar ? row->metavar : "");
		printf("  %-26s %s\n", left, row->help);
	}
	if (options->footer)
		printf("\n%s\n", options->footer);
}

void options_reject(const struct options *options, const char *format, ...)
{
	struct failure failure;
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	visible_lines(text);
	failure_set(&failure, EXIT_USAGE, "%s", text);
	failure_hint(&failure, "see %s --help", options->program);
	exit(failure_print(&failure, options->json && *options->json));
}

/* The table in the form that getopt_long() reads. */
static void fill_getopt(const struct options *options, struct option *longs, char *shorts)
{
	*shorts++ = '+'; /* stop at the first operand: none is allowed */
	*shorts++ = ':';
	for (size_t i = 0; i < options->count; i++) {
		const struct option_row *row = &options->rows[i];

		longs[i] = (struct option){
			.name = row->name,
			.has_arg = is_optional(row) ? optional_argument
				   : row->metavar   ? required_argument
						    : no_argument,
		};
		if (!row->letter)
			continue;
		*shorts++ = row->letter;
		if (row->metavar)
			*shorts++ = ':';
		if (is_optional(row))
			*shorts++ = ':';
	}
}

static const struct option_row *find_letter(const struct options *options, int letter)
{
	for (size_t i = 0; i < options->count; i++)
		if (options->rows[i].letter == letter)
			return &options->rows[i];
	return NULL;
}

static size_t name_length(const char *word)
{
	return strcspn(word + 2, "=");
}

static bool is_exact(const struct options *options, const char *word)
{
	for (size_t i = 0; i < options->count; i++)
		if (strlen(options->rows[i].name) == name_length(word) &&
		    !strncmp(options->rows[i].name, word + 2, name_length(word)))
			return true;
	return false;
}

/* The option that begins with name, or is most like it. */
static const char *find_meant(const struct options *options, const char *name)
{
	const char *nearest = NULL;
	size_t least = text_far(name);

	for (size_t i = 0; i < options->count; i++) {
		const char *candidate = options->rows[i].name;

		if (*name && !strncmp(candidate, name, strlen(name)))
			return candidate;
		if (text_is_nearer(name, candidate, &least))
			nearest = candidate;
	}
	return nearest;
}

/* word is "--name" or "--name=value"; suggest the option that is most like it. */
static void reject_word(const struct options *options, const char *word)
{
	char name[64];
	const char *meant;

	snprintf(name, sizeof(name), "%.*s", (int)name_length(word), word + 2);
	meant = find_meant(options, name);
	if (!meant)
		options_reject(options, "unknown option '%s'", word);
	options_reject(options, "unknown option '%s'%s: did you mean --%s?", word,
		       strncmp(meant, name, strlen(name)) ? "" : " (options cannot be abbreviated)",
		       meant);
}

static void reject_unknown(const struct options *options, const char *word)
{
	if (!strncmp(word, "--", 2))
		options_reject(options, "option '%.*s' takes no argument",
			       (int)name_length(word) + 2, word);
	options_reject(options, "unknown option '-%c'", optopt);
}

/* Exit after --help or --version. A text that could not be written is a failure. */
static void finish(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		exit(EXIT_SUCCESS);
	log_error("cannot write to the standard output: %s", strerror(errno));
	exit(EXIT_FAILURE);
}

/* Options with the same destination, such as modes, exclude each other. */
static void reject_rivals(const struct options *options, const struct option_row *row)
{
	for (size_t i = 0; i < options->count; i++) {
		const struct option_row *other = &options->rows[i];

		if (other->parse == option_value && other->dest == row->dest &&
		    other->value == *(int *)row->dest)
			options_reject(options, "--%s and --%s contradict each other", other->name,
				       row->name);
	}
}

static void store(const struct options *options, const struct option_row *row, const char *arg)
{
	const char *why = "";

	switch (row->parse(row, arg, &why)) {
	case 0:
		return;
	case PRINT_HELP:
		print_help(options);
		finish();
		break;
	case PRINT_VERSION:
		printf("%s %s\n", options->program, VERSION);
		finish();
		break;
	default:
		if (row->parse == option_value)
			reject_rivals(options, row);
		if (!arg)
			options_reject(options, "--%s: %s", row->name, why);
		options_reject(options, "--%s '%s': %s", row->name, arg, why);
	}
}

/* The word may lack its option, if that was not given; a file belongs to another one. */
static void reject_operand(const struct options *options, const char *word, bool has_operand)
{
	const char *dot = strrchr(word, '.');

	if (options->operand && !has_operand && !strchr(word, '/') && !(dot && !strcmp(dot, ".o")))
		options_reject(options, "unexpected argument '%s': did you mean --%s %s?", word,
			       options->operand, word);
	options_reject(options, "unexpected argument '%s'", word);
}

void options_parse(const struct options *options, int argc, char **argv)
{
	struct option longs[MAX_ROWS + 1] = { 0 };
	char shorts[3 * MAX_ROWS + 3] = "";
	bool has_operand = false;

	fill_getopt(options, longs, shorts);
	opterr = 0;
	for (;;) {
		const struct option_row *row;
		const char *word = argv[optind];
		int index = -1;
		int c = getopt_long(argc, argv, shorts, longs, &index);

		if (c == -1)
			break;
		if (!strncmp(word, "--", 2) && !is_exact(options, word))
			reject_word(options, word);
		if (c == '?')
			reject_unknown(options, word);
		if (c == ':')
			options_reject(options, "option '%s' needs an argument", word);
		row = index >= 0 ? &options->rows[index] : find_letter(options, c);
		/* getopt_long() takes an optional argument only from the same word */
		if (is_optional(row) && !optarg && optind < argc && argv[optind][0] != '-')
			optarg = argv[optind++];
		has_operand =
			has_operand || (options->operand && !strcmp(row->name, options->operand));
		store(options, row, optarg);
	}
	if (optind < argc)
		reject_operand(options, argv[optind], has_operand);
}

int option_flag(const struct option_row *row, const char *arg, const char **why)
{
	(void)arg;
	(void)why;
	*(bool *)row->dest = true;
	return 0;
}

int option_value(const struct option_row *row, const char *arg, const char **why)
{
	int *dest = row->dest;

	(void)arg;
	*why = "contradicts an option before it";
	if (*dest && *dest != row->value)
		return -EINVAL;
	*dest = row->value;
	return 0;
}

int option_count(const struct option_row *row, const char *arg, const char **why)
{
	*why = "must be a whole number from 1 to 4294967295";
	return parse_u32(arg, row->dest);
}

int option_text(const struct option_row *row, const char *arg, const char **why)
{
	*why = "must not be empty";
	if (!*arg)
		return -EINVAL;
	*(const char **)row->dest = arg;
	return 0;
}

int option_help(const struct option_row *row, const char *arg, const char **why)
{
	(void)row;
	(void)arg;
	(void)why;
	return PRINT_HELP;
}

int option_version(const struct option_row *row, const char *arg, const char **why)
{
	(void)row;
	(void)arg;
	(void)why;
	return PRINT_VERSION;
}
