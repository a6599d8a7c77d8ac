// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "explanation.h"
#include "loads.h"
#include "object.h"
#include "shell.h"
#include "steps.h"
#include "text.h"
#include "visible.h"
#include "xdp_stats_kern_user.h"

#define EXPLAINED_MAX 1024                           /* bytes of one text */
#define LONG_PATH     (PIN_PATH_SIZE + NAME_MAX + 2) /* of an entry of a staged directory */

static void explain_interface(struct explanation *e, const struct load *load)
{
	if (!load->ifindex)
		return;
	text_add(&e->what, "the interface %s has index %d; its pins belong in %s",
		 visible(load->ifname).text, load->ifindex, visible(load->live.path).text);
	shell_add_command(&e->by_hand, "ip link show dev", load->ifname);
}

static void explain_bpffs(struct explanation *e, const struct load *load)
{
	text_add(&e->what,
		 "a BPF file system is mounted on " BPFFS_ROOT
		 "%s: a pin in it keeps a map after the process that made it has ended",
		 load->has_mounted ? ", by this loader" : "");
	if (load->has_mounted)
		e->calls = "open(2), fstatfs(2), mount(2)";
	text_add(&e->by_hand,
		 load->has_mounted ? "mount -t bpf -o nosuid,nodev,noexec,mode=0700 bpf " BPFFS_ROOT
				   : "stat -f -c %%T " BPFFS_ROOT);
}

/* The descriptor of the lock, by hand: each interface has one. */
static int lock_fd(const struct load *load)
{
	return 9 + (int)(load - load->loads->each);
}

static void explain_lock(struct explanation *e, const struct load *load)
{
	char path[PIN_PATH_SIZE];

	state_dir_path(&load->state, path);
	text_add(&e->what,
		 "the directory %s is created and locked: no other loader works on %s now",
		 visible(path).text, visible(load->ifname).text);
	text_add(&e->by_hand, "umask 077; ");
	shell_add_command(&e->by_hand, "mkdir -p", path);
	text_add(&e->by_hand, "; exec %d<", lock_fd(load));
	shell_add_command(&e->by_hand, "", path);
	text_add(&e->by_hand, "; flock %d", lock_fd(load));
}

static void explain_query(struct explanation *e, const struct load *load)
{
	char what[128];

	if (!load->ifindex)
		return;
	xdp_prog_describe(what, sizeof(what), &load->old);
	text_add(&e->what, "attached to %s: %s", visible(load->ifname).text,
		 load->old.id ? what : "nothing");
	shell_add_command(&e->by_hand, "ip -d link show dev", load->ifname);
}

static void explain_read_pins(struct explanation *e, const struct load *load)
{
	text_add(&e->what, "pinned maps in %s so far: %zu", visible(load->live.path).text,
		 load->old_pins.count);
	shell_add_command(&e->by_hand, "ls -i", load->previous ? load->live.path : BPFFS_ROOT);
}

static void explain_recover(struct explanation *e, const struct load *load)
{
	if (*load->recovered)
		text_add(
			&e->what,
			"a loader was killed before the pins of program %s were in place: they are "
			"now",
			load->recovered);
}

static void explain_open(struct explanation *e, const struct load *load)
{
	text_add(&e->what,
		 "%s is read: its ELF sections are programs and maps; nothing is in the kernel yet",
		 visible(load->opts->filename).text);
	shell_add_command(&e->by_hand, "readelf -SW", load->opts->filename);
}

static void explain_choose(struct explanation *e, const struct load *load)
{
	text_add(&e->what, "of its programs only %s will be loaded",
		 visible(bpf_program__name(load->prog)).text);
	shell_add_command(&e->by_hand, "readelf -sW", load->opts->filename);
}

static void explain_set(struct explanation *e, const struct load *load)
{
	if (!load->opts->settings.count)
		return;
	text_add(&e->what,
		 "%zu constants are set in the section .rodata, before the verifier sees "
		 "the program",
		 load->opts->settings.count);
}

static void explain_reuse(struct explanation *e, const struct load *load)
{
	char path[PIN_PATH_SIZE];

	if (!load->map || !map_is_reused(load, load->map))
		return;
	map_previous_path(load, load->map, path);
	text_add(&e->what,
		 "%s has the same shape as the map %s of the object, and is used in its place",
		 visible(path).text, visible(bpf_map__name(load->map)).text);
	shell_add_command(&e->by_hand, "bpftool map show pinned", path);
}

static void programs_path(char path[PIN_PATH_SIZE], const struct load *load)
{
	state_dir_path(&load->state, path);
	snprintf(path + strlen(path), PIN_PATH_SIZE - strlen(path), "/programs");
}

/* bpftool pins a map of global data under its name, where a dot becomes '_'. */
static void explain_global_data(struct explanation *e, const struct load *load)
{
	char name[NAME_MAX + 1], from[LONG_PATH], to[LONG_PATH];
	struct bpf_map *map;

	object_for_each_map (map, load->obj) {
		if (!global_data_section(map))
			continue;
		snprintf(from, sizeof(from), "%s/%s", load->staged.path, bpf_map__name(map));
		for (char *dot = from; (dot = strchr(dot, '.'));)
			*dot = '_';
		object_pin_name(name, map);
		snprintf(to, sizeof(to), "%s/%s", load->staged.path, name);
		shell_add_command(&e->by_hand, "; mv", from, to);
	}
}

/* bpftool loads and pins all programs of a file, and pins the maps. */
static void explain_load(struct explanation *e, const struct load *load)
{
	char path[PIN_PATH_SIZE];
	struct bpf_map *map;

	text_add(&e->what,
		 "the maps are made, and the verifier has accepted %s as program %u: it is in the "
		 "kernel, but gets no packets yet",
		 visible(load->new.name).text, load->new.id);
	programs_path(path, load);
	shell_add_command(&e->by_hand, "bpftool prog loadall", load->opts->filename, path);
	object_for_each_map (map, load->obj) {
		if (!map_is_reused(load, map))
			continue;
		map_previous_path(load, map, path);
		shell_add_command(&e->by_hand, " map name", bpf_map__name(map), "pinned", path);
	}
	shell_add_command(&e->by_hand, " pinmaps", load->staged.path);
	explain_global_data(e, load);
}

static void explain_freeze(struct explanation *e, const struct load *load)
{
	char path[LONG_PATH];

	if (!load->map)
		return;
	text_add(&e->what, "the map " XDP_STATS_MAP_NAME
			   " is frozen: programs write to it, user space only reads");
	snprintf(path, sizeof(path), "%s/" XDP_STATS_MAP_NAME, load->staged.path);
	shell_add_command(&e->by_hand, "bpftool map freeze pinned", path);
}

static void explain_dry_run(struct explanation *e, const struct load *load)
{
	if (!load->test.runs)
		return;
	text_add(&e->what, "program %u has run on a packet of %d zero bytes, %u times",
		 load->new.id, DRY_RUN_PACKET_SIZE, load->test.runs);
}

static void explain_compare(struct explanation *e, const struct load *load)
{
	if (load->is_unchanged)
		text_add(&e->what,
			 "program %u, which is attached, has the same instructions, constants and "
			 "maps: "
			 "nothing is changed",
			 load->old.id);
}

static void explain_stage(struct explanation *e, const struct load *load)
{
	text_add(&e->what, "the maps are pinned in %s, where no reader looks yet",
		 visible(load->staged.path).text);
	shell_add_command(&e->by_hand, "ls -i", load->staged.path);
}

/* The flag takes a descriptor of the old program. */
static const char *replace_calls(const struct load *load)
{
	return load->old.fd < 0 ? "bpf_xdp_attach(): netlink RTM_SETLINK"
				: "bpf_xdp_attach(): netlink RTM_SETLINK with XDP_FLAGS_REPLACE";
}

static void explain_attach(struct explanation *e, const struct load *load)
{
	const bool in_place = load->old.id && load->replaced == XDP_REPLACE_ATOMIC;
	char path[PIN_PATH_SIZE], pin[LONG_PATH];

	text_add(&e->what,
		 "program %u is attached to %s in %s mode%s: from now on it sees every packet",
		 load->new.id, visible(load->ifname).text, xdp_mode_name(load->new.mode),
		 in_place ? ", in place of the old one" : "");
	if (load->old.id)
		e->calls = in_place
				   ? replace_calls(load)
				   : "bpf_xdp_attach() twice, since the modes exclude each other: "
				     "RTM_SETLINK with XDP_FLAGS_REPLACE and no program, then with "
				     "XDP_FLAGS_UPDATE_IF_NOEXIST";
	programs_path(path, load);
	snprintf(pin, sizeof(pin), "%s/%s", path, load->new.name);
	if (load->old.id && !in_place)
		shell_add_command(&e->by_hand, "ip link set dev", load->ifname,
				  xdp_mode_of_ip(load->old.mode), "off");
	shell_add_command(&e->by_hand,
			  in_place       ? "ip -force link set dev"
			  : load->old.id ? "; ip link set dev"
					 : "ip link set dev",
			  load->ifname, xdp_mode_of_ip(load->new.mode), "pinned", pin);
}

static void explain_publish(struct explanation *e, const struct load *load)
{
	if (!load->previous) {
		text_add(&e->what, "the pins are in place in %s, in one step",
			 visible(load->live.path).text);
		shell_add_command(&e->by_hand, "mv -T", load->staged.path, load->live.path);
		return;
	}
	e->calls = load->was_exchanged ? "renameat2(2) with RENAME_EXCHANGE"
				       : "linkat(2) and renameat(2) of each pin";
	text_add(
		&e->what,
		load->was_exchanged
			? "the new pins and the previous ones have changed places in one step: %s"
			: "each new pin has taken the place of the previous one in %s: this kernel "
			  "cannot exchange directories there",
		visible(load->live.path).text);
	if (load->pending.prog_id) {
		explain_exchange(e, load);
		return;
	}
	shell_add_command(&e->by_hand, "mv -f", load->staged.path);
	text_add(&e->by_hand, "/*");
	shell_add_command(&e->by_hand, "", load->live.path);
}

/* By hand, the new pins were moved one by one: remove those of dropped maps. */
static void explain_clean_up(struct explanation *e, const struct load *load)
{
	char path[PIN_PATH_SIZE];

	if (!load->previous)
		return;
	text_add(&e->what, "the previous pins are removed");
	if (!load->obj) { /* those that were kept */
		shell_add_command(&e->by_hand, "rm -rf", load->staged.path);
		return;
	}
	shell_add_command(&e->by_hand, "rmdir", load->staged.path);
	for (size_t i = 0; i < load->old_pins.count; i++) {
		if (object_has_pin(load->obj, load->old_pins.pins[i].name))
			continue;
		pin_path(path, load->ifname, load->old_pins.pins[i].name);
		shell_add_command(&e->by_hand, "; rm", path);
	}
}

static void explain_detach(struct explanation *e, const struct load *load)
{
	if (!load->old.id)
		return;
	if (load->old.fd < 0)
		e->calls = "bpf_xdp_attach() without a program: netlink RTM_SETLINK; RTM_GETLINK";
	text_add(&e->what, "program %u%s is detached from %s; the kernel confirms it", load->old.id,
		 load->old.fd < 0 ? "" : ", and no other,", visible(load->ifname).text);
	shell_add_command(&e->by_hand, "ip link set dev", load->ifname,
			  xdp_mode_of_ip(load->old.mode), "off");
}

static void explain_unpin(struct explanation *e, const struct load *load)
{
	if (!load->previous)
		return;
	text_add(&e->what,
		 "the pins in %s are removed; the kernel frees a map after its last descriptor is "
		 "closed",
		 visible(load->live.path).text);
	shell_add_command(&e->by_hand, "rm -r", load->live.path);
}

static void explain_unlock(struct explanation *e, const struct load *load)
{
	char path[PIN_PATH_SIZE];

	state_dir_path(&load->state, path);
	text_add(&e->what, "the lock is released; its directory is removed if nothing is in it");
	if (load->pending.prog_id) {
		text_add(&e->by_hand, "exec %d<&-", lock_fd(load));
		return;
	}
	shell_add_command(&e->by_hand, "rm -r", path);
	text_add(&e->by_hand, "; rmdir " BPFFS_ROOT "/" STATE_DIR "; exec %d<&-", lock_fd(load));
}

/* The subject of a sentence of the table. */
static const char *wanted_ifname(const struct load *load)
{
	return load->wanted;
}

static const char *ifname(const struct load *load)
{
	return load->ifname;
}

static const char *pin_dir(const struct load *load)
{
	return load->live.path;
}

static const char *staged_dir(const struct load *load)
{
	return load->staged.path;
}

static const char *file(const struct load *load)
{
	return load->opts->filename;
}

static const char *program(const struct load *load)
{
	return bpf_program__name(load->prog);
}

static const char *setting(const struct load *load)
{
	return load->setting;
}

static const char *pin_of_map(const struct load *load)
{
	static char path[PIN_PATH_SIZE];

	map_previous_path(load, load->map, path);
	return path;
}

static const char *share_from(const struct load *load)
{
	return load->opts->share_from;
}

static const char *pin_in_use(const struct load *load)
{
	static char path[PIN_PATH_SIZE];

	pin_path(path, load->ifname, load->used->name);
	return path;
}

static const struct {
	void (*explain)(struct explanation *e, const struct load *load);
	const char *calls;
	const char *cannot;
	const char *(*subject)(const struct load *load);
	int exit_code;
} rows[STEPS] = {
	[STEP_INTERFACE] = { explain_interface, "ioctl(SIOCGIFINDEX)",
			     "cannot find the interface '%s'", wanted_ifname, EXIT_USAGE },
	[STEP_BPFFS] = { explain_bpffs, "open(2), fstatfs(2)",
			 "cannot open the BPF file system on " BPFFS_ROOT, NULL, EXIT_OBJECT },
	[STEP_LOCK] = { explain_lock, "mkdirat(2), openat(2), flock(2)",
			"cannot lock " BPFFS_ROOT "/" STATE_DIR " for %s", ifname, EXIT_OBJECT },
	[STEP_QUERY] = { explain_query, "netlink: RTM_GETLINK",
			 "cannot query what is attached to %s", ifname, EXIT_ATTACH },
	[STEP_READ_PINS] = { explain_read_pins,
			     "readdir(3); bpf(BPF_OBJ_GET), bpf(BPF_OBJ_GET_INFO_BY_FD)",
			     "cannot use the pin directory %s", pin_dir, EXIT_OBJECT },
	[STEP_RECOVER] = { explain_recover, "renameat2(2)",
			   "cannot repair what a killed loader has left in %s", staged_dir,
			   EXIT_OBJECT },

	[STEP_MAY_ATTACH] = { NULL, NULL, "cannot attach to %s", ifname, EXIT_ATTACH },
	[STEP_MAY_TAKE_PINS] = { NULL, NULL, "cannot take over %s", pin_in_use, EXIT_OBJECT },
	[STEP_OPEN] = { explain_open, "bpf_object__open_file()", "cannot load %s", file,
			EXIT_OBJECT },
	[STEP_CHOOSE] = { explain_choose, "bpf_program__set_autoload()", "cannot load %s", file,
			  EXIT_OBJECT },
	[STEP_SET] = { explain_set, "bpf_map__initial_value()", "cannot set %s", setting,
		       EXIT_USAGE },
	[STEP_SHARE] = { NULL, NULL, "cannot share maps of %s", share_from, EXIT_OBJECT },
	[STEP_REUSE] = { explain_reuse, "bpf(BPF_OBJ_GET), bpf_map__reuse_fd()",
			 "cannot reuse the map pinned at %s", pin_of_map, EXIT_OBJECT },
	[STEP_LOAD] = { explain_load, "bpf_object__load(): bpf(BPF_MAP_CREATE), bpf(BPF_PROG_LOAD)",
			"cannot load program %s", program, EXIT_OBJECT },
	[STEP_FREEZE] = { explain_freeze, "bpf_map_freeze(): bpf(BPF_MAP_FREEZE)",
			  "cannot freeze the map " XDP_STATS_MAP_NAME " of %s", file, EXIT_OBJECT },
	[STEP_DRY_RUN] = { explain_dry_run, "bpf_prog_test_run_opts(): bpf(BPF_PROG_TEST_RUN)",
			   "cannot run program %s on a test packet", program, EXIT_OBJECT },
	[STEP_COMPARE] = { explain_compare, "bpf(BPF_OBJ_GET_INFO_BY_FD)",
			   "cannot compare the program with that of %s", ifname, EXIT_OBJECT },
	[STEP_STAGE] = { explain_stage, "mkdirat(2); bpf_object__pin_maps(): bpf(BPF_OBJ_PIN)",
			 "cannot pin the maps in %s", staged_dir, EXIT_OBJECT },
	[STEP_KEEP] = { explain_keep, "mkdirat(2), bpf(BPF_OBJ_PIN), symlinkat(2); fork(2)",
			"cannot keep the previous program of %s", ifname, EXIT_OBJECT },
	[STEP_ATTACH] = { explain_attach,
			  "bpf_xdp_attach(): netlink RTM_SETLINK with XDP_FLAGS_UPDATE_IF_NOEXIST",
			  "cannot attach to %s", ifname, EXIT_ATTACH },
	[STEP_CHECK_NAME] = { NULL, NULL, "cannot put the pins of %s in place", ifname,
			      EXIT_ATTACH },
	[STEP_PUBLISH] = { explain_publish, "renameat2(2) with RENAME_NOREPLACE",
			   "cannot put the pins in place at %s", pin_dir, EXIT_OBJECT },
	[STEP_CLEAN_UP] = { explain_clean_up, "unlinkat(2)",
			    "cannot remove the previous pins in %s", staged_dir, EXIT_OBJECT },
	[STEP_PEND] = { explain_pend, "symlinkat(2), renameat(2)", NULL, NULL, 0 },

	[STEP_MAY_DETACH] = { NULL, NULL, "cannot detach from %s", ifname, EXIT_ATTACH },
	[STEP_DETACH] = { explain_detach,
			  "bpf_xdp_attach() without a program: netlink RTM_SETLINK with "
			  "XDP_FLAGS_REPLACE; RTM_GETLINK",
			  "cannot detach from %s", ifname, EXIT_ATTACH },
	[STEP_UNPIN] = { explain_unpin, "unlinkat(2)", "cannot remove the pins in %s", pin_dir,
			 EXIT_OBJECT },

	[STEP_CONFIRM] = { explain_confirm, "unlinkat(2)", "cannot confirm the load on %s", ifname,
			   EXIT_FAILURE },
	[STEP_ROLL_BACK] = { explain_roll_back,
			     "renameat2(2); bpf(BPF_OBJ_GET), bpf_xdp_attach(): netlink "
			     "RTM_SETLINK with XDP_FLAGS_REPLACE",
			     "cannot roll back the load on %s", ifname, EXIT_ATTACH },

	[STEP_LOSSES_LOAD] = { explain_losses_load, "bpf_object__open_mem(), bpf_object__load()",
			       "cannot load the programs that count losses", NULL, EXIT_OBJECT },
	[STEP_LOSSES_PIN] = { explain_losses_pin,
			      "bpf_program__attach(): bpf(BPF_RAW_TRACEPOINT_OPEN); "
			      "bpf_link__pin(): bpf(BPF_OBJ_PIN); renameat2(2)",
			      "cannot pin the programs that count losses in %s", pin_dir,
			      EXIT_OBJECT },
	[STEP_LOSSES_UNPIN] = { explain_losses_unpin, "renameat(2), unlinkat(2)",
				"cannot remove the programs that count losses from %s", pin_dir,
				EXIT_OBJECT },

	[STEP_UNLOCK] = { explain_unlock, "unlinkat(2), close(2)", NULL, NULL, 0 },
};

void step_explain(const struct load *load, enum step step)
{
	char what[EXPLAINED_MAX], by_hand[2 * EXPLAINED_MAX];
	struct explanation e;

	if (!explain_is_on() || !rows[step].explain)
		return;
	e.what = text_in(what, sizeof(what));
	e.by_hand = text_in(by_hand, sizeof(by_hand));
	e.calls = rows[step].calls;
	rows[step].explain(&e, load);
	if (load->opts->dry_run && step >= STEP_LOAD) /* nothing is locked, so nothing is staged */
		e.by_hand.used = 0;
	if (e.what.used)
		explain_step(what, e.calls, e.by_hand.used ? by_hand : NULL);
}

int step_run(struct load *load, enum step step, int (*run)(struct load *load))
{
	int err;

	load->step = step;
	err = run(load);
	if (err)
		return err;
	load->done = step;
	step_explain(load, step);
	return 0;
}

int step_failed(struct load *load)
{
	const int step = load->step;

	return failure_set(load->failure, rows[step].exit_code, rows[step].cannot,
			   rows[step].subject ? visible(rows[step].subject(load)).text : "");
}
