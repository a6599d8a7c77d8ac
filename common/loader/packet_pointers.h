/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Follow pointers to the packet through the trace of the verifier. Functions never print.
 */
#ifndef PACKET_POINTERS_H
#define PACKET_POINTERS_H

#include <stdbool.h>

/*
 * Was the register that the reason names ("R6 invalid mem access 'scalar'") a pointer to
 * the packet, until a call of bpf_xdp_adjust_head(), _tail() or _meta() made it invalid?
 * False if the trace does not show it. Both are in the same log.
 */
bool packet_pointer_was_lost(const char *log, const char *reason);

#endif
