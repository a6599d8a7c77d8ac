// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdbool.h>
#include <string.h>

#include "text.h"
#include "utf8.h"
#include "visible.h"

/* C1 controls are U+0080 to U+009F: C2 80 to C2 9F. */
static bool is_control(const unsigned char *s)
{
	return *s < ' ' || *s == 0x7f || (*s == 0xc2 && s[1] >= 0x80 && s[1] < 0xa0);
}

struct visible visible(const char *raw)
{
	const unsigned char *s = (const unsigned char *)raw;
	struct visible shown = { "" };
	struct text text = text_in(shown.text, sizeof(shown.text));

	while (*s) {
		size_t length = utf8_length(s);

		if (length && !is_control(s))
			text_add(&text, "%.*s", (int)length, (const char *)s);
		else
			for (size_t i = 0; i < (length ?: 1); i++)
				text_add(&text, "\\x%02x", s[i]);
		s += length ?: 1;
	}
	return shown;
}

void visible_lines(char *raw)
{
	unsigned char *s = (unsigned char *)raw;

	while (*s) {
		size_t length = utf8_length(s);

		if (!length || (is_control(s) && *s != '\n' && *s != '\t'))
			memset(s, '?', length ?: 1);
		s += length ?: 1;
	}
}
