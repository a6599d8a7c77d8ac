#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What the documents say is what the programs do.

load helper

options_of_help() { # options_of_help TOOL
	"$TOP/$1" --help | sed -n '/^Options:/,/^$/p' | grep -oE -- '--?[a-zA-Z0-9][a-z-]*' | sort -u
}

options_of_reference() { # options_of_reference TOOL: of the table in its section
	sed -n "/^\* $1$/,/^Exit status/p" "$TOP/docs/reference.org" | grep '^|' | cut -d'|' -f2 |
		grep -oE -- '=--?[a-zA-Z0-9][a-z-]*' | tr -d = | sort -u
}

@test "the reference and --help have the same options" {
	local tool
	for tool in xdp_loader xdp_stats; do
		assert_equal "$(options_of_reference $tool)" "$(options_of_help $tool)"
		[ "$(options_of_help $tool | wc -l)" -ge 16 ]
	done
}

@test "man pages: the same options, and no warnings" {
	local tool
	for tool in xdp_loader xdp_stats; do
		accepts mandoc -T lint -W warning "$TOP/docs/man/$tool.8"
		assert_equal "$(sed -n '/^\.Sh OPTIONS/,/^\.El/s/^\.It//p' "$TOP/docs/man/$tool.8" |
			grep -oE 'Fl -?[a-zA-Z0-9][a-z-]*|, -[a-z-]+' |
			sed -E 's/^(Fl |, )/-/; s/^-(.)$/-\1/' | sort -u)" "$(options_of_help $tool)"
	done
}

# Every key of an object on stdin, those inside as well.
keys_of() {
	jq -r '[paths[] | strings] | unique[]'
}

@test "man pages: every key of the JSON, and every state" {
	need_kernel
	make_pair
	local key word
	{
		"$TOP/xdp_loader" --dev veth0 --json | keys_of
		"$TOP/xdp_loader" --dev veth0 --json --dry-run --force | keys_of
		"$TOP/xdp_loader" --status --json | keys_of
		"$TOP/xdp_loader" --dev veth0 --json --force --confirm=60 | keys_of
		"$TOP/xdp_loader" --dev veth0 --json --rollback | keys_of
		"$TOP/xdp_loader" --dev veth0 --json --unload | keys_of
		"$TOP/xdp_loader" --dev veth0 --json --filename /nonexistent | keys_of
	} | sort -u >"$BATS_TEST_TMPDIR/keys"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/keys")" -ge 25 ]
	while read -r key; do
		grep -q "^\.Li.*\b$key\b" "$TOP/docs/man/xdp_loader.8" || { echo "no key $key" && return 1; }
		grep -q "=$key=" "$TOP/docs/reference.org" || { echo "reference: no key $key" && return 1; }
	done <"$BATS_TEST_TMPDIR/keys"
	while read -r word; do
		grep -q "^\.It $word$" "$TOP/docs/man/xdp_loader.8" || { echo "no state $word" && return 1; }
		grep -q "^| =$word= " "$TOP/docs/reference.org" || { echo "reference: no state $word" && return 1; }
	done < <(sed -n 's/.*\[STATUS_[A-Z_]*\] = "\(.*\)",/\1/p' "$TOP/common/loader/status.c")
	"$TOP/xdp_loader" --dev veth0 --quiet
	while read -r key; do
		grep -q "^\.Li.*\b$key\b" "$TOP/docs/man/xdp_stats.8" || { echo "no key $key" && return 1; }
		grep -qE "[=\"]${key}[=\"]" "$TOP/docs/reference.org" || { echo "reference: no key $key" && return 1; }
	done < <("$TOP/xdp_stats" --dev veth0 --once --json | keys_of)
	remove_all
}

# completes TOOL WORD PREVIOUS EXPECTED: the words that bash proposes
completes() {
	"_$1" "$1" "$2" "$3"
	assert_equal "$(printf '%s\n' "${COMPREPLY[@]}" | sort -u)" "$4"
}

@test "completion: the same options, interfaces, pins, and programs of the object" {
	need_kernel
	make_pair
	"$TOP/xdp_loader" --dev veth0 --quiet
	# shellcheck source=/dev/null
	source "$TOP/docs/man/xdp_tools.bash-completion"
	local tool
	for tool in xdp_loader xdp_stats; do
		COMP_WORDS=("$tool" -)
		completes $tool - $tool "$(options_of_help $tool)"
	done
	completes xdp_loader '' --dev "$(ip -o link | sed 's/^[0-9]*: \([^:@]*\).*/\1/' | sort)"
	completes xdp_stats '' --dev veth0
	completes xdp_loader '' --share-from veth0
	COMP_WORDS=(xdp_stats --dev veth0 --map x)
	completes xdp_stats x --map xdp_stats_map
	COMP_WORDS=(xdp_loader --filename "$TOP/xdp_prog_kern.o" --progname xdp_d)
	! command -v readelf >/dev/null || completes xdp_loader xdp_d --progname xdp_drop_func
	_xdp_testenv "$TOP/testenv/testenv.sh" '' testenv.sh
	assert_equal "$(printf '%s\n' "${COMPREPLY[@]}" | grep -v ^- | sort)" \
		"$(grep '^| [a-z]' "$TOP/testenv/README.org" | awk '$2 != "command" { print $2 }' | sort)"
	assert_contains " ${COMPREPLY[*]} " " --name "
	remove_all
}

@test "completion: Tab works in the checkout, by any path" {
	local typed
	cd "$TOP"
	for typed in './xdp_loader --unl' 'testenv/testenv.sh teard'; do
		run timeout 20 python3 - "$typed" <<-'EOF'
			import os, pty, sys
			pid, terminal = pty.fork()
			if not pid:
			    os.execvp("bash", ["bash", "--noprofile", "--norc", "-i"])
			os.write(terminal, b"source docs/man/xdp_tools.bash-completion; PS1=\n")
			os.write(terminal, b"echo ready$((1+1))\n")
			seen = b""
			while b"ready2" not in seen:
			    seen += os.read(terminal, 4096)
			os.write(terminal, sys.argv[1].encode() + b"\t")
			seen = b""
			while not seen.endswith(b" "):
			    seen += os.read(terminal, 4096)
			print(seen.decode())
		EOF
		assert_equal "$status" 0
	done
}

@test "testenv/README.org and testenv.sh help have the same commands" {
	local documented offered
	documented=$(grep '^| [a-z]' "$TOP/testenv/README.org" | awk '$2 != "command" { print $2 }' | sort)
	offered=$("$TOP/testenv/testenv.sh" help | sed -n '/^Commands:/,/^$/p' |
		awk '/^  [a-z]/ { print $1 }' | sort)
	assert_equal "$documented" "$offered"
}

@test "the programs and exit codes that the documents name exist" {
	local prog
	for prog in $(cd "$TOP" && documents | xargs grep -ohE 'xdp_[a-z_]*_func' | sort -u); do
		grep -q "int $prog(" "$TOP/xdp_prog_kern.c"
	done
	grep -q 'EXIT_ATTACH 30' "$TOP/common/cli/failure.h"
	grep -q 'EXIT_OBJECT 40' "$TOP/common/cli/failure.h"
}

documents() {
	(cd "$TOP" && ls ./*.org ./*/README.org ./docs/*.org)
}

@test "every file that a document links to exists" {
	local document file count=0
	while read -r document; do
		while read -r file; do
			count=$((count + 1))
			[ -e "$TOP/$(dirname "$document")/$file" ] || { echo "$document: no $file" && return 1; }
		done < <(grep -oE '\[\[file:[^]]+' "$TOP/$document" | sed 's/.*file://')
	done < <(documents)
	[ "$count" -ge 20 ]
}

@test "every function that a document names exists" {
	local name count=0
	while read -r name; do
		count=$((count + 1))
		grep -qrE "\b$name\(" "$TOP/common" "$TOP/headers" "$TOP"/xdp_*.c "$TOP/libbpf/root/usr/include/bpf" ||
			{ echo "no $name()" && return 1; }
	done < <(cd "$TOP" && documents | xargs cat | grep -oE '=[a-z_]+\(' | tr -d '=(' | sort -u)
	[ "$count" -ge 20 ]
}

# A block of C after "# from FILE" is a part of that file; the others are to be saved by the reader.
@test "excerpts: each is in the source that it names, in twelve lines at most" {
	run python3 - "$TOP" <<'EOF'
import re, sys
top, count = sys.argv[1], 0
text = open(top + "/README.org", encoding="utf-8").read()
for line, name, body in re.findall(r"^(# from (\S+))\n#\+begin_src C\n(.*?)^#\+end_src", text, re.M | re.S):
    count += 1
    if body not in open(f"{top}/{name}", encoding="utf-8").read():
        print(f"not in {name}:\n{body}")
    if body.count("\n") > 12:
        print(f"too long: {line}")
blocks = re.findall(r"^#\+begin_src C$", text, re.M)
if len(blocks) != count:
    print("a block is neither from a file nor to be saved")
print(f"\n{count} excerpts")
EOF
	assert_equal "$status" 0
	[[ $output =~ ^[[:space:]]*([0-9]+)" excerpts"$ ]] || { echo "$output" && return 1; }
	[ "${BASH_REMATCH[1]}" -ge 10 ]
}

@test "README: every command that is not run is marked" {
	assert_equal "$(sed -n '/^#+begin_src sh :eval no/,/^#+end_src/p' "$TOP/README.org" | grep -v '^#+')" \
		$'make demo       # install what is missing, show the tools in a lab, remove the lab\nmake check      # every test, with real packets'
	! grep -q ':eval no$' "$TOP/testenv/README.org" "$TOP/exercises/README.org"
}

@test "Org: org-lint finds nothing" {
	command -v emacs >/dev/null || skip "needs emacs"
	# shellcheck disable=SC2046 # names without blanks
	(cd "$TOP" && accepts emacs -Q --batch -l tests/org.el $(documents) && assert_equal "$output" "")
	printf '[[#nowhere][this]]\n' >"$BATS_TEST_TMPDIR/wrong.org"
	accepts emacs -Q --batch -l "$TOP/tests/org.el" "$BATS_TEST_TMPDIR/wrong.org"
	assert_contains "$output" "wrong.org:1: "
}

@test "make html: every document, source and picture; links lead somewhere, wide things scroll" {
	command -v emacs >/dev/null || skip "needs emacs"
	local html=$BATS_TEST_TMPDIR/html document
	accepts make -s -C "$TOP" html HTML="$html"
	assert_equal "$output" "$html/index.html"
	accepts "$TOP/tests/pages.py" "$html"
	assert_equal "$output" ""
	while read -r document; do
		document=${document%.org}.html
		grep -q "href=\"${document#./}\"" "$html/index.html"
		[ -s "$html/$document" ]
	done < <(documents && cd "$TOP" && ls docs/man/*.8)
	diff -r "$TOP/docs/pictures" "$html/docs/pictures" --exclude=style.inc
	# code is coloured, and has no colour of its own; a heading has the address that it has on GitHub
	grep -q '<span class="keyword">struct</span>' "$html/README.html"
	grep -q '<span class="keyword">return</span>' "$html/xdp_loader.c.html"
	grep -qE '<h3 id="[0-9]+-[a-z]+-[a-z-]+">' "$html/README.html"
	run ! grep -E ' style="|table-of-contents|id="org[0-9a-f]{7}"' "$html"/*.html "$html"/*/README.html
	grep -q 'href="xdp_stats.8.html"' "$html/docs/man/xdp_loader.8.html"
	grep -q 'href="man/xdp_stats.8.html">xdp_stats(8)<' "$html/docs/reference.html"
	# what the check finds
	sed -i -e 's/href="#[^"]*/href="#six/; s/href="exercises/href="nowhere/' -e 's/^alt="[^"]*"/alt=""/' \
		-e 's/<div class="table">//; s/<h1>/<h1><sub>a<\/sub>/' "$html/README.html"
	sed -i 's/--faint: #595f66/--faint: #c0c0c0/' "$html/docs/style.css"
	run -1 "$TOP/tests/pages.py" "$html"
	for found in 'no place #six' 'no page nowhere/README.html' 'no alternative text: docs/pictures/' \
		'no box to scroll in: table' 'a name became an index' 'style.css: light: faint on page: contrast 1.8'; do
		assert_contains "$output" "$found"
	done
}

@test "make html: a missing package is named" {
	local bin=$BATS_TEST_TMPDIR/bin tool
	mkdir "$bin"
	for tool in bash cat dirname env grep id mktemp rm sed sort tee tr mandoc; do
		ln -s "$(type -P "$tool")" "$bin/"
	done
	ln -s /bin/false "$bin/apt-get"
	run -1 env PATH="$bin" "$TOP/testenv/deps.sh" check html
	assert_contains "$output" "missing: emacs"
	assert_contains "$output" "apt-get install -y --no-install-recommends emacs-nox"
	grep -q 'deps.sh ensure html$' "$TOP/docs/docs.mk"
}

# What is left of a document without its blocks, tables of options, code, paths, links.
prose() {
	sed -E '/^#\+begin_(src|example|comment)/,/^#\+end_/d; /^[ \t]*:[A-Z_]+:/d; /^#\+(OPTIONS|PROPERTY|HTML_HEAD|HTML: <img)/d
		s/=[^= ]([^=]*[^= ])?=//g; s/~[^~]*~//g; s/`[^`]*`//g; s/\[\[(file|http|#)[^]]*\]\[?/ /g
		s@[^ ]*[/=_][^ ]*|--[a-z-]*@@g' "$@"
}

@test "documents: every word is spelled correctly, or is in tests/words" {
	command -v aspell >/dev/null || skip "needs aspell"
	local strange
	strange=$(cd "$TOP" && { documents && printf "%s\n" CONTRIBUTING.md NEWS SECURITY.md; } | xargs sed -n p | prose |
		aspell list --lang=en_GB --encoding=utf-8 | LC_ALL=C sort -u |
		LC_ALL=C comm -23 - <(LC_ALL=C sort tests/words))
	assert_equal "$strange" ""
	assert_equal "$(echo 'a wrold' | aspell list --lang=en_GB)" wrold
}

pictures() { # pictures [SED-EXPRESSION]: check them, and a copy of one that is changed so
	cp "$TOP"/docs/pictures/* "$BATS_TEST_TMPDIR"
	[ $# = 0 ] || sed -i "$1" "$BATS_TEST_TMPDIR/mounts.svg"
	run "$TOP/tests/pictures.py" "$BATS_TEST_TMPDIR"/style.inc "$BATS_TEST_TMPDIR"/*.svg
}

@test "pictures: one style, light and dark, no ground, texts within their frames" {
	pictures
	assert_equal "$status $output" "0 "
	pictures 's/another bpffs, mounted on/another BPF file system, mounted on/'
	assert_contains "$output" "mounts.svg: leaves its frame: another BPF file system, mounted on"
	pictures 's/<desc.*//'
	assert_contains "$output" "mounts.svg: no desc"
	pictures 's/class="frame" x="8" y="240" width="624"/class="plain" x="0" y="0" width="640" height="356"/'
	assert_contains "$output" "mounts.svg: "
	pictures 's/<rect class="map"/<rect fill="white" class="map"/'
	assert_contains "$output" "mounts.svg: a colour of its own: rect"
	pictures 's/prefers-color-scheme: dark/print/'
	assert_contains "$output" "mounts.svg: another style"
	pictures 's/<rect class="map"/<rect class="map/'
	assert_contains "$output" "mounts.svg: not well-formed"
	cp "$TOP"/docs/pictures/* "$BATS_TEST_TMPDIR"
	sed -i 's/#2d6a2d/#9fd09f/' "$BATS_TEST_TMPDIR"/style.inc "$BATS_TEST_TMPDIR"/*.svg
	run "$TOP/tests/pictures.py" "$BATS_TEST_TMPDIR"/style.inc "$BATS_TEST_TMPDIR"/*.svg
	assert_contains "$output" "light: .map: #9fd09f on #ffffff: contrast 1.8"
}

@test "pictures: make pictures brings the style into each" {
	local copy=$BATS_TEST_TMPDIR/copy
	mkdir -p "$copy/docs"
	cp -r "$TOP/docs/pictures" "$copy/docs"
	sed -i 's/#2d6a2d/#2d6a2e/' "$copy/docs/pictures/style.inc"
	make -s -C "$copy" -f "$TOP/docs/docs.mk" pictures
	assert_equal "$(grep -lF '#2d6a2e' "$copy"/docs/pictures/*.svg | wc -l)" "$(ls "$copy"/docs/pictures/*.svg | wc -l)"
	cp "$TOP/docs/pictures/style.inc" "$copy/docs/pictures"
	make -s -C "$copy" -f "$TOP/docs/docs.mk" pictures
	diff -r "$TOP/docs/pictures" "$copy/docs/pictures"
}

@test "GitHub: code stays code, links lead to headings" {
	# shellcheck disable=SC2046 # names without blanks
	(cd "$TOP" && accepts tests/github.py $(documents) && assert_equal "$output" "")
	local line
	while IFS='|' read -r line what; do
		printf '* A heading, --like= this\n\n%s\n' "$line" >"$BATS_TEST_TMPDIR/wrong.org"
		run -1 "$TOP/tests/github.py" "$BATS_TEST_TMPDIR/wrong.org"
		assert_contains "$output" "wrong.org:3: $what"
	done <<-'EOF'
	use --dev here|neither code nor text: --dev
	use =--unload=[=ID] here|neither code nor text: =--unload=[=ID]
	and so on ...|neither code nor text: ...
	see [[#a-thing][this]]|no heading has the address #a-thing
	see [[#a-heading---like-this][this]]|Emacs needs :CUSTOM_ID: a-heading---like-this
	see [[*A heading][this]]|a link that only Emacs knows: *A heading
	[[file:a.svg]]|a picture without alternative text: file:a.svg
	EOF
}

# GitHub shows the alternative text of an <img>, but not that of an Org link; so does Emacs.
@test "pictures: a document shows each, with an alternative text" {
	local picture shown
	for picture in "$TOP"/docs/pictures/*.svg; do
		shown=$(grep -A1 -F "#+HTML: <img src=\"docs/pictures/${picture##*/}\"" "$TOP/README.org" | tail -n 1)
		[[ $shown =~ ^'#+HTML: alt="'[^\"]{60,}'">'$ ]] || { echo "not shown: $picture" && return 1; }
	done
}

@test "every public header states its purpose, and every file its licence" {
	local file
	for file in "$TOP"/common/*/*.h "$TOP"/headers/*.h; do
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
