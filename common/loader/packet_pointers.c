// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "packet_pointers.h"

#define REGISTERS 11
#define LINE_SIZE 1024

enum content { OTHER, PACKET, LOST };

/* "8: (bf) r7 = r6": the register gets another content, that of r6 or an unknown one. */
static void assign(enum content registers[REGISTERS], const char *line)
{
	const char *code = strchr(line, ')');
	unsigned int to, from;
	char kind, from_kind;
	int matched;

	matched = code ? sscanf(code, ") %c%u = %c%u", &kind, &to, &from_kind, &from) : 0;
	if (matched < 2 || (kind != 'r' && kind != 'w') || to >= REGISTERS)
		return;
	if (!strncmp(strchr(code + 2, ' ') ?: "", " = ", 3))
		registers[to] = matched == 4 && kind == 'r' && from_kind == 'r' && from < REGISTERS
					? registers[from]
					: OTHER;
}

/* "R6=pkt(r=20)", in old kernels "R6_w=pkt(id=0,off=0,r=20,imm=0)". */
static void read_state(enum content registers[REGISTERS], const char *line)
{
	for (const char *p = line; (p = strchr(p, 'R')); p++) {
		char *end;
		unsigned long number = strtoul(p + 1, &end, 10);
		const char *value = end + strcspn(end, "= ");

		if (end == p + 1 || number >= REGISTERS || *value != '=')
			continue;
		value++;
		if (!strncmp(value, "pkt(", 4))
			registers[number] = PACKET;
		else if (strncmp(value, "scalar", 6) && strncmp(value, "inv", 3))
			registers[number] = OTHER;
	}
}

/* Each call makes the content of r0 to r5 unknown, some also that of packet pointers. */
static void call(enum content registers[REGISTERS], const char *line)
{
	const bool adjusts = strstr(line, "call bpf_xdp_adjust_");

	for (int i = 0; i < REGISTERS; i++)
		if (i <= 5)
			registers[i] = OTHER;
		else if (adjusts && registers[i] == PACKET)
			registers[i] = LOST;
}

/* Functions that are called have registers of their own. */
static int depth_after(int depth, const char *line)
{
	const char *frame = strstr(line, "frame");

	if (!strncmp(line, "callee:", 7))
		return depth + 1;
	if (!strncmp(line, "returning from callee:", 22))
		return depth - 1;
	if (strncmp(line, "from ", 5)) /* not the other side of an earlier branch */
		return depth;
	return frame ? atoi(frame + 5) : 0;
}

bool packet_pointer_was_lost(const char *log, const char *reason)
{
	enum content registers[REGISTERS] = { OTHER };
	unsigned int wanted;
	int depth = 0;

	if (sscanf(reason, "R%u ", &wanted) != 1 || wanted >= REGISTERS)
		return false;
	for (const char *line = log; line < reason; line += strcspn(line, "\n") + 1) {
		char text[LINE_SIZE];

		snprintf(text, sizeof(text), "%.*s", (int)strcspn(line, "\n"), line);
		depth = depth_after(depth, text);
		if (!strncmp(text, "from ", 5))
			memset(registers, 0, sizeof(registers));
		if (strstr(text, ") call "))
			call(registers, text);
		else if (!depth && isdigit((unsigned char)*text))
			assign(registers, text);
		if (!depth && *text != ';')
			read_state(registers, text);
	}
	return !depth && registers[wanted] == LOST;
}
