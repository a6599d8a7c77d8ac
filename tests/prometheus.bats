#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# xdp_stats --prometheus, with the node exporter and the server of Debian.

load helper

setup() {
	need_kernel
	make_pair
	ip link set dev lo up
	unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY
	pids=()
	file=$BATS_TEST_TMPDIR/xdp.prom
}

teardown() {
	[ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null || true
	remove_all
}

start() { # start NAME COMMAND...
	"${@:2}" >"$BATS_TEST_TMPDIR/$1.log" 2>&1 3>&- &
	pids+=($!)
}

need_prometheus() {
	prometheus=$TOP/build/tests/prometheus
	[ -x "$prometheus/promtool" ] ||
		skip "no prometheus: see build/tests/prometheus.log"
}

until_true() { # until_true COMMAND...: at most 10 s
	local i
	for i in $(seq 200); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.05
	done
	printf 'not true after 10 s: %s\n' "$*"
	cat "$BATS_TEST_TMPDIR"/*.log
	return 1
}

query() { # query EXPRESSION: "VALUE" of the only result
	"$prometheus/promtool" query instant http://127.0.0.1:9090 "$1" |
		sed -n 's/.* => \([^ ]*\) @.*/\1/p'
}

has_value() { # has_value EXPRESSION VALUE
	[ "$(query "$1")" = "$2" ]
}

start_servers() {
	mkdir "$BATS_TEST_TMPDIR/db"
	cat >"$BATS_TEST_TMPDIR/prometheus.yml" <<-END
		global: { scrape_interval: 100ms, scrape_timeout: 100ms, evaluation_interval: 1s }
		rule_files: [ $TOP/docs/prometheus/xdp_alerts.yml ]
		scrape_configs: [ { job_name: node, static_configs: [ { targets: [ "127.0.0.1:9100" ] } ] } ]
	END
	start node "$prometheus/prometheus-node-exporter" --web.listen-address=127.0.0.1:9100 \
		--collector.disable-defaults --collector.textfile \
		--collector.textfile.directory="$BATS_TEST_TMPDIR"
	start prometheus "$prometheus/prometheus" --config.file="$BATS_TEST_TMPDIR/prometheus.yml" \
		--storage.tsdb.path="$BATS_TEST_TMPDIR/db" --web.listen-address=127.0.0.1:9090
}

@test "1000 rewrites while it is scraped: no answer is torn, and queries give what was sent" {
	need_prometheus
	local drops='xdp_packets_total{device="veth0",action="drop"}' scrapes versions rate
	accepts loader --dev veth0 --progname xdp_drop_func
	start_servers
	start stats "$TOP/xdp_stats" --all --interval 0.01 --count 1000 --prometheus "$file"
	local stats=${pids[-1]}
	until_true has_value "$drops" 0
	"$TOP/tests/prometheus/scrape.py" http://127.0.0.1:9100/metrics "$stats" "$file" \
		>"$BATS_TEST_TMPDIR/scraped" 3>&- &
	pids+=($!)
	accepts flood 50000 60
	until_true has_value "$drops" 50000
	wait "${pids[-1]}"
	read -r scrapes versions <"$BATS_TEST_TMPDIR/scraped"
	echo "# $scrapes scrapes, $versions versions of the file" >&3
	[ "$scrapes" -ge 100 ]
	[ "$versions" -ge 300 ]
	# rate() extrapolates by half an interval at each end
	rate=$(query "rate(${drops}[1m]) * 60")
	echo "# rate() gives $rate of 50000" >&3
	awk -v rate="$rate" 'BEGIN { exit !(rate >= 49999 && rate <= 52000) }'
	assert_equal "$(query 'xdp_bytes_total{device="veth0",action="drop"}')" 3000000
	assert_equal "$(query 'min_over_time(node_textfile_scrape_error[1m])')" 0
	assert_equal "$(query 'xdp_prog_id{device="veth0"}')" "$(attached veth0 | cut -d' ' -f2)"
	assert_equal "$(query 'xdp_map_id{device="veth0"}')" "$(map_id veth0)"
}

@test "promtool finds nothing to complain about, in the metrics and in the alerts" {
	need_prometheus
	accepts loader --dev veth0
	accepts loader --losses
	accepts stats --all --prometheus - --quiet
	assert_contains "$output" 'xdp_lost_packets_total{device="veth0",reason="redirect_down"} 0'
	accepts "$prometheus/promtool" check metrics <<<"$output"
	assert_equal "$output$stderr" ""
	accepts "$prometheus/promtool" check rules "$TOP/docs/prometheus/xdp_alerts.yml"
	accepts "$prometheus/promtool" test rules "$TOP/tests/prometheus/alerts_test.yml"
}

@test "a reading on stdout: all actions, what is attached, each metric in one piece" {
	accepts loader --dev veth0 --progname xdp_drop_func
	accepts flood 7 60
	accepts stats --all --prometheus - --quiet
	assert_equal "$stderr" ""
	assert_equal "$(grep -c '^xdp_packets_total{device="veth0",action=' <<<"$output")" 5
	assert_contains "$output" 'xdp_packets_total{device="veth0",action="drop"} 7'
	assert_contains "$output" 'xdp_bytes_total{device="veth0",action="drop"} 420'
	assert_contains "$output" 'xdp_attached{device="veth0"} 1'
	assert_contains "$output" "xdp_prog_id{device=\"veth0\"} $(attached veth0 | cut -d' ' -f2)"
	ip link set dev veth0 xdp off
	accepts stats --dev veth0 --prometheus - --quiet
	assert_contains "$output" 'xdp_attached{device="veth0"} 0'
	assert_contains "$output" 'xdp_prog_id{device="veth0"} 0'
	ip link delete dev veth0
	accepts stats --all --prometheus - --quiet
	assert_contains "$output" 'xdp_attached{device="veth0"} 0'
}

@test "names with quotes, backslashes and bytes that are no UTF-8 are labels" {
	local name=$'a"b\\c\xff'
	ip link add dev "$name" type veth peer name other
	accepts loader --dev "$name"
	accepts stats --all --prometheus - --quiet
	assert_contains "$output" 'xdp_attached{device="a\"b\\c\\xff"} 1'
	[ ! -x "$TOP/build/tests/prometheus/promtool" ] ||
		accepts "$TOP/build/tests/prometheus/promtool" check metrics <<<"$output"
}

@test "the file is replaced whole, is 0644, stays at the end, and nothing else stays" {
	accepts loader --dev veth0
	umask 077
	echo old >"$file"
	ln "$file" "$file.old"
	accepts stats --all --once --prometheus "$file"
	assert_equal "$output" ""
	assert_equal "$(cat "$file.old")" old
	assert_equal "$(stat -c %a "$file")" 644
	rm "$file" "$file.old"
	start stats "$TOP/xdp_stats" --all --interval 0.01 --prometheus "$file"
	until_true test -e "$file"
	kill "${pids[-1]}"
	wait "${pids[-1]}"
	assert_equal "$(cd "$BATS_TEST_TMPDIR" && echo xdp*)" xdp.prom
}

@test "what is not a regular file is not replaced; a full disk leaves the old file" {
	accepts loader --dev veth0
	ln -s /dev/null "$BATS_TEST_TMPDIR/link"
	run stats --all --quiet --prometheus "$BATS_TEST_TMPDIR/link"
	assert_equal "$status" 1
	assert_contains "$output" "it is not a regular file"
	[ -L "$BATS_TEST_TMPDIR/link" ]
	mkdir "$BATS_TEST_TMPDIR/full"
	mount -t tmpfs -o size=4k tmpfs "$BATS_TEST_TMPDIR/full"
	echo old >"$BATS_TEST_TMPDIR/full/xdp.prom"
	run stats --all --quiet --prometheus "$BATS_TEST_TMPDIR/full/xdp.prom"
	assert_equal "$status" 1
	assert_contains "$output" "No space left on device"
	assert_equal "$(cd "$BATS_TEST_TMPDIR/full" && cat ./*)" old
	umount "$BATS_TEST_TMPDIR/full"
}

@test "options that contradict it" {
	run stats --all --json --prometheus "$file"
	assert_equal "$status" 2
	run stats --pin /x --prometheus "$file"
	assert_equal "$status" 2
	run stats --all --count 3 --prometheus -
	assert_equal "$status" 2
}
