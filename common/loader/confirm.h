/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * --confirm and --rollback: the previous program and its pins are kept, and come back
 * unless the load is confirmed in time. Functions return 0 or -errno and never print.
 */
#ifndef CONFIRM_H
#define CONFIRM_H

struct load;
struct loads;

/*
 * Is a load on this interface pending (pending.h)? Afterwards load->pending.prog_id is
 * its program, or 0. What is left of one whose program is no longer attached is removed,
 * and load->lapsed is what it was. For --confirm and --rollback, load->ifindex becomes
 * that of the load, which may have another name now.
 */
int confirm_look(struct load *load);

/* The same for a caller without the lock, who changes nothing. */
int confirm_peek(struct load *load);

/*
 * STEP_KEEP, before the attach: keep the previous program, and start the process that
 * takes the load back (rollback.h).
 */
int confirm_keep(struct load *load);

/*
 * STEP_PEND, in place of STEP_CLEAN_UP: all is in place, so the time begins now, and the
 * previous pins stay.
 */
int confirm_begin(struct load *load);

/*
 * --confirm: drop what is kept; or --rollback: the previous program and its pins are in
 * place again. Each interface by itself. Returns an exit code.
 */
int confirm_answer(struct loads *loads);

/* STEP_ROLL_BACK. -ENOENT if no load is pending, -EXDEV if it is elsewhere. */
int confirm_roll_back(struct load *load);

/* After an unload: drop what is kept. */
int confirm_forget(struct load *load);

#endif
