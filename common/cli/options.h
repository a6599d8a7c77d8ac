/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Command-line options from one table: each row gives the option, its line in --help
 * and its parser. Unlike getopt_long(), this module rejects abbreviations: otherwise a
 * new option could change the meaning of a script.
 *
 * This module prints and exits: with 2 on a wrong option, with 0 after --help and
 * --version, with 1 if these cannot be written.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct option_row;

/*
 * Read arg (NULL if there is no argument) into row->dest. Returns 0, or -EINVAL; *why,
 * a static string, then says which values are valid.
 */
typedef int option_parser(const struct option_row *row, const char *arg, const char **why);

struct option_row {
	const char *name;    /* long name, without the dashes */
	char letter;         /* short name, 0 for none */
	const char *metavar; /* NULL: no argument; "[ID]": an optional one */
	const char *help;
	option_parser *parse;
	void *dest;
	int value; /* for option_value */
};

struct options {
	const char *program;
	const char *usage;   /* the text after the name of the program */
	const char *summary; /* a sentence for --help */
	const char *footer;  /* printed last by --help */
	const struct option_row *rows;
	size_t count;
	const char *operand; /* the option that a word without one may belong to, or NULL */
	const bool *json;    /* if true, errors are printed as JSON; NULL: never */
};

/* Parse argv and store all options. Returns only on success. */
void options_parse(const struct options *options, int argc, char **argv);

/* Print a usage error and exit with 2. */
__attribute__((format(printf, 2, 3), noreturn)) void options_reject(const struct options *options,
								    const char *format, ...);

option_parser option_flag;    /* bool: true */
option_parser option_value;   /* int: row->value; an error if another value is set */
option_parser option_count;   /* uint32_t, from 1 on */
option_parser option_text;    /* const char *, not empty */
option_parser option_help;    /* print the table */
option_parser option_version; /* print program and version */

#endif
