/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What libbpf says, put where it helps: shown as it comes with --verbose or as
 * LIBBPF_LOG_LEVEL (warn, info, debug) asks, and kept in any case so that an error
 * message can quote the kernel's own words.
 */
#ifndef LIBBPF_LOG_H
#define LIBBPF_LOG_H

#include <stdbool.h>

/* Take over libbpf's printing. Call it once, before any other libbpf call. */
void libbpf_log_init(void);

/* Forget what was kept, before a new attempt. */
void libbpf_log_reset(void);

/* Are warnings of libbpf shown? Then the verifier's log is, too. */
bool libbpf_log_is_shown(void);

/*
 * The text that the kernel sent with the first netlink error (extack), and the first
 * warning of libbpf, which is where an error began. Empty strings where there was none.
 * Valid until the next call of libbpf.
 */
const char *libbpf_log_extack(void);
const char *libbpf_log_warning(void);

/*
 * strerror() for an error of libbpf's functions, which has numbers of its own from
 * 4000 on. Valid until the next call.
 */
const char *libbpf_log_strerror(int err);

#endif
