// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Run an XDP program on a frame of 64 bytes with BPF_PROG_TEST_RUN, on one CPU or
 * on several at once, and print one line: its instructions as the kernel
 * translated them, the bytes of machine code, and the nanoseconds of a run, the
 * mean over the runs of the slowest CPU.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "log.h"
#include "options.h"
#include "parse.h"

#define CPUS_MAX   64
#define INSNS_MAX  4096
#define FRAME_SIZE 64

static struct {
	const char *object, *progname;
	__u32 runs, cpus;
} opts = { .runs = 1000, .cpus = 1 };

struct runner {
	pthread_t thread;
	pthread_barrier_t *start;
	int cpu, prog_fd, err;
	__u32 ns; /* of a run */
};

static void *run(void *arg)
{
	unsigned char frame[FRAME_SIZE] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, test, .data_in = frame, .data_size_in = sizeof(frame),
		    .repeat = opts.runs);
	struct runner *runner = arg;
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	if (runner->cpu >= 0)
		CPU_SET(runner->cpu, &cpus);
	runner->err = runner->cpu < 0                             ? -ERANGE
		      : sched_setaffinity(0, sizeof(cpus), &cpus) ? -errno
								  : 0;
	pthread_barrier_wait(runner->start);
	if (!runner->err)
		runner->err = bpf_prog_test_run_opts(runner->prog_fd, &test);
	runner->ns = test.duration;
	return NULL;
}

/* The next CPU after cpu that this process may run on, -1 for none. */
static int next_cpu(int cpu)
{
	cpu_set_t allowed;

	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		return -1;
	while (++cpu < CPU_SETSIZE)
		if (CPU_ISSET(cpu, &allowed))
			return cpu;
	return -1;
}

/* All at once: what they share, they fight over. */
static int run_on_cpus(int prog_fd, __u32 *ns)
{
	struct runner runners[CPUS_MAX] = { 0 };
	pthread_barrier_t start;
	int err = 0, cpu = -1;

	pthread_barrier_init(&start, NULL, opts.cpus);
	for (__u32 i = 0; i < opts.cpus; i++) {
		cpu = next_cpu(cpu);
		runners[i] = (struct runner){ .start = &start, .cpu = cpu, .prog_fd = prog_fd };
		/* those that run wait for this one: there is no way on without it */
		if (pthread_create(&runners[i].thread, NULL, run, &runners[i]))
			abort();
	}
	*ns = 0;
	for (__u32 i = 0; i < opts.cpus; i++) {
		pthread_join(runners[i].thread, NULL);
		err = err ?: runners[i].err;
		if (runners[i].ns > *ns)
			*ns = runners[i].ns;
	}
	pthread_barrier_destroy(&start);
	return err;
}

/* As bpftool lists them: a constant of 64 bits is one, though it takes two places. */
static __u32 count_insns(const struct bpf_insn *insns, size_t places)
{
	__u32 count = 0;

	for (size_t i = 0; i < places; i++, count++)
		i += insns[i].code == (BPF_LD | BPF_IMM | BPF_DW);
	return count;
}

static int measure(const struct bpf_program *prog)
{
	static struct bpf_insn insns[INSNS_MAX];
	struct bpf_prog_info info = {
		.xlated_prog_len = sizeof(insns),
		.xlated_prog_insns = (uintptr_t)insns,
	};
	__u32 length = sizeof(info), ns;
	int err, fd = bpf_program__fd(prog);

	err = bpf_obj_get_info_by_fd(fd, &info, &length);
	if (!err)
		err = run_on_cpus(fd, &ns);
	if (!err)
		printf("%u %u %u\n", count_insns(insns, info.xlated_prog_len / sizeof(*insns)),
		       info.jited_prog_len, ns);
	return err;
}

static int load_and_measure(void)
{
	struct bpf_object *object = bpf_object__open_file(opts.object, NULL);
	struct bpf_program *prog;
	struct bpf_map *map;
	int err;

	if (!object)
		return -errno;
	/* a map that asks to be pinned stays out of the file system */
	bpf_object__for_each_map (map, object) {
		bpf_map__set_pin_path(map, NULL);
	}
	prog = bpf_object__find_program_by_name(object, opts.progname);
	err = prog ? bpf_object__load(object) : -ENOENT;
	if (!err)
		err = measure(prog);
	bpf_object__close(object);
	return err;
}

static int set_cpus(const struct option_row *row, const char *arg, const char **why)
{
	__u32 *cpus = row->dest;

	*why = "a number of CPUs from 1 to 64";
	return parse_u32(arg, cpus) || *cpus > CPUS_MAX ? -EINVAL : 0;
}

static const struct option_row rows[] = {
	{ "filename", 0, "FILE", "object file", option_text, &opts.object },
	{ "progname", 0, "NAME", "program in it", option_text, &opts.progname },
	{ "runs", 'r', "N", "runs on each CPU; default 1000", option_count, &opts.runs },
	{ "cpus", 'c', "N", "CPUs, from the first on; default 1", set_cpus, &opts.cpus },
	{ "help", 'h', NULL, "show this help and exit", option_help },
	{ "version", 'V', NULL, "show the version and exit", option_version },
};

static const struct options options = {
	.program = "prog_run",
	.usage = "[OPTIONS] --filename FILE --progname NAME",
	.summary = "Print translated instructions, bytes of machine code and nanoseconds a run.",
	.rows = rows,
	.count = sizeof(rows) / sizeof(rows[0]),
};

int main(int argc, char **argv)
{
	int err;

	log_init("prog_run", LOG_NORMAL);
	options_parse(&options, argc, argv);
	libbpf_set_print(NULL); /* the errno says enough */
	if (!opts.object || !opts.progname)
		options_reject(&options, "name an object file and a program in it");
	err = load_and_measure();
	if (!err)
		return EXIT_SUCCESS;
	log_error("cannot run %s of %s: %s", opts.progname, opts.object, strerror(-err));
	return EXIT_FAILURE;
}
