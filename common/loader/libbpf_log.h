/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What libbpf says, put where it helps: shown as it comes with --verbose or as
 * LIBBPF_LOG_LEVEL (warn, info, debug) asks, and kept in any case so that an error
 * message can quote the kernel's own words.
 */
#ifndef LIBBPF_LOG_H
#define LIBBPF_LOG_H

#include <stdbool.h>

/* Set the print callback of libbpf. Call it once, before any other function of libbpf. */
void libbpf_log_init(void);

/* Forget what was kept, before a new attempt. */
void libbpf_log_reset(void);

/* Are warnings of libbpf printed? Then the log of the verifier is, too. */
bool libbpf_log_is_shown(void);

/*
 * The text of the kernel in the first netlink error (extack), and the first warning of
 * libbpf, which says where the error began. "" if there is none. Valid until the next
 * call of libbpf or libbpf_log_reset().
 */
const char *libbpf_log_extack(void);
const char *libbpf_log_warning(void);

/*
 * strerror() for an error of libbpf's functions, which has numbers of its own from
 * 4000 on. Valid until the next call.
 */
const char *libbpf_log_strerror(int err);

#endif
