/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Is a loaded program the one that is attached already?
 */
#ifndef UNCHANGED_H
#define UNCHANGED_H

struct load;

/*
 * Set load->is_unchanged: the steps that follow are then not run for this interface. It
 * is true if to put the new program in place would change nothing: with --force and
 * --reuse-maps, and the same mode, name, instructions, kind (xdp.frags or not),
 * constants and maps. Needs CAP_SYS_ADMIN, which the descriptor of the attached program
 * needs: without it the result is false. A PROG_ARRAY that the object fills is made anew
 * by each load, so such a program always changes. Returns 0.
 */
int load_compare(struct load *load);

#endif
