// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Object files: what the loader does with one between opening and loading it. Crashes
 * of libbpf itself are ignored: xdp_loader handles them (crash_guard.c,
 * tests/mutate.py).
 */
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "prog_choice.h"
#include "fuzz.h"
#include "load.h"
#include "object.h"
#include "tail_calls.h"

const char *__asan_default_options(void);
void __asan_set_error_report_callback(void (*callback)(const char *report));

static sigjmp_buf before_libbpf;
static volatile sig_atomic_t is_in_libbpf;
static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE };
static struct sigaction others[sizeof(crashes) / sizeof(crashes[0])];

/* libbpf is not instrumented, but the functions of libc that it calls are. */
const char *__asan_default_options(void)
{
	return "halt_on_error=0:allocator_may_return_null=1:detect_leaks=0:detect_stack_use_after_"
	       "return=0";
}

static void on_report(const char *report)
{
	(void)report;
	if (!is_in_libbpf)
		abort();
}

static void on_crash(int number)
{
	if (is_in_libbpf)
		siglongjmp(before_libbpf, 1);
	for (size_t i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
		if (crashes[i] == number)
			sigaction(number, &others[i], NULL); /* crashes again, for libFuzzer */
}

static int be_silent(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

static void begin(void)
{
	static bool has_begun;
	const struct sigaction action = { .sa_handler = on_crash, .sa_flags = SA_NODEFER };

	if (has_begun)
		return;
	has_begun = true;
	libbpf_set_print(be_silent);
	__asan_set_error_report_callback(on_report);
	for (size_t i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
		sigaction(crashes[i], &action, &others[i]);
}

static struct bpf_object *open_object(const void *data, size_t size)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "fuzzed");
	struct bpf_object *volatile obj = NULL;

	is_in_libbpf = true;
	if (!sigsetjmp(before_libbpf, 1))
		obj = bpf_object__open_mem(data, size, &opts);
	is_in_libbpf = false;
	return obj;
}

static void close_object(struct bpf_object *obj)
{
	is_in_libbpf = true;
	if (!sigsetjmp(before_libbpf, 1))
		bpf_object__close(obj);
	is_in_libbpf = false;
}

/* A file in memory, for functions that need a path. */
static const char *write_file(const void *data, size_t size)
{
	static char path[32];
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("fuzzed", MFD_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	HOLDS(!ftruncate(fd, 0) && pwrite(fd, data, size, 0) == (ssize_t)size);
	return path;
}

static void describe(const char *path)
{
	struct tail_calls calls;
	char text[128];

	object_describe_file(path, text, sizeof(text));
	HOLDS(strnlen(text, sizeof(text)) < sizeof(text));
	if (!tail_calls_read(path, &calls))
		tail_calls_free(&calls);
}

static void choose(struct bpf_object *obj, const char *path)
{
	struct loader_options opts = { .filename = path };
	struct load load = { .opts = &opts, .obj = obj };
	char list[64];

	if (!prog_choose(&load)) {
		HOLDS(load.prog);
		prog_choice_list_others(&load, list, sizeof(list));
		HOLDS(strnlen(list, sizeof(list)) < sizeof(list));
	}
	prog_choice_list(&load, "xdp_pass_func", list, sizeof(list));
	HOLDS(strnlen(list, sizeof(list)) < sizeof(list));
	tail_calls_free(&load.tail_calls);
}

static void use(struct bpf_object *obj, const char *path)
{
	struct marked_maps marked = { 0 };
	char name[NAME_MAX + 1];
	struct bpf_map *map;

	if (object_prepare(obj, &marked))
		return;
	choose(obj, path);
	bpf_object__for_each_map (map, obj) {
		object_pin_name(name, map);
		HOLDS(!strchr(name, '.') && object_has_pin(obj, name));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *path = write_file(data, size);
	void *copy = fuzz_copy(data, size);
	struct bpf_object *obj;

	begin();
	describe(path);
	obj = open_object(copy, size);
	if (obj) {
		use(obj, path);
		close_object(obj);
	}
	free(copy);
	return 0;
}
