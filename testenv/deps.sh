#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What the build, the lab and the tests need, and how each distribution calls it.
#
#   deps.sh check GROUP...    list every gap at once; fails if there is one
#   deps.sh install GROUP...  install the gaps
#   deps.sh ensure GROUP...   install only if there are gaps, else say nothing
#   deps.sh try GROUP...      the same, and go on without what is not to be had
#
# Groups: build, lab (make, make demo), lesson (README.org, exercises), fetch (libbpf's
# source), test (make check has to have it), peers, docs, vm (make check skips tests
# without), html (make html), lint, bench, systems, arch, package (make check-...).

set -euo pipefail
# A user's PATH, and so that of a plain su, lacks these; dpkg fails without them.
export PATH=$PATH:/usr/sbin:/sbin

# What package managers say when they do not get to their servers.
readonly UNREACHABLE="[Tt]emporary failure|[Cc]ould ?n[o']t (resolve|connect)|[Cc]annot initiate the \
connection|[Nn]etwork is unreachable|[Ff]ailed to connect|(network|temporary) error"

# group | what is looked for | apt | dnf | pacman | apk | zypper
# What is looked for: a command, a header <h>, or a function of this file.
# "-" where the distribution has no such package.
table() {
	cat <<-'EOF'
	build | cc             | gcc            | gcc              | gcc        | build-base       | gcc
	build | make           | make           | make             | make       | make             | make
	build | clang          | clang          | clang            | clang      | clang            | clang
	build | pkg-config     | pkg-config     | pkgconf-pkg-config | pkgconf  | pkgconf          | pkgconf-pkg-config
	build | <libelf.h>     | libelf-dev     | elfutils-libelf-devel | libelf | elfutils-dev   | libelf-devel
	build | <zlib.h>       | zlib1g-dev     | zlib-devel       | zlib       | zlib-dev         | zlib-devel
	build | <linux/bpf.h>  | linux-libc-dev | kernel-headers   | linux-api-headers | linux-headers | linux-glibc-devel
	build | have_libbpf    | libbpf-dev     | libbpf-devel+libbpf-static | libbpf     | libbpf-dev       | libbpf-devel-static
	lab   | ip             | iproute2       | iproute          | iproute2   | iproute2         | iproute2
	lab   | ping           | iputils-ping   | iputils          | iputils    | iputils          | iputils
	lab   | flock          | util-linux     | util-linux       | util-linux | flock            | util-linux
	lab   | nsenter        | util-linux     | util-linux       | util-linux | util-linux-misc  | util-linux
	lesson | taskset     | util-linux     | util-linux       | util-linux | util-linux-misc  | util-linux
	lesson | python3     | python3        | python3          | python     | python3          | python3
	lesson | jq          | jq             | jq               | jq         | jq               | jq
	lesson | bpftool     | bpftool        | bpftool          | bpf        | bpftool          | bpftool
	lesson | strace      | strace         | strace           | strace     | strace           | strace
	lesson | setpriv     | util-linux     | util-linux       | util-linux | setpriv          | util-linux
	fetch | git            | git            | git              | git        | git              | git
	fetch | have_certificates | ca-certificates | ca-certificates | ca-certificates | ca-certificates | ca-certificates
	test  | bats           | bats           | bats             | bash-bats  | bats             | bats
	test  | <cmocka.h>     | libcmocka-dev  | libcmocka-devel  | cmocka     | cmocka-dev       | libcmocka-devel
	test  | have_sanitizers | libc6-dev     | libasan+libubsan | gcc-libs   | -                | -
	test  | have_libfuzzer  | libclang-rt-dev | compiler-rt     | compiler-rt | compiler-rt     | -
	test  | dpkg-source    | dpkg-dev       | -                | -          | -                | -
	test  | time           | time           | time             | time       | time             | time
	test  | xargs          | findutils      | findutils        | findutils  | findutils        | findutils
	test  | have_locales   | locales        | glibc-locale-source | glibc   | -                | glibc-i18ndata
	test  | script         | bsdutils       | util-linux       | util-linux | util-linux-misc  | util-linux
	test  | tmux           | tmux           | tmux             | tmux       | tmux             | tmux
	test  | git            | git            | git              | git        | git              | git
	test  | mandoc         | mandoc         | mandoc           | mandoc     | mandoc           | mandoc
	test  | jq             | jq             | jq               | jq         | jq               | jq
	test  | strace         | strace         | strace           | strace     | strace           | strace
	test  | taskset        | util-linux     | util-linux       | util-linux | util-linux-misc  | util-linux
	test  | setpriv        | util-linux     | util-linux       | util-linux | setpriv          | util-linux
	test  | systemd-analyze | systemd       | systemd          | systemd    | -                | systemd
	test  | musl-gcc       | musl-tools     | -                | -          | -                | -
	test  | arm-linux-gnueabihf-gcc | gcc-arm-linux-gnueabihf+libc6-dev-armhf-cross | - | - | -     | -
	test  | s390x-linux-gnu-gcc | gcc-s390x-linux-gnu+libc6-dev-s390x-cross | - | -     | -         | -
	test  | python3        | python3        | python3          | python     | python3          | python3
	test  | ethtool        | ethtool        | ethtool          | ethtool    | ethtool          | ethtool
	test  | tcpdump        | tcpdump        | tcpdump          | tcpdump    | tcpdump          | tcpdump
	test  | bpftool        | bpftool        | bpftool          | bpf        | bpftool          | bpftool
	lint  | shellcheck     | shellcheck     | ShellCheck       | shellcheck | shellcheck       | ShellCheck
	lint  | clang-format   | clang-format   | clang-tools-extra | clang     | clang-extra-tools | clang-tools
	lint  | cppcheck       | cppcheck       | cppcheck         | cppcheck   | cppcheck         | cppcheck
	lint  | <cmocka.h>     | libcmocka-dev  | libcmocka-devel  | cmocka     | cmocka-dev       | libcmocka-devel
	bench | python3        | python3        | python3          | python     | python3          | python3
	bench | strace         | strace         | strace           | strace     | strace           | strace
	bench | taskset        | util-linux     | util-linux       | util-linux | util-linux-misc  | util-linux
	peers | xdp-loader     | xdp-tools      | xdp-tools        | xdp-tools  | xdp-tools        | xdp-tools
	peers | bpftool        | bpftool        | bpftool          | bpf        | bpftool          | bpftool
	html  | emacs          | emacs-nox      | emacs-nox        | emacs-nox  | emacs-nox        | emacs-nox
	html  | mandoc         | mandoc         | mandoc           | mandoc     | mandoc           | mandoc
	docs  | emacs          | emacs-nox      | emacs-nox        | emacs-nox  | emacs-nox        | emacs-nox
	docs  | have_english   | aspell+aspell-en | aspell+aspell-en | aspell+aspell-en | aspell+aspell-en | aspell+aspell-en
	vm    | qemu-system-x86_64 | qemu-system-x86 | -           | -          | -                | -
	vm    | depmod         | kmod           | -                | -          | -                | -
	vm    | cpio           | cpio           | -                | -          | -                | -
	vm    | xz             | xz-utils       | -                | -          | -                | -
	vm    | strace         | strace         | strace           | strace     | strace           | strace
	vm    | unshare        | util-linux     | util-linux       | util-linux | util-linux-misc  | util-linux
	systems | debootstrap  | debootstrap    | -                | -          | -                | -
	systems | dpkg-source  | dpkg-dev       | -                | -          | -                | -
	systems | slirp4netns  | slirp4netns    | -                | -          | -                | -
	systems | git          | git            | -                | -          | -                | -
	package | dpkg-buildpackage | dpkg-dev+build-essential | - | -          | -                | -
	package | lintian      | lintian        | -                | -          | -                | -
	package | autopkgtest  | autopkgtest    | -                | -          | -                | -
	package | debootstrap  | debootstrap    | -                | -          | -                | -
	package | git          | git            | -                | -          | -                | -
	arch  | qemu-system-aarch64 | qemu-system-arm | -            | -          | -                | -
	arch  | qemu-system-s390x | qemu-system-s390x | -            | -          | -                | -
	arch  | aarch64-linux-gnu-gcc | gcc-aarch64-linux-gnu+libc6-dev-arm64-cross | - | - | -         | -
	arch  | s390x-linux-gnu-gcc | gcc-s390x-linux-gnu+libc6-dev-s390x-cross | - | -     | -         | -
	arch  | xz             | xz-utils       | -                | -          | -                | -
	arch  | depmod         | kmod           | -                | -          | -                | -
	arch  | cpio           | cpio           | -                | -          | -                | -
	EOF
}

have_header() {
	echo "#include <$1>" | "${CC:-cc}" -E -x c - >/dev/null 2>&1
}

have_libbpf() {
	case ${LIBBPF:-auto} in
	source) return 0 ;;
	shared) pkg-config --exists 'libbpf >= 1.0' 2>/dev/null && return 0 || return 1 ;;
	esac
	[ -n "${LIBBPF_SRC:-}" ] || [ -e "$(dirname "$0")/../libbpf/src" ] || {
		pkg-config --exists 'libbpf >= 1.0' &&
			[ -e "$(pkg-config --variable=libdir libbpf)/libbpf.a" ]
	} 2>/dev/null
}

# The version of an installed libbpf that is too old, for which no package helps.
old_libbpf() {
	! pkg-config --exists 'libbpf >= 1.0' && pkg-config --modversion libbpf
} 2>/dev/null

have_certificates() {
	[ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/pki/tls/certs/ca-bundle.crt ] ||
		[ -e /etc/ssl/cert.pem ] || [ -e /var/lib/ca-certificates/ca-bundle.pem ]
}

have_sanitizers() {
	echo 'int main(void) { return 0; }' |
		"${CC:-cc}" -fsanitize=address,undefined -x c -o /dev/null - 2>/dev/null
}

have_libfuzzer() {
	echo 'int LLVMFuzzerTestOneInput(void); int LLVMFuzzerTestOneInput(void) { return 0; }' |
		"${CLANG:-clang}" -fsanitize=fuzzer,address,undefined -x c -o /dev/null - 2>/dev/null
}

have_locales() {
	[ -e /usr/share/i18n/locales/en_US ]
}

have_english() {
	aspell list --lang=en_GB </dev/null 2>/dev/null
}

is_there() {
	case $1 in
	'<'*) local h=${1#<} && have_header "${h%>}" ;;
	have_*) "$1" ;;
	*) [ -n "$(type -P "$1")" ] ;;
	esac
}

# This machine's package manager is a column of the table.
find_manager() {
	local candidate
	column=2
	for candidate in apt-get dnf pacman apk zypper; do
		if command -v "$candidate" >/dev/null; then
			manager=$candidate
			return 0
		fi
		column=$((column + 1))
	done
	manager=none column=2
}

# What a distribution has no package for is not missing: its tests skip and say so.
# Sets missing, what was looked for in vain, and packages, that it comes from.
find_gaps() { # find_gaps GROUP...
	local row fields package name
	while IFS= read -r row; do
		IFS='|' read -r -a fields <<<"${row//[[:blank:]]/}"
		[[ " $* " == *" ${fields[0]} "* ]] || continue
		package=${fields[column]:--}
		if [ "$package" = - ] || is_there "${fields[1]}"; then continue; fi
		name=${fields[1]#have_}
		[[ " ${missing[*]} " == *" $name "* ]] || missing+=("$name")
		[ "$manager" != none ] || continue
		if [ "$name" = libbpf ] && old_libbpf >/dev/null; then continue; fi
		packages+=("${package//+/ }")
	done < <(table)
}

install_command() {
	# package names hold no blanks, but a cell may hold several
	local list
	list=$(printf '%s\n' "${packages[@]}" | tr ' ' '\n' | sort -u | tr '\n' ' ')
	case $manager in
	apt-get) echo "apt-get install -y --no-install-recommends $list" ;;
	dnf) echo "dnf install -y $list" ;;
	pacman) echo "pacman -S --needed --noconfirm $list" ;;
	apk) echo "apk add $list" ;;
	zypper) echo "zypper --non-interactive install $list" ;;
	esac
}

say_gaps() { # say_gaps GROUP...
	local version
	printf 'missing: %s\n' "${missing[*]}" >&2
	if [[ " ${missing[*]} " == *" libbpf "* ]] && version=$(old_libbpf); then
		printf 'hint: the libbpf of this system is %s, and 1.0 is needed: make %s\n' \
			"$version" 'libbpf-fetch gets its source, then make builds it' >&2
	fi
	if [ "$manager" = none ]; then
		echo 'hint: no package manager of ours is here (apt, dnf, pacman, apk, zypper)' >&2
	elif [ ${#packages[@]} -gt 0 ]; then
		printf 'hint: testenv/deps.sh install %s, which runs: %s\n' "$*" "$(install_command)" >&2
	fi
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# Shows what the package manager says, in words that we know.
run_manager() { # run_manager COMMAND...
	as_root env LC_ALL=C "$@" 2>&1 | tee -a "$said"
}

# Fails if a package could not be had; unreachable is yes when that was the network's fault.
install_packages() {
	local words status=0
	unreachable=no
	said=$(mktemp)
	if [ "$manager" = apt-get ] && [ "$updated" = no ]; then
		run_manager apt-get update -q || true # one source of several may be broken
		updated=yes
	fi
	read -r -a words < <(install_command)
	run_manager "${words[@]}" || status=1
	[ "$status" = 0 ] || ! grep -qE "$UNREACHABLE" "$said" || unreachable=yes
	rm -f "$said"
	return "$status"
}

install_gaps() { # install_gaps GROUP...
	if [ ${#packages[@]} = 0 ]; then
		say_gaps "$@"
		return 1
	elif [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
		say_gaps "$@"
		echo 'hint: that takes root' >&2
		return 1
	fi
	printf 'installing what is missing: %s\n' "${missing[*]}" >&2
	install_packages && return 0
	printf 'could not install: %s\n' "${missing[*]}" >&2
	[ "$unreachable" = no ] ||
		echo 'hint: the package servers cannot be reached from here: is there a network?' >&2
	return 1
}

# What is nice to have: a package that is not there keeps none of the others away.
try_gaps() { # try_gaps GROUP...
	local package all
	install_gaps "$@" || {
		[ "${unreachable:-yes}" = no ] || return 0
		all=("${packages[@]}")
		for package in "${all[@]}"; do
			packages=("$package")
			install_packages || printf 'goes on without: %s\n' "$package" >&2
		done
	}
}

main() {
	local action=${1:-} column manager said unreachable updated=no missing=() packages=()
	case $action in check | install | ensure | try) ;; *) set -- ;; esac
	[ $# -gt 1 ] || { sed -n '4,14s/^# \{0,1\}//p' "$0" >&2 && exit 2; }
	shift
	find_manager
	find_gaps "$@"
	if [ ${#missing[@]} = 0 ]; then
		case $action in check | install) echo 'everything is there' ;; esac
		return 0
	fi
	case $action in
	check) say_gaps "$@" && return 1 ;;
	try) try_gaps "$@" && return 0 ;;
	esac
	install_gaps "$@" || return 1
	missing=() packages=()
	find_gaps "$@"
	[ ${#missing[@]} -eq 0 ] || { say_gaps "$@" && return 1; }
}

main "$@"
