#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Get a source tree of libbpf for the tests from Debian's source package. It uses its own
# package lists; those of the machine stay unchanged.
#
#   libbpf-source.sh DIR [RELEASE]   afterwards there is DIR/src/bpf.c; RELEASE is
#                                    another one than this machine's, as "sid"

set -euo pipefail

dir=$(realpath -m "$1")
[ ! -e "$dir/src/bpf.c" ] || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/parts" "$(dirname "$dir")"

# The mirrors of the machine, for sources. In the index sid has its own name; in /etc/os-release
# it has the name of the next release.
read -r here uri < <(apt-get indextargets --format "\$(LABEL) \$(CODENAME) \$(SITE)" \
	'Created-By: Packages' | sed -n '/^[^ ]* [^ ]*-/!s/^Debian //p')
release=${2:-$here}
cat >"$work/parts/source.sources" <<EOF
Types: deb-src
URIs: $uri
Suites: $release
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
EOF
apt=(apt-get -q -o "Dir::Etc::sourcelist=/dev/null" -o "Dir::Etc::sourceparts=$work/parts"
	-o "Dir::State::lists=$work/lists")
"${apt[@]}" update >&2
cd "$work"
"${apt[@]}" source libbpf >&2
mv "$work"/libbpf-*/ "$dir"
