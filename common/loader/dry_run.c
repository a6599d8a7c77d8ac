// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdbool.h>

#include <bpf/bpf.h>

#include "dry_run.h"

/* BPF_FUNC_trace_vprintk is new in kernel 5.16; some <linux/bpf.h> are older. */
#define FUNC_TRACE_VPRINTK 177

static bool prints(const struct bpf_program *prog)
{
	const struct bpf_insn *insns = bpf_program__insns(prog);

	for (size_t i = 0; i < bpf_program__insn_cnt(prog); i++)
		if (insns[i].code == (BPF_JMP | BPF_CALL) && !insns[i].src_reg &&
		    (insns[i].imm == BPF_FUNC_trace_printk || insns[i].imm == FUNC_TRACE_VPRINTK))
			return true;
	return false;
}

static int run(const struct bpf_program *prog, __u32 times, struct dry_run *result)
{
	unsigned char packet[DRY_RUN_PACKET_SIZE] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = packet, .data_size_in = sizeof(packet),
		    .repeat = times);
	int err = bpf_prog_test_run_opts(bpf_program__fd(prog), &opts);

	if (!err)
		*result = (struct dry_run){ opts.retval, opts.duration, times };
	return err;
}

int dry_run(const struct bpf_program *prog, struct dry_run *result)
{
	struct dry_run many;
	__u32 times, action;
	int err = run(prog, 1, result);

	if (err || prints(prog))
		return err;
	action = result->action;
	times = DRY_RUN_NS / (result->ns ?: 1);
	if (times > DRY_RUN_MAX)
		times = DRY_RUN_MAX;
	if (times > 1 && !(err = run(prog, times, &many)))
		*result = many;
	result->action = action; /* of the first run: it may change the packet */
	return err;
}
