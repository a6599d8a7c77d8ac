// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdbool.h>
#include <stdio.h>

#include "constant_value.h"
#include "json.h"
#include "report_constants.h"
#include "visible.h"

#define VALUE_SIZE 1024

int report_constant(const struct constant *constant, void *prefix)
{
	char value[VALUE_SIZE], type[256];
	struct text text = text_in(value, sizeof(value)), of = text_in(type, sizeof(type));
	bool is_text;

	constant_value_format(constant, &text, &is_text);
	constant_type_name(constant, &of);
	printf("%sconstant %s = %s (%s)\n", (const char *)prefix, visible(constant->name).text,
	       visible(value).text, type);
	return 0;
}

int report_constant_json(const struct constant *constant, void *has_members)
{
	char value[VALUE_SIZE];
	struct text text = text_in(value, sizeof(value));
	bool *comma = has_members, is_text;

	constant_value_format(constant, &text, &is_text);
	if (*comma)
		putchar(',');
	*comma = true;
	json_print_string(stdout, constant->name);
	putchar(':');
	if (is_text)
		json_print_string(stdout, value);
	else
		fputs(value, stdout);
	return 0;
}
