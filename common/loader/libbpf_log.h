/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The log of libbpf. It goes to stderr with --verbose, or up to the level in
 * LIBBPF_LOG_LEVEL (warn, info, debug). What error messages quote is always kept.
 */
#ifndef LIBBPF_LOG_H
#define LIBBPF_LOG_H

#include <stdbool.h>

/* Set the print callback of libbpf. Call it once, before any other function of libbpf. */
void libbpf_log_init(void);

/* Forget what was kept. Call it before a new attempt. */
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
 * strerror() for -errno and for the error numbers of libbpf, which begin at 4000. Valid
 * until the next call.
 */
const char *libbpf_log_strerror(int err);

#endif
