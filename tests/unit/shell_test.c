// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell.h"
#include "unit.h"

#define WORDS    200
#define WORD_MAX 24

/* Bytes of which a shell takes one for something else are as frequent as all others. */
static void fill(char *word)
{
	static const char special[] = "'\"\\$`!~*?[]{}()<>|&;# \t\n\r\x1b\x7f\xff\xc2\x80-=";
	const int length = rand() % WORD_MAX;

	for (int i = 0; i < length; i++)
		word[i] = rand() % 2 ? special[rand() % (sizeof(special) - 1)] : 1 + rand() % 255;
	word[length] = '\0';
}

/* bash gives back each word as it was, a zero byte after each. */
static void bash_takes_words_for_themselves(void **state)
{
	char words[WORDS][WORD_MAX + 1], name[] = "/tmp/words.XXXXXX", command[64],
					 again[WORD_MAX + 2];
	FILE *script = fdopen(mkstemp(name), "w"), *output;
	size_t length;

	(void)state;
	srand(1);
	fputs("printf '%s\\0'", script);
	for (size_t i = 0; i < WORDS; i++) {
		fill(words[i]);
		fprintf(script, " %s", shell_word(words[i]).text);
	}
	fclose(script);
	snprintf(command, sizeof(command), "bash %s", name);
	output = popen(command, "r");
	assert_non_null(output);
	for (size_t i = 0; i < WORDS; i++) {
		length = strlen(words[i]) + 1;
		assert_int_equal(fread(again, 1, length, output), length);
		assert_memory_equal(again, words[i], length);
	}
	assert_int_equal(fgetc(output), EOF);
	assert_int_equal(pclose(output), 0);
	unlink(name);
}

int run_shell_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bash_takes_words_for_themselves),
	};

	return cmocka_run_group_tests_name("shell", tests, NULL, NULL);
}
