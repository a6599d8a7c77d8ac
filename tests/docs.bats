#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What the documents say is what the programs do.

load helper

options_of_help() { # options_of_help TOOL
	"$TOP/$1" --help | sed -n '/^Options:/,/^$/p' | grep -oE -- '--?[a-zA-Z0-9][a-z-]*' | sort -u
}

options_of_readme() { # options_of_readme TOOL: of the table in its section
	sed -n "/^\*\* $1 /,/^Exit status/p" "$TOP/README.org" | grep '^|' |
		grep -oE -- '=--?[a-zA-Z0-9][a-z-]*=' | tr -d = | sort -u
}

@test "README and --help have the same options" {
	local tool
	for tool in xdp_loader xdp_stats; do
		assert_equal "$(options_of_readme $tool)" "$(options_of_help $tool)"
		[ "$(options_of_help $tool | wc -l)" -ge 16 ]
	done
}

@test "man pages: the same options, and no warnings" {
	local tool
	for tool in xdp_loader xdp_stats; do
		accepts mandoc -T lint -W warning "$TOP/man/$tool.8"
		assert_equal "$(sed -n '/^\.Sh OPTIONS/,/^\.El/s/^\.It//p' "$TOP/man/$tool.8" |
			grep -oE 'Fl -?[a-zA-Z0-9][a-z-]*|, -[a-z-]+' |
			sed -E 's/^(Fl |, )/-/; s/^-(.)$/-\1/' | sort -u)" "$(options_of_help $tool)"
	done
}

@test "completion: the same options, interfaces, and programs out of the object" {
	# shellcheck source=/dev/null
	source "$TOP/man/xdp_tools.bash-completion"
	local tool
	for tool in xdp_loader xdp_stats; do
		COMP_WORDS=("$tool" -)
		_xdp_complete "$tool" - "$tool"
		assert_equal "$(printf '%s\n' "${COMPREPLY[@]}" | sort -u)" "$(options_of_help $tool)"
	done
	_xdp_complete xdp_stats l --dev
	assert_contains " ${COMPREPLY[*]} " " lo "
	if command -v llvm-objdump >/dev/null; then
		COMP_WORDS=(xdp_loader --filename "$TOP/xdp_prog_kern.o" --progname xdp_d)
		_xdp_complete xdp_loader xdp_d --progname
		assert_equal "${COMPREPLY[*]}" xdp_drop_func
	fi
}

@test "testenv/README.org and testenv.sh help have the same commands" {
	local documented offered
	documented=$(grep '^| [a-z]' "$TOP/testenv/README.org" | awk '$2 != "command" { print $2 }' | sort)
	offered=$("$TOP/testenv/testenv.sh" help | sed -n '/^Commands:/,/^$/p' |
		awk '/^  [a-z]/ { print $1 }' | sort)
	assert_equal "$documented" "$offered"
}

@test "the programs and exit codes that README names exist" {
	local prog
	for prog in $(grep -o 'xdp_[a-z]*_func' "$TOP/README.org" | sort -u) xdp_pass_frags_func; do
		grep -q "int $prog(" "$TOP/xdp_prog_kern.c"
	done
	grep -q 'EXIT_ATTACH 30' "$TOP/common/job.h"
	grep -q 'EXIT_OBJECT 40' "$TOP/common/job.h"
	grep -q 'EXIT_MAP 40' "$TOP/xdp_stats.c"
}

@test "every file that README links to exists" {
	local file
	for file in $(grep -oE '\[\[file:[^]]+' "$TOP/README.org" "$TOP/testenv/README.org" | sed 's/.*\[\[file://'); do
		[ -e "$TOP/$file" ] || { echo "no $file" && return 1; }
	done
}

@test "no public header is without its purpose and every file names its licence" {
	local file
	for file in "$TOP"/common/*.h "$TOP"/headers/*.h; do
		sed -n 2,3p "$file" | grep -q '^/\*$' || { echo "$file" && return 1; }
	done
	local count=0
	while read -r file; do
		count=$((count + 1))
		head -n 3 "$TOP/$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause' ||
			{ echo "no licence in $file" && return 1; }
	done < <(cd "$TOP" && git ls-files '*.[ch]' '*.sh' '*.bats' '*.bash' '*.mk' '*.py' 'Makefile' 'libbpf/Makefile' .ci/run 2>/dev/null || find . -name '*.[ch]' -not -path './build/*' -not -path './libbpf/*')
	[ "$count" -gt 40 ]
}
