// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <bpf/bpf.h>

#include "test_run.h"

int test_run(int prog_fd, struct test_run *result)
{
	unsigned char in[TEST_PACKET_SIZE] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, once, .data_in = in, .data_size_in = sizeof(in),
		    .repeat = 1);
	LIBBPF_OPTS(bpf_test_run_opts, many, .data_in = in, .data_size_in = sizeof(in),
		    .repeat = TEST_RUNS);
	int err;

	err = bpf_prog_test_run_opts(prog_fd, &once);
	if (!err)
		err = bpf_prog_test_run_opts(prog_fd, &many);
	if (err)
		return err;
	*result = (struct test_run){ once.retval, many.duration, TEST_RUNS };
	return 0;
}
