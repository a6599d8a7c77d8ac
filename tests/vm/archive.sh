#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Get the package lists of another release or architecture of Debian. Those of this machine stay
# unchanged.
#
#   archive.sh DIRECTORY RELEASE ARCH
#
# Prints the options, one per line, with which apt-get and apt-cache use these lists. The lists
# are in DIRECTORY, which must stay.

set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin

readonly KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

dir=$(realpath -m "$1") release=$2 arch=$3
mkdir -p "$dir"/{lists,cache/archives}/partial "$dir/parts"

# The mirror of this machine, if it is one of Debian; the last one has the old releases.
sites() {
	apt-get indextargets --format "\$(SITE)" 'Created-By: Packages' 'Origin: Debian' | sed -n 1p
	printf '%s\n' http://deb.debian.org/debian http://archive.debian.org/debian
}

options=(-q
	-o Dir::Etc::sourcelist=/dev/null
	-o "Dir::Etc::sourceparts=$dir/parts"
	-o "Dir::State::lists=$dir/lists"
	-o "Dir::Cache=$dir/cache"
	-o Dir::State::status=/dev/null
	-o Acquire::Languages=none
	-o Acquire::Check-Valid-Until=false
	-o "APT::Architecture=$arch"
	-o "APT::Architectures=$arch"
	-o APT::Sandbox::User=root)

while read -r site; do
	printf '%s\n' 'Types: deb' "URIs: $site" "Suites: $release" 'Components: main' \
		"Signed-By: $KEYRING" >"$dir/parts/archive.sources"
	if apt-get "${options[@]}" -o APT::Update::Error-Mode=any update >&2; then
		printf '%s\n' "${options[@]}"
		exit 0
	fi
done < <(sites | awk '!seen[$0]++')
exit 1
