#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Get the programs of Debian's packages prometheus and prometheus-node-exporter for the tests.
# Nothing is installed, so no service is started.
#
#   prometheus-programs.sh DIR   afterwards there are DIR/prometheus, DIR/promtool and
#                                DIR/prometheus-node-exporter

set -euo pipefail

dir=$(realpath -m "$1")
[ ! -x "$dir/promtool" ] || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
packages=(prometheus prometheus-node-exporter)
# since Debian 13 a package of its own
[ -z "$(apt-cache search --names-only '^promtool$')" ] || packages+=(promtool)
apt-get -q download "${packages[@]}" >&2
for package in ./*.deb; do
	dpkg-deb --extract "$package" root
done
mkdir -p "$dir"
mv root/usr/bin/prometheus root/usr/bin/prometheus-node-exporter "$dir"
mv root/usr/bin/promtool "$dir"
