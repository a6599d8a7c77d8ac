/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Command-line options out of one table: each row gives the option, its line in
 * --help and how its argument is read. Unlike getopt_long() alone it takes no
 * abbreviations, so that an option added later cannot change what a script says.
 *
 * This module talks to the user and exits: with 2 on a wrong option, with 0
 * after --help and --version.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct option_row;

/*
 * Reads arg (NULL where the option has none) into row->dest. Returns 0, or
 * -EINVAL with *why saying what a right value looks like.
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
	const char *usage;   /* what follows the program's name */
	const char *summary; /* a sentence for --help */
	const char *footer;  /* printed last by --help */
	const struct option_row *rows;
	size_t count;
	const bool *json; /* a wrong option is then told in JSON; NULL: never */
};

/* Read all of argv; on return every option has been stored. */
void options_parse(const struct options *options, int argc, char **argv);

/* Say that the options do not fit together, and exit with 2. */
__attribute__((format(printf, 2, 3), noreturn)) void options_reject(const struct options *options,
								    const char *format, ...);

option_parser option_flag;    /* bool: true */
option_parser option_value;   /* int: row->value, unless it already has another */
option_parser option_count;   /* uint32_t, from 1 on */
option_parser option_text;    /* const char *, not empty */
option_parser option_help;    /* prints the table */
option_parser option_version; /* prints program and version */

#endif
