// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "diagnosis.h"
#include "libbpf_log.h"
#include "log.h"
#include "map_reuse.h"
#include "map_users.h"
#include "object.h"
#include "pin_path.h"
#include "report.h"
#include "xdp_action.h"

/* Which counters go on, which begin anew, and which are there no longer. */
static void report_maps(const struct job *job)
{
	char name[NAME_MAX + 1], path[PIN_PATH_SIZE];
	const struct pin *pin;
	struct bpf_map *map;

	bpf_object__for_each_map (map, job->obj) {
		__u32 id = object_map_id(map);
		const char *fate = "";

		object_pin_name(name, map);
		pin_path(path, job->ifname, name);
		pin = pin_dir_find(&job->old_pins, name);
		if (pin)
			fate = pin->map_id == id ? ", reused: counters go on"
						 : ", new: counters begin anew";
		printf("map id %u pinned at %s%s\n", id, path, fate);
	}
	for (size_t i = 0; i < job->old_pins.count; i++) {
		pin = &job->old_pins.pins[i];
		if (!object_has_pin(job->obj, pin->name))
			printf("map id %u (%s) dropped: the object has no such map\n", pin->map_id,
			       pin->name);
	}
}

void report_load(const struct job *job, const char *filename)
{
	char what[128];

	describe_attached(what, sizeof(what), &job->new);
	printf("attached to %s: %s\n", job->ifname, what);
	printf("object %s\n", filename);
	report_maps(job);
	if (!job->old.prog_id)
		return;
	describe_attached(what, sizeof(what), &job->old);
	printf("replaced %s%s\n", what,
	       job->replaced == XDP_REPLACE_GAP
		       ? "; for a moment between the modes no program was attached"
		       : "");
}

void report_dry_run(const struct job *job, const char *filename, const struct test_run *test,
		    bool reuse_maps)
{
	char name[NAME_MAX + 1], what[128];
	struct bpf_map *map;

	printf("dry run: nothing is attached to %s, nothing is pinned; whether its driver takes "
	       "the program in %s mode was not tried\n",
	       job->ifname, xdp_mode_name(job->new.mode));
	printf("object %s\n", filename);
	printf("program %s: accepted by the verifier; on a packet of %d bytes it returns %s, "
	       "%u ns on average over %u runs\n",
	       job->new.name, TEST_PACKET_SIZE, xdp_action_name(test->action), test->ns,
	       test->runs);
	bpf_object__for_each_map (map, job->obj) {
		object_pin_name(name, map);
		printf("map %s would be %s\n", name,
		       reuse_maps && map_is_reusable(map) && pin_dir_find(&job->old_pins, name)
			       ? "reused"
			       : "new");
	}
	for (size_t i = 0; i < job->old_pins.count; i++)
		if (!object_has_pin(job->obj, job->old_pins.pins[i].name))
			printf("map %s would be dropped\n", job->old_pins.pins[i].name);
	describe_attached(what, sizeof(what), &job->old);
	if (job->old.prog_id)
		printf("program %s would be replaced%s\n", what,
		       job->replaced == XDP_REPLACE_GAP ? ", with a gap between the modes" : "");
}

void report_unload(const struct job *job)
{
	char what[128];

	describe_attached(what, sizeof(what), &job->old);
	if (job->old.prog_id)
		printf("detached from %s: %s\n", job->ifname, what);
	else if (job->ifindex)
		printf("%s: no XDP program is attached\n", job->ifname);
	else
		printf("%s: there is no such interface\n", job->ifname);
	for (size_t i = 0; i < job->old_pins.count; i++)
		printf("map id %u unpinned from " BPFFS_ROOT "/%s/%s\n",
		       job->old_pins.pins[i].map_id, job->dir, job->old_pins.pins[i].name);
}

static int say(const struct diagnosis *diagnosis, const char *what, const char *whom, int status)
{
	log_failure(diagnosis->cause, "cannot %s %s", what, whom);
	if (diagnosis->hint[0])
		log_hint("%s", diagnosis->hint);
	return status;
}

int say_occupied(const struct job *job, bool dry_run)
{
	struct diagnosis diagnosis = { 0 };
	__u32 link_id = link_of_interface(job->ifindex, job->old.prog_id);

	diagnose_occupied(&diagnosis, job->ifname, &job->old, link_id);
	say(&diagnosis, "attach to", job->ifname, EXIT_ATTACH);
	if (dry_run && !link_id)
		log_hint("--dry-run --force tries it as a replacement, and replaces nothing");
	return EXIT_ATTACH;
}

int say_bad_file(const char *filename, int err)
{
	struct diagnosis diagnosis;
	char wrong[256];

	object_describe_file(filename, wrong, sizeof(wrong));
	diagnose_open(&diagnosis, err, *wrong ? wrong : libbpf_log_warning());
	log_failure(diagnosis.cause, "cannot load %s", filename);
	if (access(filename, F_OK))
		log_hint("name an object file with --filename; the default one comes from: make");
	else
		log_hint("%s", diagnosis.hint);
	return EXIT_OBJECT;
}

int say_no_program(const struct job *job, const char *filename, const char *progname, int err)
{
	char programs[512], why[256] = "there is no XDP program in it";

	object_list_programs(job->obj, progname ?: "", programs, sizeof(programs));
	if (*programs)
		snprintf(why, sizeof(why),
			 err == -ENOENT ? "there is no program '%s' in it"
					: "'%s' is no XDP program for an interface",
			 progname);
	log_failure(why, "cannot load %s", filename);
	if (*programs)
		log_hint("its XDP programs are, the nearest first: %s", programs);
	else
		log_hint("an XDP program is a function marked SEC(\"xdp\")");
	return EXIT_OBJECT;
}

int say_cannot_reuse(const struct job *job, const char *map, int err, const char *differs)
{
	char why[1280];

	if (err == -EPROTO)
		snprintf(why, sizeof(why), "it is not the map that the object has\n%s", differs);
	else
		snprintf(why, sizeof(why), "%s", strerror(-err));
	log_failure(why, "cannot reuse map %s pinned in " BPFFS_ROOT "/%s", map, job->dir);
	log_hint("load without --reuse-maps, and the counters begin anew");
	return EXIT_OBJECT;
}

int say_load_failed(const struct job *job, int err)
{
	struct diagnosis diagnosis;

	diagnose_load(&diagnosis, err, libbpf_log_verifier(), libbpf_log_warning());
	return say(&diagnosis, "load program", bpf_program__name(job->prog), EXIT_OBJECT);
}

int say_test_failed(const struct job *job, int err)
{
	log_failure(strerror(-err), "cannot run program %s on a test packet",
		    bpf_program__name(job->prog));
	log_hint(
		"it is accepted by the verifier; some kernels and some programs have no test runs");
	return EXIT_OBJECT;
}

static void diagnose_interface(struct diagnosis *diagnosis, const struct job *job, int err,
			       bool is_detach)
{
	struct netdev_facts netdev;
	const struct attach_failure failure = {
		.ifname = job->ifname,
		.err = err,
		.extack = libbpf_log_extack(),
		.netdev = &netdev,
		.is_detach = is_detach,
	};

	netdev_read(job->ifname, &netdev);
	diagnose_attach(diagnosis, &failure);
}

int say_attach_failed(const struct job *job, int err)
{
	struct diagnosis diagnosis;

	diagnose_interface(&diagnosis, job, err, false);
	say(&diagnosis, "attach to", job->ifname, EXIT_ATTACH);
	if (job->replaced == XDP_REPLACE_RESTORED)
		log_error("%s: program %u is attached again, after a gap", job->ifname,
			  job->old.prog_id);
	if (job->replaced == XDP_REPLACE_LOST)
		log_error("%s: program %u could not be put back: it is not attached any more",
			  job->ifname, job->old.prog_id);
	return EXIT_ATTACH;
}

int say_detach_failed(const struct job *job, int err)
{
	struct diagnosis diagnosis;

	diagnose_interface(&diagnosis, job, err, true);
	return say(&diagnosis, "detach from", job->ifname, EXIT_ATTACH);
}

int say_other_program(const struct job *job, __u32 wanted_id)
{
	char what[128], why[192] = "no XDP program is attached";

	describe_attached(what, sizeof(what), &job->old);
	if (job->old.prog_id)
		snprintf(why, sizeof(why), "another one is attached (%s)", what);
	log_failure(why, "cannot detach program %u from %s", wanted_id, job->ifname);
	if (job->old.prog_id)
		log_hint("to remove that one: xdp_loader --dev %s --unload=%u", job->ifname,
			 job->old.prog_id);
	else
		log_hint("to remove left-over pins: xdp_loader --dev %s --unload", job->ifname);
	return EXIT_ATTACH;
}

int say_pin_failed(const char *what, const char *dir, int err, const char *hint)
{
	struct diagnosis diagnosis;

	diagnose_pin(&diagnosis, err);
	log_failure(diagnosis.cause, "cannot %s " BPFFS_ROOT "/%s", what, dir);
	log_hint("%s", hint ?: diagnosis.hint);
	return EXIT_OBJECT;
}
