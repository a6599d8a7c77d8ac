#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The exercises: the checks accept every solution and reject likely mistakes with a
# message that helps. EXERCISES=all tries more mistakes.

load helper

setup() {
	need_kernel
	cd "$BATS_TEST_TMPDIR"
	jobs=()
}

check() { # check N FILE
	run --separate-stderr timeout -k 5 500 "$TOP/exercises/check.sh" "$@" 3>&-
}

solves() { # solves N FILE: of the solutions, or another one
	check "$1" "$([ -e "$2" ] || echo "$TOP/exercises/solutions/")$2"
	assert_equal "$status $(head -n 1 <<<"$output")" "0 exercise $1: solved" || {
		echo "$output $stderr" && return 1
	}
	assert_contains "$output" "  proven:   " || return 1
	assert_contains "$output" " solved; next: "
}

# A check waits more than it works: three at a time, and then what they found.
beside() { # beside COMMAND...
	while [ "$(jobs -pr | wc -l)" -ge 3 ]; do wait -n || true; done
	"$@" >"said.${#jobs[@]}" 2>&1 3>&- &
	jobs+=($!)
}

# What is left out to save time, unless EXERCISES=all.
also() { # also COMMAND...
	[ "${EXERCISES:-}" != all ] || beside "$@"
}

all_of_them() {
	local i failed=0
	for i in "${!jobs[@]}"; do
		wait "${jobs[i]}" || { cat "said.$i" && failed=1; }
	done
	return "$failed"
}

refuses() { # refuses N FILE TEXT...
	local text
	check "$1" "$2"
	assert_equal "$status" 1 || { echo "$output $stderr" && return 1; }
	for text in "exercise $1: not solved yet" "expected: " "seen: " "look at: " "${@:3}"; do
		assert_contains "$output" "$text" || return 1
	done
}

# A solution with a mistake in it, as ./NAME.
mistake() { # mistake NAME SOLUTION SED-SCRIPT
	sed "$3" "$TOP/exercises/solutions/$2" >"$1"
	! cmp -s "$1" "$TOP/exercises/solutions/$2" || { echo "no mistake in $1" && return 1; }
}

# A solution written in another way, as ./NAME: it must be accepted.
variant() {
	mistake "$@"
}

@test "1: solution; nothing sent, another program, more than the number, COUNT in place of the map" {
	beside solves 1 1.sh
	beside refuses 1 "$TOP/exercises/start/1.sh" "under XDP_TX" "which program sends a packet back"
	echo 'echo "$COUNT"' >echo.sh
	beside refuses 1 echo.sh "nothing is pinned in /sys/fs/bpf/ex"
	mistake blind.sh 1.sh 's/^\.\/xdp_stats.*/echo "$COUNT"/'
	beside refuses 1 blind.sh "this is COUNT, but the map has also what another sender sent"
	variant twice.sh 1.sh 's/"$COUNT" >&2/$((COUNT - 9)) >\&2; testenv\/testenv.sh --name "$DEV" flood --count 9 >\&2/'
	also solves 1 twice.sh
	mistake few.sh 1.sh 's/"$COUNT" >&2/5 >\&2/'
	also refuses 1 few.sh "how many frames are sent"
	mistake table.sh 1.sh 's/ --json.*//'
	also refuses 1 table.sh "one line on stdout: "
	echo 'echo no >&2; exit 5' >exit.sh
	also refuses 1 exit.sh "exit status 5" "stderr:   no"
	all_of_them
}

@test "2: two solutions; only one CPU, two CPUs, the online ones, nothing, xdp_stats itself" {
	beside solves 2 2.sh
	beside solves 2 2.py
	mistake one.sh 2.sh 's/\[\.values\[\]\.value\.\(rx_[a-z]*\)\] | add/.values[0].value.\1/g'
	beside refuses 2 one.sh "these are the counters of CPU 0 alone" "add them up"
	mistake two.sh 2.sh 's/\[\.values\[\]\.value\.\(rx_[a-z]*\)\] | add/.values[0].value.\1 + .values[1].value.\1/g'
	beside refuses 2 two.sh "on a machine with 300 possible CPUs" "not a fixed number"
	mistake online.py 2.py 's,cpu/possible,cpu/online,'
	also refuses 2 online.py "has 0-299), 2 online" "ended by signal"
	also refuses 2 "$TOP/exercises/start/2.sh" "nothing on stdout"
	mistake form.sh 2.sh 's/) \\(\[/): \\([/g'
	also refuses 2 form.sh "the form: the numbers are right"
	mistake names.sh 2.sh 's/"XDP_DROP", "XDP_PASS"/"XDP_PASS", "XDP_DROP"/'
	also refuses 2 names.sh "the names: key 0 is XDP_ABORTED"
	echo './xdp_stats --dev "$DEV" --once' >tool.sh
	also refuses 2 tool.sh "xdp_stats is not available in this exercise"
	all_of_them
}

@test "3: solution; another program, nothing attached, two loads, a pin left behind, a foreign pin, skb" {
	beside solves 3 3.sh
	also refuses 3 "$TOP/exercises/start/3.sh" "none is attached"
	variant all.sh 3.sh 's/prog load /prog loadall /; s,pinned "$program",pinned "$program/xdp_pass_func",; s/^rm/rm -r/'
	also solves 3 all.sh
	variant net.sh 3.sh 's/^ip link .*/bpftool net attach xdpdrv pinned "$program" dev "$DEV"/'
	also solves 3 net.sh
	mistake drop.sh 3.sh 's/prog load /prog loadall /; s,pinned "$program",pinned "$program/xdp_drop_func",; s/^rm/rm -r/'
	beside refuses 3 drop.sh "expected: xdp_pass_func attached to ex" "seen:     xdp_drop_func"
	mistake twice.sh 3.sh 's/xdpdrv pinned .*/xdpdrv object xdp_prog_kern.o section xdp/'
	beside refuses 3 twice.sh "packets more in the map" "loading an object twice"
	mistake left.sh 3.sh '/^rm/d'
	beside refuses 3 left.sh "nothing left in /sys/fs/bpf" "/sys/fs/bpf/program_for_ex" "is held by the interface"
	mistake among.sh 3.sh '/^rm/d; s,/program_for_,/,; s,^program=.*,&/prog,; /^bpftool/i mkdir /sys/fs/bpf/$DEV'
	also refuses 3 among.sh "whether /sys/fs/bpf/ex has only maps"
	mistake skb.sh 3.sh 's/xdpdrv/xdpgeneric/'
	beside refuses 3 skb.sh "a program in native mode on ex" "one in skb mode"
	echo './xdp_loader --dev "$DEV"' >tool.sh
	beside refuses 3 tool.sh "xdp_loader is not available in this exercise"
	all_of_them
}

# Replaces the last command by two lines of Python; exchange() is RENAME_EXCHANGE.
python_at_the_end() { # python_at_the_end NAME PYTHON [SED-SCRIPT]
	mistake "$1" 4.sh '/^mv/d;'"${3:-}"
	cat >>"$1" <<-END
		python3 - "\$PIN" "\$new" <<'PYTHON'
		import ctypes, os, sys
		pin, new = sys.argv[1:]
		def exchange(a, b): assert not ctypes.CDLL(None).renameat2(-100, a.encode(), -100, b.encode(), 2)
		$2
		PYTHON
	END
}

@test "4: solutions; unlinked or renamed first, an array, another size, nothing done" {
	beside solves 4 4.sh
	# the directory with the pin in it exchanged, as xdp_loader does: right as well
	cat >exchange.sh <<-'END'
		set -e
		dir=$(dirname "$PIN") && new=$dir-staged_beside_it && mkdir "$new"
		bpftool map create "$new/xdp_stats_map" type percpu_array key 4 value 16 entries 5 name xdp_stats_map
		python3 -c 'import ctypes, sys
		old, new = (name.encode() for name in sys.argv[1:])
		sys.exit(ctypes.CDLL(None).renameat2(-100, old, -100, new, 2))' "$dir" "$new"
		rm -r "$new"
	END
	beside solves 4 exchange.sh
	python_at_the_end pins.sh 'exchange(pin, new); os.unlink(new)'
	beside solves 4 pins.sh
	python_at_the_end above.sh 'exchange(new, pin); os.unlink(new)' 's,^new=.*,new=/sys/fs/bpf/fresh-$$,'
	also solves 4 above.sh
	also refuses 4 "$TOP/exercises/start/4.sh" "the same as before"
	mistake unlink.sh 4.sh 's/^mv.*/rm "$PIN"; mv "$new" "$PIN"/'
	also refuses 4 unlink.sh "No such file or directory" "the order"
	python_at_the_end fast.sh 'os.unlink(pin); os.rename(new, pin)'
	beside refuses 4 fast.sh "removed or renamed 5 times"
	python_at_the_end aside.sh 'os.rename(pin, pin + "-o"); os.rename(new, pin); os.unlink(pin + "-o")'
	beside refuses 4 aside.sh "removed or renamed 5 times"
	python_at_the_end dirs.sh 'd = os.path.dirname; os.rename(d(pin), d(pin) + "-o"); os.rename(d(new), d(pin)); os.unlink(d(pin) + "-o/xdp_stats_map"); os.rmdir(d(pin) + "-o")' \
		's,^new=.*,new=/sys/fs/bpf/fresh/xdp_stats_map; mkdir /sys/fs/bpf/fresh,'
	beside refuses 4 dirs.sh "removed or renamed 5 times"
	mistake array.sh 4.sh 's/percpu_array/array/'
	beside refuses 4 array.sh "a map of the same shape: percpu_array, key 4" "seen:     array, key 4"
	mistake shape.sh 4.sh 's/value 16/value 8/'
	also refuses 4 shape.sh "a map of the same shape" "value 8 bytes"
	mistake old.sh 4.sh '/^mv/i mv "$PIN" "$PIN-old"'
	also refuses 4 old.sh "no other pin"
	all_of_them
}

@test "5: solution; untouched, no bounds, not C" {
	beside solves 5 5.c
	beside refuses 5 "$TOP/exercises/start/5.c" "(UDP over IPv6 to port 7): XDP_DROP" "three comparisons"
	mistake bounds.c 5.c '/data_end)/,+1d'
	beside refuses 5 bounds.c "a program that the verifier accepts" "drop_echo" "hint: "
	mistake typo.c 5.c 's/udp->dest/udp->destination/'
	beside refuses 5 typo.c "a program that compiles" "destination"
	beside refuses 5 "$TOP/exercises/start/1.sh" "a file that ends in .c"
	all_of_them
}

@test "5: byte order, ports, EtherType, next header, off by one" {
	mistake port.c 5.c 's/bpf_htons(port)/port/'
	beside refuses 5 port.c "to port 1792" "the byte order of the port"
	mistake type.c 5.c 's/bpf_htons(ETH_P_IPV6)/ETH_P_IPV6/'
	beside refuses 5 type.c "EtherType 0xdd86" "the byte order of the EtherType"
	mistake both.c 5.c 's/bpf_htons(port)/port/; s/bpf_htons(ETH_P_IPV6)/ETH_P_IPV6/'
	also refuses 5 both.c "the byte order of EtherType and port"
	mistake source.c 5.c 's/udp->dest/udp->source/'
	also refuses 5 source.c "which of the two ports in the header is the destination"
	mistake either.c 5.c 's/udp->dest == bpf_htons(port)/(udp->source == bpf_htons(port) || &)/'
	also refuses 5 either.c "only the destination counts"
	mistake low.c 5.c 's/udp->dest == bpf_htons(port)/((__u8 *)\&udp->dest)[1] == port/'
	beside refuses 5 low.c "whose low byte is 7" "all of its 16 bits"
	mistake any.c 5.c 's/eth->h_proto == bpf_htons(ETH_P_IPV6) && //'
	also refuses 5 any.c "EtherType 0x88b5" "the EtherType: compare it"
	mistake next.c 5.c 's/ ip6->nexthdr == IPPROTO_UDP &&//'
	also refuses 5 next.c "the next header of the IPv6 header"
	mistake end.c 5.c 's/(udp + 1) >/(udp + 1) >=/'
	beside refuses 5 end.c "no data): XDP_DROP" "so the header is complete"
	mistake aborts.c 5.c 's/^\treturn xdp_stats.*/\tif ((void *)(long)ctx->data + 54 > (void *)(long)ctx->data_end)\n\t\treturn xdp_stats_record_action(ctx, XDP_ABORTED);\n&/'
	beside refuses 5 aborts.c "XDP_ABORTED" "with XDP_PASS, also if it ends early"
	mistake action.c 5.c 's/XDP_DROP/XDP_ABORTED/'
	also refuses 5 action.c "the action: to drop is XDP_DROP"
	mistake short.c 5.c 's/(udp + 1) >/(\&udp->len) >/'
	also refuses 5 short.c "cut after 7 bytes" "frames that end in a header"
	all_of_them
}

@test "5: uncounted, counted twice, one action counted and another one returned" {
	mistake uncounted.c 5.c 's/return xdp_stats_record_action(ctx, \(.*\));/return \1;/'
	beside refuses 5 uncounted.c "no packet counted" "xdp_stats_record_action()"
	mistake twice.c 5.c 's/return xdp_stats_record_action/xdp_stats_record_action(ctx, XDP_PASS);\n\t&/'
	beside refuses 5 twice.c "counted once each" "how often a packet is counted"
	mistake drops.c 5.c 's/return xdp_stats_record_action(ctx, \(.*\));/xdp_stats_record_action(ctx, XDP_PASS);\n\treturn \1;/'
	beside refuses 5 drops.c "counted under XDP_PASS, but the program returned XDP_DROP" "the return statement"
	mistake passes.c 5.c 's/return xdp_stats_record_action(ctx, \(.*\));/xdp_stats_record_action(ctx, \1);\n\treturn XDP_PASS;/'
	beside refuses 5 passes.c "counted under XDP_DROP, but the program returned XDP_PASS" "the return statement"
	all_of_them
}

@test "6: solution; another value type; no second map, another shape, packets not counted or dropped" {
	beside solves 6 6.c
	variant own.c 6.c 's/__type(value, struct datarec)/__type(value, struct mine)/; s/^struct {/struct mine {\n\t__u64 a, b;\n};\n&/; s/struct datarec \*rec/struct mine *rec/; s/rx_packets/a/; s/rx_bytes/b/'
	also solves 6 own.c
	mistake bare.c 6.c 's/return xdp_stats_record_action(.*);/return XDP_PASS;/; s/xdp_stats_kern.h/xdp_stats_kern_user.h/; s/__always_inline/inline/'
	also refuses 6 bare.c "a program that has xdp_stats_map"
	beside refuses 6 "$TOP/exercises/start/6.c" "a map pinned at /sys/fs/bpf/ex/proto_map"
	mistake shape.c 6.c 's/BPF_MAP_TYPE_PERCPU_ARRAY/BPF_MAP_TYPE_ARRAY/'
	also refuses 6 shape.c "proto_map: percpu_array" "array, key 4"
	mistake key.c 6.c 's/__type(key, __u32)/__type(key, __u8)/; s/__u32 key/__u8 key/'
	beside refuses 6 key.c "maps that the kernel accepts" "key_size must be 4" "__type(key, __u32)"
	mistake uncounted.c 6.c 's/return xdp_stats_record_action(\(.*\));/if (ctx->data_end - ctx->data == 60)\n\t\txdp_stats_record_action(\1);\n\treturn XDP_PASS;/'
	beside refuses 6 uncounted.c "no packet counted" "every path through the program"
	mistake drops.c 6.c 's/return xdp_stats_record_action(\(.*\));/xdp_stats_record_action(\1);\n\treturn XDP_DROP;/'
	beside refuses 6 drops.c "counted under XDP_PASS, but the program returned XDP_DROP"
	all_of_them
}

@test "6: off by one at both headers, byte order, only IPv4, the wrong bytes" {
	mistake end4.c 6.c 's/(ip + 1) <= data_end/(ip + 1) < data_end/'
	beside refuses 6 end4.c "an IPv4 header, and nothing after it" "so the header is complete"
	mistake end6.c 6.c 's/(ip6 + 1) <= data_end/(ip6 + 1) < data_end/'
	beside refuses 6 end6.c "an IPv6 header, and nothing after it" "so the header is complete"
	mistake short.c 6.c 's/(void \*)(ip + 1) <=/(void *)ip + 19 <=/'
	also refuses 6 short.c "an IPv4 header cut after 19 bytes" "an incomplete IP header is not counted"
	mistake order.c 6.c 's/bpf_htons(\(ETH_P_[IPV46]*\))/\1/'
	beside refuses 6 order.c "in the wrong byte order" "the byte order of the EtherType"
	mistake ipv4.c 6.c 's/return ip6->nexthdr/return -1/'
	beside refuses 6 ipv4.c "IPv6: the EtherType, the header that has the protocol number"
	mistake zero.c 6.c 's/protocol < 0/protocol <= 0/'
	also refuses 6 zero.c "the next header 0"
	mistake bytes.c 6.c 's/data_end - data;/data_end - data - 14;/'
	beside refuses 6 bytes.c "the bytes: those of the whole frame"
	mistake field.c 6.c 's/return ip6->nexthdr/return ip->protocol/'
	also refuses 6 field.c "which byte of the header is used as key"
	all_of_them
}

@test "7: solution; only one CPU, no check of the shape, <bpf/libbpf.h>, another form" {
	beside solves 7 7.c
	also refuses 7 "$TOP/exercises/start/7.c" "nothing on stdout"
	mistake one.c 7.c 's/cpu < cpus/cpu < 1/'
	beside refuses 7 one.c "add them up"
	mistake shape.c 7.c 's/else if (!check_shape(path, &info))/else/; s/calloc(cpus/calloc(64 * cpus/'
	beside refuses 7 shape.c "with a pinned map of another shape (percpu_array, key 4, value 24, 5 entries)" "bpf_obj_get_info_by_fd()"
	mistake array.c 7.c 's/info->type == BPF_MAP_TYPE_PERCPU_ARRAY &&/info->type != BPF_MAP_TYPE_ARRAY \&\&/'
	also refuses 7 array.c "(percpu_hash, key 4, value 16, 5 entries)"
	mistake wall.c 7.c 's,#include <bpf/bpf.h>,&\n#include <bpf/libbpf.h>,'
	beside refuses 7 wall.c "and not <bpf/libbpf.h>"
	mistake form.c 7.c 's/"%s %llu %llu/"%s: %llu packets %llu bytes/'
	beside refuses 7 form.c "the form: the numbers are right"
	mistake narrow.c 7.c 's/unsigned long long packets/unsigned int packets/; s/%s %llu %llu/%s %u %u/'
	beside refuses 7 narrow.c "a map that has counted for a long time" "64 bits"
	mistake swapped.c 7.c 's/, packets, bytes);/, bytes, packets);/'
	also refuses 7 swapped.c "packets come first, then bytes"
	all_of_them
}

@test "7: CPUs that are online, two, 128, those of the first range" {
	mistake online.c 7.c 's,cpu/possible,cpu/online,'
	beside refuses 7 online.c "on a machine with 5000 possible CPUs" "nor one for each CPU
            that is online"
	mistake sysconf.c 7.c 's/= possible_cpus();/= possible_cpus() ? sysconf(_SC_NPROCESSORS_ONLN) : 0;/'
	beside refuses 7 sysconf.c "on a machine with 5000 possible CPUs"
	mistake two.c 7.c 's/= possible_cpus();/= possible_cpus() ? 2 : 0;/'
	beside refuses 7 two.c "on a machine with 5000 possible CPUs" "not a fixed number"
	# room for all, but not all of them added up
	mistake some.c 7.c 's/cpu < cpus/cpu < 128/; s/calloc(cpus/calloc(9999/'
	also refuses 7 some.c "on a machine with 5000 possible CPUs"
	mistake first.c 7.c "s/fgetc(file) != ','/fgetc(file)/"
	beside refuses 7 first.c "possible has 0-3,8-11"
	mistake range.c 7.c 's/if (fscanf(file, "-%u", &last) == 1 && last < first)/if (fscanf(file, "-%u", \&last) != 1)/'
	also refuses 7 range.c "on a machine with 1 possible CPUs"
	all_of_them
}

# 8.c with the lines between two marks replaced by those of stdin.
rewritten() { # rewritten NAME FIRST-LINE LAST-LINE
	awk -v first="$2" -v last="$3" -v file=/dev/stdin '
		index($0, first) == 1 { while ((getline line <file) > 0) print line; skip = 1 }
		!skip { print }
		skip && index($0, last) == 1 { skip = 0 }' "$TOP/exercises/solutions/8.c" >"$1"
	! cmp -s "$1" "$TOP/exercises/solutions/8.c"
}

@test "8: solution, and others that work" {
	beside solves 8 8.c
	# the descriptor is kept as long as the path has the same inode
	rewritten inode.c 'static int report' '}' <<-'END'
		#include <sys/stat.h>
		static int report(const char *path, __u32 *last_id, struct datarec *records, size_t cpus)
		{
			static ino_t inode;
			static int fd = -1;
			struct stat st;
			__u32 id;
			int next, err;

			if (stat(path, &st))
				return -ENOENT;
			if (st.st_ino != inode) {
				next = open_map(path, &id);
				if (next < 0)
					return next;
				if (fd >= 0)
					close(fd);
				fd = next;
				inode = st.st_ino;
				if (*last_id && id != *last_id)
					printf("replaced\n");
				*last_id = id;
			}
			err = print_totals(fd, records, cpus);
			return fflush(stdout) ? -EIO : err;
		}
	END
	beside solves 8 inode.c
	# one call reads all
	rewritten batch.c 'static int print_totals' '}' <<-'END'
		static int print_totals(int fd, struct datarec *records, size_t cpus)
		{
			struct datarec *all = calloc(cpus * XDP_ACTION_MAX, sizeof(*all));
			__u32 keys[XDP_ACTION_MAX], position, count = XDP_ACTION_MAX;

			(void)records;
			if (bpf_map_lookup_batch(fd, NULL, &position, keys, all, &count, NULL) && errno != ENOENT)
				return -EIO;
			for (__u32 i = 0; i < count; i++) {
				unsigned long long packets = 0, bytes = 0;

				for (size_t cpu = 0; cpu < cpus; cpu++) {
					packets += all[i * cpus + cpu].rx_packets;
					bytes += all[i * cpus + cpu].rx_bytes;
				}
				printf("%s %llu %llu\n", action_names[keys[i]], packets, bytes);
			}
			free(all);
			return 0;
		}
	END
	also solves 8 batch.c
	all_of_them
}

@test "8: ends early, keeps the old map, buffers its output, misses a reload, ends in a gap, two CPUs" {
	beside refuses 8 "$TOP/exercises/solutions/7.c" "runs until it is stopped" "it ended after its first block"
	mistake keeps.c 8.c 's/int err, fd = open_map(path, &id);/static __u32 id; static int fd = -1; int err; if (fd < 0) fd = open_map(path, \&id);/; s/^\t__u32 id = 0;//; s/^\tclose(fd);$//'
	beside refuses 8 keeps.c "after reload 1" "the descriptor: it stays with the old map"
	mistake buffers.c 8.c 's/return fflush(stdout) ? -EIO : err/return err/'
	also refuses 8 buffers.c "nothing on stdout" "fflush(stdout)"
	mistake inode.c 8.c 's/id != \*last_id)/path)/'
	beside refuses 8 inode.c "0 lines that begin with 'replaced'" "the map's id"
	mistake gap.c 8.c 's/^\t\tif (err && .*/\t\tif (err)/'
	beside refuses 8 gap.c "it ended when the pin had gone"
	mistake two.c 8.c 's/= possible_cpus();/= possible_cpus() ? 2 : 0;/'
	beside refuses 8 two.c "on a machine with 5000 possible CPUs"
	all_of_them
}

@test "8: blocks of two maps, a block on the wrong side of the line" {
	# each look-up opens the pin
	mistake mixed.c 8.c 's/if (bpf_map_lookup_elem(fd, &action, records)) {/(void)fd; int each = bpf_obj_get(the_path), err = each < 0 ? 0 : bpf_map_lookup_elem(each, \&action, records);\n\n\t\tif (each >= 0)\n\t\t\tclose(each);\n\t\tif (err) {/; s/^static int print_totals/static const char *the_path;\n\n&/; s/^\tfollow(path/\tthe_path = path;\n&/'
	beside refuses 8 mixed.c "all five counters of a block are of one map" "(map 0)" "(map 1)" "which map each look-up reads"
	# the pin is opened twice: to compare the id, and to read
	mistake again.c 8.c 's/^\terr = print_totals(fd, records, cpus);/\tclose(fd);\n\tfd = bpf_obj_get(path);\n\tif (fd < 0)\n\t\treturn -ENOENT;\n&/'
	beside refuses 8 again.c "all five counters of a block are of one map" "one descriptor must answer both questions"
	# the line comes before the last block of the old map
	mistake late.c 8.c 's/^\terr = print_totals(fd, records, cpus);/\tstatic int old = -1;\n\terr = print_totals(old < 0 ? fd : old, records, cpus);\n\tif (old >= 0)\n\t\tclose(old);\n\told = fd;/; s/^\tclose(fd);$//'
	also refuses 8 late.c "after 1 reloads only zeros" "after the last block of the old map"
	# the line comes whenever the pin has been gone
	mistake gone.c 8.c 's/if (err && !(err == -ENOENT && last_id))/if (err == -ENOENT \&\& last_id)\n\t\t\tlast_id = ~0U;\n\t\t&/'
	beside refuses 8 gone.c "then it led to the same map" "the map's id"
	# the line comes in the middle of a block
	mistake middle.c 8.c 's/^\tif (\*last_id && id != \*last_id)$/\tif (0)/; s/^\t\*last_id = id;//; s/^\tclose(fd);$/&\n\tif (*last_id \&\& id != *last_id)\n\t\tprintf("XDP_PASS 0 0\\nreplaced\\n");\n\t*last_id = id;/'
	also refuses 8 middle.c "reloads only zeros"
	all_of_them
}

@test "9: solution, another type; a #define, a variable, no volatile, byte order, the value 0, off by one" {
	beside solves 9 9.c
	variant wire.c 9.c 's/__u16/__be16/; s/bpf_htons(ethertype)/ethertype/'
	beside solves 9 wire.c
	variant wide.c 9.c 's/__u16/__u32/'
	also solves 9 wide.c
	beside refuses 9 "$TOP/exercises/start/9.c" "cannot set ethertype=" "there is no such constant"
	mistake define.c 9.c 's/^const volatile .*/#define ethertype 0/'
	also refuses 9 define.c "there is no such constant"
	mistake folded.c 9.c 's/const volatile/const/'
	beside refuses 9 folded.c "it is const but not volatile" "the declaration of ethertype"
	mistake variable.c 9.c 's/const volatile/volatile/'
	beside refuses 9 variable.c "it is a variable"
	mistake small.c 9.c 's/__u16/__u8/'
	also refuses 9 small.c "it is of type __u8: 0 to 255"
	mistake order.c 9.c 's/bpf_htons(ethertype)/ethertype/'
	beside refuses 9 order.c "in the wrong byte order): XDP_PASS" "the byte order"
	mistake zero.c 9.c 's/!ethertype || //'
	beside refuses 9 zero.c "EtherType 0): XDP_PASS" "0 means that nothing is dropped"
	mistake default.c 9.c 's/ethertype = 0/ethertype = 0x86dd/'
	beside refuses 9 default.c "without --set" "what ethertype is unless it is set"
	mistake end.c 9.c 's/(eth + 1) >/(eth + 1) >=/'
	beside refuses 9 end.c "only an Ethernet header" "so the header is complete"
	mistake half.c 9.c 's/return eth->h_proto == /return (eth->h_proto \& 0xff) == (0xff \& /; s/(ethertype);/(ethertype));/'
	beside refuses 9 half.c "the whole EtherType"
	mistake fate.c 9.c 's/return xdp_stats_record_action(\(.*\));/xdp_stats_record_action(\1);\n\treturn XDP_PASS;/'
	also refuses 9 fate.c "counted under XDP_DROP, but the program returned XDP_PASS"
	all_of_them
}

@test "10: solution, a loader at the other end; nothing counted, named, mended; not in the words of JSON" {
	beside solves 10 10.sh
	variant loader.sh 10.sh 's,^testenv.* exec .*,nsenter --net="/run/netns/$DEV" ./xdp_loader --dev veth0 --force >\&2,'
	beside solves 10 loader.sh
	beside refuses 10 "$TOP/exercises/start/10.sh" "lost packets are counted" "xdp_loader --losses"
	mistake left.sh 10.sh '/ exec /d'
	beside refuses 10 left.sh "no more packets lost after the script, of 100" "(no program at the other end" "the other end of the veth"
	mistake guess.sh 10.sh 's/^\.\/xdp_stats/echo tx_no_receiver "$COUNT"; &/; s/^\tjq.*/\tcat >\&2/'
	beside refuses 10 guess.sh "one line on stdout: redirect_no_receiver" "It is another"
	mistake blind.sh 10.sh 's/\\(.value)/'"'\$COUNT'/"
	beside refuses 10 blind.sh "how many were lost: not how many you sent"
	mistake late.sh 10.sh '/--losses/d; s/.* flood .*/&\n.\/xdp_loader --losses >\&2/'
	beside refuses 10 late.sh "no loss was counted" "the order"
	mistake first.sh 10.sh 's/.* flood .*/testenv\/testenv.sh --name "$DEV" exec build\/receiver veth0\n&/'
	also refuses 10 first.sh "the order"
	mistake all.sh 10.sh 's/ | select(.value > 0)//'
	also refuses 10 all.sh "the one whose number is not 0"
	mistake words.sh 10.sh 's/--json //; s/^\tjq.*/\tgrep ^lost/'
	beside refuses 10 words.sh "seen:     lost after XDP_REDIRECT: " "its name under .lost"
	mistake other.sh 10.sh 's/^testenv.* exec .*/.\/xdp_loader --dev "$DEV" --force >\&2/'
	beside refuses 10 other.sh "attached to ex, as before the script" "not the program on DEV"
	mistake off.sh 10.sh '$a ./xdp_loader --losses=off >\&2'
	also refuses 10 off.sh "lost packets are counted when the script has ended"
	all_of_them
}

@test "the list, the directory of the answers, and wrong arguments" {
	# a project with no answers yet, built elsewhere
	mkdir project
	ln -s "$TOP"/{xdp_loader,xdp_stats,xdp_prog_kern.o,build,headers,libbpf,tests,testenv} project
	cp -r "$TOP/exercises" project
	rm -rf project/exercises/answers
	cd project
	accepts exercises/check.sh
	assert_contains "$output" "begin: cp -i exercises/start/3.sh exercises/answers/"
	assert_contains "$output" "begin: cp -i exercises/answers/7.c exercises/answers/8.c"
	assert_equal "$(grep -c '^ *[0-9]*  .* begin: cp -i ' <<<"$output")" 10
	assert_contains "$output" "0 of 10 solved; next: 1. Count what is sent back"
	rejects 1 "there is no answer to exercise 3 yet: looked for exercises/answers/3.sh" exercises/check.sh 3
	assert_contains "$stderr" "hint: begin with: cp -i exercises/start/3.sh exercises/answers/"
	rejects 1 "there is no exercise '99'" exercises/check.sh 99
	rejects 1 "there is no exercise 'abc'" exercises/check.sh abc
	rejects 1 "there is no file 'none.sh'" exercises/check.sh 3 none.sh
	cp exercises/start/1.sh exercises/answers/
	accepts exercises/check.sh
	assert_contains "$output" "check: make exercise N=1"
	cp exercises/solutions/1.sh exercises/answers/
	accepts exercises/check.sh 1
	assert_contains "$output" "progress: 1 of 10 solved; next: 2. Read the map without xdp_stats"
	assert_contains "$output" "begin: cp -i exercises/start/2.sh exercises/answers/"
	accepts exercises/check.sh
	assert_contains "$(head -n 1 <<<"$output")" "  solved"
	assert_contains "$output" "1 of 10 solved; next: 2. Read"
	# another file than the answer does not count
	accepts exercises/check.sh 4 exercises/solutions/4.sh
	assert_contains "$output" "1 of 10 solved"
	touch -d 'next minute' exercises/answers/1.sh
	accepts exercises/check.sh
	assert_contains "$(head -n 1 <<<"$output")" "changed: make exercise N=1"
	assert_contains "$output" "0 of 10 solved; next: 1. Count"
	touch exercises/answers/.solved.{1..10}
	for n in {1..10}; do touch -d '2000-01-01' "exercises/answers/$n.sh"; done
	accepts exercises/check.sh
	assert_contains "$output" "10 of 10 solved; next: a change of your own, see CONTRIBUTING.md"
	rm exercises/answers/*.sh exercises/answers/.solved.*
	cp exercises/solutions/1.sh exercises/answers/
	cp exercises/solutions/2.* exercises/answers/
	rejects 1 "there are several answers to exercise 2" exercises/check.sh 2
	rejects 1 "only root" unshare --user exercises/check.sh 1
	rm xdp_stats
	rejects 1 "xdp_stats is not built" exercises/check.sh 1
}

@test "processes that an answer leaves running end with the check" {
	cp "$TOP/exercises/solutions/1.sh" .
	echo 'setsid sleep 4711 & sleep 4711 &' >>1.sh
	check 1 1.sh
	assert_equal "$(head -n 1 <<<"$output")" "exercise 1: solved"
	! grep -lsz '^4711$' /proc/[0-9]*/cmdline
	mistake sleep.c 7.c 's/^\tsnprintf/\tsleep(4711);\n&/'
	EXERCISE_PATIENCE=5 refuses 7 sleep.c "the program ends within 5 seconds" "it was still running"
	! grep -lsz '^4711$' /proc/[0-9]*/cmdline
}

@test "README: every exercise has its parts, and what it names exists" {
	local readme=$TOP/exercises/README.org n file
	for n in {1..10}; do
		local text
		text=$(sed -n "/^\* $n\. /,/^\* [^$n]/p" "$readme")
		for part in "Goal: " "| answer | " "| gets " "=make exercise N=$n=" "Hint: "; do
			assert_contains "$text" "$part"
		done
	done
	for file in $(grep -oE '=(exercises|headers|testenv)/[A-Za-z0-9_./]*=' "$readme" | tr -d =); do
		[ -e "$TOP/$file" ] || [ "$file" = exercises/answers/ ] || { echo "no $file" && return 1; }
	done
}
