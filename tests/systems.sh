#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Test the committed state on other systems, from nothing: each is a bare root directory
# (debootstrap) with its own mounts, processes and interfaces, and this kernel.
#
#   systems.sh SYSTEM...      a line per system and step, and the count
#   systems.sh shell SYSTEM   a shell in the directory that the last run left
#
# STEPS="demo lint" runs only these steps. Everything is in build/systems: NAME and
# NAME.STEP.log; NAME.base and NAME.debs are kept for the next run.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH=$PATH:/usr/sbin:/sbin

readonly WORK=$PWD/build/systems MIRROR=${MIRROR:-http://deb.debian.org/debian}
# The libbpf of Debian 11 is too old: it gets the libbpf source of this machine.
readonly LIBBPF_RELEASE=sid
# The PATH of a plain su: commands in /usr/sbin must still be found.
readonly USER_PATH=/usr/local/bin:/usr/bin:/bin

passed=0 failed=0 skipped=0

die() {
	printf 'systems: %s\n' "$1" >&2
	[ -z "${2:-}" ] || printf 'hint: %s\n' "$2" >&2
	exit 1
}

steps_of() { # steps_of SYSTEM
	case $1 in
	bookworm) echo offline demo check lint again package ;;
	sid) echo demo check lint package ;;
	trixie) echo demo check lint sudo package ;;
	bullseye) echo way-out source ;;
	*) die "unknown system '$1'" "bookworm, trixie, sid, bullseye" ;;
	esac
}

# The command of a step, run as root in a clone.
command_of() { # command_of STEP
	case $1 in
	demo | lint) echo "make $1" ;;
	check) echo 'CI=true make check' ;;
	offline) echo '! unshare --net make demo 2>&1 | tee /tmp/said
		grep "is there a network?" /tmp/said' ;;
	again) echo 'unshare --net make demo' ;; # all packages are installed: needs no network
	# the build of root must not break the next build of the user
	sudo) echo 'apt-get install -y -q --no-install-recommends sudo
		/usr/sbin/useradd --create-home learner
		echo "learner ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/learner
		git clone -q . ~learner/project
		chown -R learner: ~learner/project
		su learner -c "cd ~/project &&
			sudo make demo && make && touch xdp_stats.c && make && make clean all"' ;;
	way-out) echo '! make demo 2>&1 | tee /tmp/said
		grep "make libbpf-fetch" /tmp/said' ;;
	source) echo 'make demo LIBBPF_SRC=/libbpf' ;;
	package) echo 'tests/package.sh' ;;
	esac
}

# --- root directories --------------------------------------------------------

enter() { # enter SYSTEM COMMAND...
	tests/enter.sh "$WORK/$1" "$WORK/$1.debs" "${@:2}"
}

make_base() { # make_base SYSTEM
	local base=$WORK/$1.base
	[ ! -e "$base" ] || return 0
	rm -rf "$base.part"
	# its mounts always end with it
	unshare --mount --propagation private -- \
		debootstrap --variant=minbase "$1" "$base.part" "$MIRROR"
	mv "$base.part" "$base"
}

# A copy of the base with a clone in it, and only the packages to begin with.
make_root() { # make_root SYSTEM
	local root=$WORK/$1
	rm -rf "$root"
	cp -a "$WORK/$1.base" "$root"
	cp /etc/hosts "$root/etc/"
	# a mirror may be a snapshot, and the release file of sid expires
	echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/systems"
	git clone --quiet . "$root/src"
	git clone --quiet "$root/src" "$root/root/project"
	[ "$1" != bullseye ] || cp -R "$WORK/libbpf" "$root/libbpf"
	enter "$1" sh -euc 'apt-get update -q
		apt-get install -y -q --no-install-recommends make git'
}

prepare() { # prepare SYSTEM
	mkdir -p "$WORK/$1.debs/partial"
	make_base "$1"
	[ "$1" != bullseye ] || tests/libbpf-source.sh "$WORK/libbpf" "$LIBBPF_RELEASE"
	make_root "$1"
}

# --- steps -------------------------------------------------------------------

report() { # report SYSTEM STEP RESULT TEXT
	printf '%-9s %-8s %-8s %s\n' "$@"
}

# The summary of a log in one line: the count of a test run, or the last line.
last_words() { # last_words LOG
	grep -E '^[0-9]+ passed, ' "$1" | tail -n 1 || true
}

# Why a system could not be made. A missing network is named before its consequences.
why_not() { # why_not LOG
	if grep -qE 'Temporary failure|Could not resolve|Failed getting release file' "$1"; then
		echo 'the package servers cannot be reached: is there a network?'
	else
		tail -n 1 "$1"
	fi
}

run_step() { # run_step SYSTEM STEP
	local log=$WORK/$1.$2.log started=$SECONDS result=passed
	enter "$1" env PATH="$USER_PATH" bash -euo pipefail -c "cd /root/project; $(command_of "$2")" \
		>"$log" 2>&1 </dev/null || result=failed
	printf -v "$result" '%d' $((${!result} + 1))
	report "$1" "$2" "$result" "$((SECONDS - started)) s, build/systems/$1.$2.log $(last_words "$log")"
}

try_system() { # try_system SYSTEM
	local step steps log=$WORK/$1.prepare.log
	steps=$(steps_of "$1")
	if ! tests/systems.sh prepare "$1" >"$log" 2>&1; then
		report "$1" prepare skipped "build/systems/$1.prepare.log: $(why_not "$log")"
		skipped=$((skipped + 1))
		return 0
	fi
	for step in $steps; do
		[ -z "${STEPS:-}" ] || [[ " $STEPS " == *" $step "* ]] || continue
		run_step "$1" "$step"
	done
}

main() {
	local system
	[ $# -gt 0 ] || { sed -n '4,12s/^# \{0,1\}//p' "$0" >&2 && exit 2; }
	[ "$(id -u)" = 0 ] || die 'this needs root' "sudo make check-systems"
	case $1 in
	prepare)
		prepare "$2"
		exit
		;;
	shell)
		[ -d "$WORK/${2:-}/root/project" ] || die "there is no '${2:-}' to look into" \
			"make check-systems leaves one of each system that it tries"
		enter "$2" bash
		exit
		;;
	esac
	for system in "$@"; do steps_of "$system" >/dev/null; done
	mkdir -p "$WORK"
	[ -z "$(git status --porcelain --untracked-files=no)" ] ||
		echo 'systems: uncommitted changes are not tested' >&2
	for system in "$@"; do try_system "$system"; done
	if [ "${CI:-}" = true ]; then failed=$((failed + skipped)); fi
	printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
	[ "$failed" = 0 ]
}

main "$@"
