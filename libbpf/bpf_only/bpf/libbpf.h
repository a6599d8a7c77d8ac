/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The first directory on the include path of xdp_stats and of all that it is made
 * of: such a file that includes <bpf/libbpf.h> does not compile.
 */
#error "xdp_stats and its parts use <bpf/bpf.h> alone; <bpf/libbpf.h> is for common/loader"
