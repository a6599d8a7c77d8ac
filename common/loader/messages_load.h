/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why an object file cannot be opened or loaded, and what to do. Called only after a
 * failure. Functions never print.
 */
#ifndef MESSAGES_LOAD_H
#define MESSAGES_LOAD_H

#include "failure.h"

/* Each function fills in cause and hint; err is -errno. */

/* libbpf cannot open the object file; warning is its first warning, or "". */
void message_open(struct failure *failure, int err, const char *warning);

/*
 * The kernel has rejected maps or program. verifier is the log of the verifier, warning
 * the first warning of libbpf, each or "".
 */
void message_load(struct failure *failure, int err, const char *verifier, const char *warning);

/* libbpf has crashed on an object file, in this call and with this signal. */
void message_crash(struct failure *failure, const char *file, const char *call, const char *signal);

/* An operation is not permitted: which capability is missing, or what else forbids it. */
void message_privileges(struct failure *failure, int err);

#endif
