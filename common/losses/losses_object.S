/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The object file of xdp_losses_kern.c, as data of xdp_loader (losses.c). */

	.section .rodata
	.globl	losses_object
	.globl	losses_object_size
	.balign	8
losses_object:
	.incbin	"build/xdp_losses_kern.o"
.Lend:
	.balign	4
losses_object_size:
	.4byte	.Lend - losses_object

	.section .note.GNU-stack, "", %progbits
