#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Seeing every state, trying without touching, and JSON for programs that read.

load helper

setup() {
	need_kernel
	make_pair
}

teardown() {
	remove_all
}

state() { # state IFNAME: as --status says it
	loader --status --dev "$1" --json | jq -r '.interfaces[0].state'
}

@test "every state has its word" {
	assert_equal "$(state veth0)" "nothing attached, nothing pinned"
	accepts loader --dev veth0
	assert_equal "$(state veth0)" "ok"
	ip -force link set dev veth0 xdp obj "$OBJECTS/no_maps.o" sec xdp
	assert_equal "$(state veth0)" "pins of another program"
	ip link set dev veth0 xdp off
	assert_equal "$(state veth0)" "left-over pins, nothing attached"
	accepts loader --dev veth0 --unload
	ip link set dev veth0 xdp obj "$TOP/xdp_prog_kern.o" sec xdp
	assert_equal "$(state veth0)" "not pinned"
	ip link set dev veth0 xdp off
	inside ip link add dev veth0 type veth peer name x
	accepts inside "$TOP/xdp_loader" --dev veth0 --quiet
	assert_equal "$(state veth0)" "attached elsewhere"
}

# has_code STATUS IFNAME...: the exit code of --status for these interfaces, as text and as JSON
has_code() {
	local devs=()
	for ifname in "${@:2}"; do devs+=(--dev "$ifname"); done
	run --separate-stderr loader --status "${devs[@]}"
	assert_equal "$status $stderr" "$1 "
	run --separate-stderr loader --status --json "${devs[@]}"
	assert_equal "$status $stderr" "$1 "
	jq -e .interfaces <<<"$output" >/dev/null
}

@test "every state has its exit code; of several interfaces the worst one counts" {
	ip link add veth2 type veth peer name veth3
	has_code 3 veth0
	accepts loader --dev veth0
	has_code 0 veth0
	has_code 3 veth0 veth2
	ip -force link set dev veth0 xdp obj "$OBJECTS/no_maps.o" sec xdp
	has_code 1 veth0
	has_code 1 veth2 veth0
	ip link set dev veth0 xdp off
	has_code 1 veth0
	accepts loader --status # of all interfaces: a list, not an answer
	accepts loader --dev veth0 --unload
	accepts loader --dev veth0 --filename "$OBJECTS/no_maps.o"
	has_code 0 veth0
	accepts loader --dev veth0 --unload
	ip link set dev veth0 xdp obj "$TOP/xdp_prog_kern.o" sec xdp
	has_code 1 veth0
	ip link set dev veth0 xdp off
	inside ip link add dev veth0 type veth peer name x
	accepts inside "$TOP/xdp_loader" --dev veth0 --quiet
	has_code 3 veth0
	# pins that cannot be read
	accepts loader --dev veth2
	cp "$TOP/xdp_loader" /run/xdp_stats
	chmod 700 "$BPFFS/veth2"
	run setpriv --reuid 65534 --clear-groups /run/xdp_stats --status --dev veth2
	assert_equal "$status" 4
	# a failure is more than a state
	run --separate-stderr loader --status --dev veth2 --dev nosuch0
	assert_equal "$status" 2
	assert_contains "$stderr" "No such device"
	accepts loader --dev veth2 --unload
	ip link del veth2
}

@test "the status matches that of other tools" {
	accepts loader --dev veth0
	accepts loader --status
	read -r mode id <<<"$(attached veth0)"
	local tag
	tag=$(bpftool -j prog show id "$id" | jq -r .tag)
	assert_contains "$output" "veth0: ok"
	assert_contains "$output" "program  id $id, xdp_pass_func, $mode, tag $tag, loaded $(date +%Y-%m-%d)"
	assert_contains "$output" "map      id $(map_id veth0), xdp_stats_map, pinned at $BPFFS/veth0/xdp_stats_map"
	accepts loader --status --json
	assert_equal "$(jq -c '.interfaces[0] | [.program.id, .program.tag, .maps[0].id, .pins[0].map_id]' <<<"$output")" \
		"[$id,\"$tag\",$(map_id veth0),$(map_id veth0)]"
	# to the second, by another clock
	local loaded
	loaded=$(bpftool -j prog show id "$id" | jq .loaded_at)
	assert_equal "$(jq --argjson at "$loaded" '.interfaces[0].program.load_time - $at | . > -2 and . < 2' <<<"$output")" true
}

@test "all interfaces, also deleted ones, and no other directories" {
	ip link add dev other type veth peer name otherpeer
	ip link set dev other up
	accepts loader --dev veth0
	accepts loader --dev other -S
	ip link set dev otherpeer xdp obj "$TOP/xdp_prog_kern.o" sec xdp
	accepts loader --status --json
	assert_equal "$(jq -c '[.interfaces[] | [.ifname, .program.mode, .state]] | sort' <<<"$output")" \
		'[["other","skb","ok"],["otherpeer","native","not pinned"],["veth0","native","ok"]]'
	ip link delete dev other
	sleep 0.5
	accepts loader --status
	assert_contains "$output" "other: left-over pins, nothing attached"
	assert_contains "$output" "there is no such interface here"
	[[ $output != *tc:* ]]
}

@test "nothing attached or pinned, and an interface that does not exist" {
	accepts loader --status
	assert_equal "$output" "no interface has an XDP program or pins"
	rejects 2 "No such device" loader --status --dev nosuch0
}

@test "without privileges: what can be seen, and what cannot" {
	accepts loader --dev veth0
	cp "$TOP/xdp_loader" /run/xdp_stats # where everybody can go
	accepts setpriv --reuid 65534 --clear-groups /run/xdp_stats --status
	assert_contains "$output" "veth0: unknown"
	assert_contains "$output" "program  id $(attached veth0 | cut -d' ' -f2), native (run as root to see more)"
	assert_contains "$output" "cannot be read: Permission denied"
	# whom the administrator lets in sees more
	chmod a+rx "$BPFFS" "$BPFFS/veth0"
	chmod a+r "$BPFFS/veth0/xdp_stats_map"
	accepts setpriv --reuid 65534 --clear-groups /run/xdp_stats --status
	assert_contains "$output" "pin      $BPFFS/veth0/xdp_stats_map, map id $(map_id veth0)"
}

# The kernel's own answer, by the name of a bit of the attribute xdp-features.
bit_of_kernel() { # bit_of_kernel IFNAME BIT
	python3 "$TOP/tests/netdev_features.py" "$1" | jq "(.xdp / pow(2; $2) | floor) % 2"
}

@test "what the driver announces is what the kernel says" {
	local names=(basic redirect xmit zero-copy hw-offload frags xmit-frags) link i
	ip link add dev br0 type bridge
	for link in veth0 lo br0; do
		accepts loader --dev "$link" --skb-mode
		accepts loader --status --dev "$link" --json
		for i in "${!names[@]}"; do
			assert_equal "$(jq ".interfaces[0].driver_features.xdp | any(. == \"${names[i]}\")" <<<"$output")" \
				"$([ "$(bit_of_kernel "$link" "$i")" = 1 ] && echo true || echo false)"
		done
	done
	accepts loader --status --dev veth0
	assert_contains "$output" "driver   basic, redirect, frags"
	accepts loader --status --dev br0
	assert_contains "$output" "driver   none"
	assert_equal "$(loader --dev veth0 --force --dry-run --json | jq -c .driver_features.xdp)" \
		'["basic","redirect","frags"]'
	# anybody may ask
	cp "$TOP/xdp_loader" /run/xdp_stats # where everybody can go
	run --separate-stderr setpriv --reuid 65534 --clear-groups /run/xdp_stats --status --dev veth0
	assert_equal "$status" 4
	assert_contains "$output" "driver   basic, redirect, frags"
	accepts loader --dev lo --unload
}

@test "an alternative name shows the status of the interface" {
	ip link property add dev veth0 altname alt0
	accepts loader --dev veth0
	assert_equal "$(state alt0)" ok
	accepts stats --dev alt0 --once
	assert_contains "$stderr" "alt0 is another name of veth0"
}

@test "the reason of an unknown state, also in JSON" {
	accepts loader --dev veth0
	mkdir "$BPFFS/veth0/other"
	assert_equal "$(loader --status --dev veth0 --json | jq -c '.interfaces[0] | [.state, .pins_error]')" \
		'["unknown","it contains something that is not a pinned map"]'
	run --separate-stderr loader --status --dev veth0
	assert_equal "$status" 4
	assert_contains "$output" "it contains something that is not a pinned map: other"
	rmdir "$BPFFS/veth0/other"
	umount "$BPFFS"
	accepts loader --status
	assert_contains "$stderr" "no BPF file system is mounted"
}

@test "a status that cannot be written is an error" {
	run bash -c "'$TOP/xdp_loader' --status --dev veth0 2>&1 >/dev/full"
	assert_equal "$status" 1
	assert_contains "$output" "cannot write the status: No space left on device"
}

@test "json that cannot be written to stdout is written to stderr" {
	run --separate-stderr bash -c "'$TOP/xdp_loader' --dev veth0 --json >/dev/full"
	assert_equal "$status" 1
	assert_contains "$(jq -r .error <<<"$stderr")" "the work is done"
}

@test "status changes nothing, and does not wait for the lock" {
	umount "$BPFFS"
	accepts loader --status
	run mountpoint -q "$BPFFS"
	[ "$status" -ne 0 ]
	mount -t bpf bpf "$BPFFS"
	(umask 077 && mkdir -p "$BPFFS/xdp_loader:state/veth0")
	flock --no-fork "$BPFFS/xdp_loader:state/veth0" sleep 600 3>&- &
	local holder=$!
	until ! flock --nonblock "$BPFFS/xdp_loader:state/veth0" true; do sleep 0.1; done
	accepts timeout 120 "$TOP/xdp_loader" --status
	kill "$holder"
	wait "$holder" || true
}

@test "colour on a terminal, only for the state, and not with NO_COLOR" {
	accepts loader --dev veth0
	run script -qec "'$TOP/xdp_loader' --status" /dev/null
	assert_contains "$output" $'veth0: \e[32mok\e[0m'
	NO_COLOR=1 run script -qec "'$TOP/xdp_loader' --status" /dev/null
	[[ $output != *$'\e'* ]]
	accepts loader --status
	[[ $output != *$'\e'* ]]
}

@test "dry run: verified and run, nothing attached, pinned or counted" {
	accepts loader --dev veth0 --dry-run --progname xdp_drop_func
	assert_contains "$output" "nothing is attached to veth0, nothing is pinned"
	assert_contains "$output" "xdp_drop_func: accepted by the verifier"
	assert_contains "$output" "was not tested"
	[[ $output =~ it\ returns\ XDP_DROP,\ after\ [0-9]+\ ns ]]
	assert_contains "$output" "map xdp_stats_map would be new"
	assert_equal "$(attached veth0)" none
	assert_equal "$(ls "$BPFFS" | grep -v debug)" ""

	accepts loader --dev veth0
	local before
	before="$(attached veth0) $(ls -iR "$BPFFS")"
	accepts loader --dev veth0 --dry-run --force --reuse-maps --filename "$OBJECTS/two_maps.o"
	assert_contains "$output" "map xdp_stats_map would be reused"
	assert_contains "$output" "map lengths would be new"
	assert_contains "$output" "xdp_pass_func, native would be replaced"
	assert_equal "$(attached veth0) $(ls -iR "$BPFFS")" "$before"
	assert_equal "$(counted veth0 XDP_PASS)" "0 0"
}

@test "dry run fails as the load would" {
	rejects 40 "invalid access to packet" loader --dev veth0 --dry-run --filename "$OBJECTS/rejected.o"
	accepts loader --dev veth0
	rejects 30 "already attached" loader --dev veth0 --dry-run
	assert_contains "$stderr" "--dry-run --force tests the replacement, and replaces nothing"
	rejects 40 "value_size: pinned 16, object 24" loader --dev veth0 --dry-run -F -M \
		--filename "$OBJECTS/other_shape.o"
}

@test "json of a load, a reload, an unload" {
	accepts loader --dev veth0 --json
	local first
	first=$(attached veth0)
	assert_equal "$(jq -c '[.action, .ifname, .program.id, .program.mode, .maps[0].pin, .replaced, .gap]' <<<"$output")" \
		"[\"load\",\"veth0\",${first#* },\"native\",\"$BPFFS/veth0/xdp_stats_map\",null,false]"
	accepts loader --dev veth0 --json -F -M --filename "$OBJECTS/two_maps.o"
	assert_equal "$(jq -c '[.replaced.id, [.maps[] | [.name, .reused]], .dropped]' <<<"$output")" \
		"[${first#* },[[\"lengths\",false],[\"xdp_stats_map\",true]],[]]"
	accepts loader --dev veth0 --json -F -S
	assert_equal "$(jq -c '[.gap, .dropped[].name]' <<<"$output")" '[true,"lengths"]'
	accepts loader --dev veth0 --json --unload
	assert_equal "$(jq -c '[.action, .detached.mode, (.unpinned | length)]' <<<"$output")" '["unload","skb",1]'
	accepts loader --dev veth0 --json --unload
	assert_equal "$(jq -c '[.detached, .unpinned]' <<<"$output")" '[null,[]]'
	accepts loader --dev veth0 --json --dry-run
	assert_equal "$(jq -c '[.action, .test.action, .test.runs]' <<<"$output")" '["dry-run","XDP_PASS",100000]'
}

fails_in_json() { # fails_in_json STATUS COMMAND...: one object on stdout, nothing on stderr
	run --separate-stderr "${@:2}"
	assert_equal "$status" "$1"
	assert_equal "$stderr" ""
	assert_equal "$(jq -c keys <<<"$output")" '["cause","error","exit_code","hint"]'
	assert_equal "$(jq .exit_code <<<"$output")" "$1"
	assert_equal "$(jq '.error != "" and .hint != ""' <<<"$output")" true
}

@test "--explain prints the steps of a load, a reload and an unload, with real ids" {
	accepts loader --dev veth0 --explain
	local id
	id=$(attached veth0 | cut -d' ' -f2)
	assert_contains "$stderr" "BPF file system is mounted on $BPFFS"
	assert_contains "$stderr" "as program $id"
	assert_contains "$stderr" "xdp_loader:state/veth0/$id"
	assert_contains "$stderr" "program $id is attached to veth0 in native mode"
	assert_contains "$stderr" "by hand: ip link set dev veth0 xdpdrv pinned"
	accepts loader --dev veth0 --explain -F -M --progname xdp_drop_func
	assert_contains "$stderr" "attached to veth0: id $id, xdp_pass_func, native"
	assert_contains "$stderr" "bpf_map__reuse_fd()"
	assert_contains "$stderr" RENAME_EXCHANGE
	accepts stats --dev veth0 --once --explain
	assert_contains "$stderr" "map $(map_id veth0)"
	assert_contains "$stderr" "<bpf/bpf.h>"
	accepts loader --dev veth0 --explain --unload
	assert_contains "$stderr" "is detached from veth0"
	# numbered without a hole, and nothing of it on stdout
	assert_equal "$(grep -oE '^ *[0-9]+\.' <<<"$stderr" | tr -dc '0-9\n' | tr '\n' ' ')" \
		"$(seq -s ' ' "$(grep -cE '^ *[0-9]+\.' <<<"$stderr")") "
	[[ $output != *"by hand"* ]]
}

@test "json of errors: error, cause, hint, exit_code" {
	fails_in_json 2 loader --json --bogus
	fails_in_json 2 loader --bogus -j
	fails_in_json 2 loader -Fj --bogus
	fails_in_json 2 loader -j
	fails_in_json 2 loader --dev nosuch0 --json
	fails_in_json 30 loader --dev lo --json
	assert_equal "$(jq -r .cause <<<"$output")" "Underlying driver does not support XDP in native mode"
	fails_in_json 40 loader --dev veth0 --json --filename "$OBJECTS/rejected.o"
	assert_contains "$(jq -r .cause <<<"$output")" "invalid access to packet"
	fails_in_json 40 loader --dev veth0 --json --filename /nonexistent
	fails_in_json 2 loader --json --status --dev nosuch0
}

@test "the time per packet, while the kernel measures it" {
	local before
	before=$(cat /proc/sys/kernel/bpf_stats_enabled)
	[ -w /proc/sys/kernel/bpf_stats_enabled ] || skip "the kernel does not let this process measure"
	accepts loader --dev veth0
	flood 10 60
	echo 1 >/proc/sys/kernel/bpf_stats_enabled
	flood 100 60
	echo "$before" >/proc/sys/kernel/bpf_stats_enabled
	accepts loader --status --dev veth0 --json
	assert_equal "$(jq '.interfaces[0].program | .run_count, .run_time_ns > 0' <<<"$output" | xargs)" "100 true"
	accepts loader --status --dev veth0
	assert_contains "$output" "ns per packet, over 100 packets"
}
