// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>

#include "explain.h"
#include "text.h"
#include "visible.h"

static bool is_on;
static FILE *held; /* writes to held_text */
static char *held_text;
static size_t held_length;

void explain_on(void)
{
	is_on = true;
}

void explain_hold(void)
{
	if (is_on && !held)
		held = open_memstream(&held_text, &held_length);
}

bool explain_is_on(void)
{
	return is_on;
}

void explain_step(const char *what, const char *calls, const char *by_hand)
{
	static int number;
	char buffer[4096];
	struct text text = text_in(buffer, sizeof(buffer));

	if (!is_on)
		return;
	text_add(&text, "%2d. %s\n", ++number, what);
	text_add(&text, "      call:    %s\n", calls);
	if (by_hand)
		text_add(&text, "      by hand: %s\n", by_hand);
	visible_lines(buffer);
	fputs(buffer, held ?: stderr);
}

void explain_flush(void)
{
	if (!held || fclose(held))
		return;
	held = NULL;
	fputs(held_text, stderr);
	free(held_text);
}
