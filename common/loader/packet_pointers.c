// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "packet_pointers.h"

#define REGISTERS 11
#define LINE_SIZE 1024

/* "8: (bf) r7 = r6": the register gets another content, that of r6 or an unknown one. */
static void assign(enum packet_pointer registers[REGISTERS], const char *line)
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
					: NO_PACKET_POINTER;
}

/* "R6=pkt(r=20)", in old kernels "R6_w=pkt(id=0,off=0,r=20,imm=0)". */
static void read_state(enum packet_pointer registers[REGISTERS], const char *line)
{
	for (const char *p = line; (p = strchr(p, 'R')); p++) {
		char *end;
		unsigned long number = strtoul(p + 1, &end, 10);
		const char *value = end + strcspn(end, "= ");

		if (end == p + 1 || number >= REGISTERS || *value != '=')
			continue;
		value++;
		if (!strncmp(value, "pkt(", 4))
			registers[number] = PACKET_POINTER;
		else if (!strncmp(value, "pkt_meta(", 9))
			registers[number] = METADATA_POINTER;
		else if (strncmp(value, "scalar", 6) && strncmp(value, "inv", 3))
			registers[number] = NO_PACKET_POINTER;
	}
}

/* Each call makes the content of r0 to r5 unknown, some also that of packet pointers. */
static void call(enum packet_pointer registers[REGISTERS], const char *line)
{
	const bool adjusts = strstr(line, "call bpf_xdp_adjust_");

	for (int i = 0; i < REGISTERS; i++)
		if (i <= 5)
			registers[i] = NO_PACKET_POINTER;
		else if (adjusts && registers[i] != NO_PACKET_POINTER)
			registers[i] = LOST_PACKET_POINTER;
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
	return frame ? (int)strtol(frame + 5, NULL, 10) : 0;
}

/* The register that a line names first, or one that there is not. */
static unsigned int register_of(const char *line)
{
	const char *const end = line + strcspn(line, "\n");

	for (; line < end; line++)
		if (*line == 'R' && isdigit((unsigned char)line[1]))
			return strtoul(line + 1, NULL, 10);
	return REGISTERS;
}

enum packet_pointer packet_pointer_find(const char *log, const char *reason)
{
	enum packet_pointer registers[REGISTERS] = { NO_PACKET_POINTER };
	const unsigned int wanted = register_of(reason);
	char line[LINE_SIZE];
	int depth = 0;

	/* the last line is the instruction that is refused: it has had no effect */
	for (const char *p = log, *next; (next = p + strcspn(p, "\n") + 1) < reason; p = next) {
		snprintf(line, sizeof(line), "%.*s", (int)(next - p - 1), p);
		depth = depth_after(depth, line);
		if (!strncmp(line, "from ", 5))
			memset(registers, 0, sizeof(registers));
		if (strstr(line, ") call "))
			call(registers, line);
		else if (!depth && isdigit((unsigned char)*line))
			assign(registers, line);
		if (!depth && *line != ';')
			read_state(registers, line);
	}
	return !depth && wanted < REGISTERS ? registers[wanted] : NO_PACKET_POINTER;
}
