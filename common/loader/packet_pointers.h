/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Follow pointers to the packet through the trace of the verifier. Functions never print.
 */
#ifndef PACKET_POINTERS_H
#define PACKET_POINTERS_H

enum packet_pointer {
	NO_PACKET_POINTER, /* or the trace does not show it */
	PACKET_POINTER,
	METADATA_POINTER,    /* between data_meta and data */
	LOST_PACKET_POINTER, /* a call of bpf_xdp_adjust_head() and the like made it invalid */
};

/*
 * What is in the register that the reason names, as in "R6 invalid mem access 'scalar'"?
 * The reason is a line of the log, after the trace.
 */
enum packet_pointer packet_pointer_find(const char *log, const char *reason);

#endif
