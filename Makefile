# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

VERSION := 0.1.0

CC         ?= cc
CLANG      ?= clang
INSTALL    ?= install

# CROSS_COMPILE=aarch64-linux-gnu- builds for that machine, with the tools of that prefix. CC
# and AR from the environment, which SDKs set, too, have precedence.
ifneq ($(CROSS_COMPILE),)
ifneq ($(origin CC) $(origin CROSS_COMPILE),environment environment)
CC := $(CROSS_COMPILE)gcc
endif
ifneq ($(origin AR) $(origin CROSS_COMPILE),environment environment)
AR := $(CROSS_COMPILE)ar
endif
# Find the libraries of that machine, not those of this one.
ifeq ($(or $(PKG_CONFIG),pkg-config),pkg-config)
ifneq ($(shell command -v $(CROSS_COMPILE)pkg-config),)
PKG_CONFIG := $(CROSS_COMPILE)pkg-config
else
TRIPLET := $(patsubst %-,%,$(notdir $(CROSS_COMPILE)))
OTHER   := $(PKG_CONFIG_SYSROOT_DIR)/usr
PKG_CONFIG_LIBDIR ?= $(OTHER)/lib/$(TRIPLET)/pkgconfig:$(OTHER)/share/pkgconfig
export PKG_CONFIG_LIBDIR
endif
endif
endif
PKG_CONFIG ?= pkg-config
export CC AR PKG_CONFIG LIBBPF
# Python run by root must not leave __pycache__ in the checkout of a user.
export PYTHONDONTWRITEBYTECODE := 1

# libbpf/Makefile runs in its own directory, so relative paths are made absolute here.
MAKE_LIBBPF = $(MAKE) --no-print-directory -C libbpf V=$(V) \
	LIBBPF_SRC=$(call quote,$(if $(filter-out /%,$(firstword $(LIBBPF_SRC))),$(CURDIR)/)$(LIBBPF_SRC)) \
	LIBBPF_GIT='$(if $(wildcard $(LIBBPF_GIT)),$(abspath $(LIBBPF_GIT)),$(LIBBPF_GIT))'

# Quote any text as one word for the shell.
quote = '$(subst ','\'',$1)'

Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-8s %s\n' $(1) '$(2)')

ROOT     := libbpf/root
LIBBPF_A := $(ROOT)/usr/lib/libbpf.a
KIND     := $(ROOT)/kind
LIBS     := @$(ROOT)/libs
BPF_LIBS := @$(ROOT)/bpf_libs

# The same sources give the same object in any directory.
SAME_PATHS := -ffile-prefix-map=$(call quote,$(CURDIR))=.

WARNINGS := -Wall -Wextra -Wshadow -Wmissing-prototypes \
	    -Wno-missing-field-initializers $(if $(WERROR),-Werror)
# The kernel does the work; for the programs around it, small is what counts.
CFLAGS ?= -Os -g
ALL_CPPFLAGS = -D_GNU_SOURCE -DVERSION='"$(VERSION)"' $(ROOMS) -Iheaders \
	       -isystem $(ROOT)/usr/include $(CPPFLAGS)
# Nothing unwinds the stack, so the tables for that would only make the programs larger.
ALL_CFLAGS = -std=gnu11 $(CFLAGS) -ffunction-sections -fdata-sections \
	     -fno-asynchronous-unwind-tables $(WARNINGS) $(SAME_PATHS) $(EXTRA_CFLAGS)
# Without noseparate-code, up to three pages of each program are padding.
ALL_LDFLAGS = -Wl,-z,relro,-z,now,-z,noseparate-code -Wl,--gc-sections $(LDFLAGS)

# The BPF object has the byte order of the machine that $(CC) builds for. clang does not find
# <asm/types.h> of a multiarch system or a cross compiler; $(CC) tells where it is.
PROBE := $(shell $(CC) $(CPPFLAGS) $(CFLAGS) -E -dD -include asm/types.h -x c /dev/null \
	2>/dev/null | sed -n -e 's/^.define __BYTE_ORDER__ __ORDER_\(.\).*_ENDIAN__/\1/p' \
	  -e 's,^. [0-9]* "\(.*\)/asm/types.h".*,\1,p')
BPF_TARGET := $(or $(if $(filter B,$(PROBE)),bpfeb),$(if $(filter L,$(PROBE)),bpfel),bpf)
ASM_DIR    := $(filter-out /usr/include,$(firstword $(filter /%,$(PROBE))))
BPF_CFLAGS  = -O2 -g -target $(BPF_TARGET) -Wall -Wextra -Wno-unused-parameter $(if $(WERROR),-Werror) $(SAME_PATHS) \
	      -Iheaders -isystem $(ROOT)/usr/include $(if $(ASM_DIR),-isystem $(ASM_DIR))

# A folder of common/ can include its own headers and those before it: cli <- pins <- stats,
# loader. Only common/loader and xdp_loader.c can include <bpf/libbpf.h>.
BPF_ONLY := -Ilibbpf/bpf_only
CLI      := -Icommon/cli
PINS     := $(CLI) -Icommon/pins
STATS    := $(PINS) -Icommon/stats
LOADER   := $(PINS) -Icommon/loader

ROOMS = $(PINS) # bench, testenv: only what both programs share
build/common/cli/%.o: ROOMS = $(BPF_ONLY) $(CLI)
build/common/pins/%.o: ROOMS = $(BPF_ONLY) $(PINS)
build/common/stats/%.o build/xdp_stats.o: ROOMS = $(BPF_ONLY) $(STATS)
build/common/loader/%.o build/xdp_loader.o: ROOMS = $(LOADER)

folder = $(patsubst %.c,build/%.o,$(sort $(wildcard common/$1/*.c)))
STATS_OBJECTS  := build/xdp_stats.o $(call folder,cli) $(call folder,pins) $(call folder,stats)
LOADER_OBJECTS := build/xdp_loader.o $(call folder,cli) $(call folder,pins) $(call folder,loader)
# BPF programs, as data of the loader
LOSSES := build/common/losses/losses_object.o
PROGRAMS := xdp_loader xdp_stats xdp_prog_kern.o
LAB_TOOLS := build/flood build/receiver
SMALL     := build/small_loader build/small_reader

.DELETE_ON_ERROR:
.PHONY: all check demo exercise lint format install uninstall clean deps help libbpf-fetch test-programs check-faults
.DEFAULT_GOAL := all

all: $(PROGRAMS) $(LAB_TOOLS) ## build xdp_loader, xdp_stats and xdp_prog_kern.o

# libelf: the loader reads the slots of a PROG_ARRAY itself.
xdp_loader: $(LOADER_OBJECTS) $(LOSSES) $(KIND) build/flags/ld
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(LIBS) -lelf

# If the archive has a section for each function, the linker takes only the functions that
# xdp_stats calls, which need neither libelf nor zlib; a packaged archive needs both.
xdp_stats: $(STATS_OBJECTS) $(KIND) build/flags/ld
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(BPF_LIBS)

xdp_prog_kern.o: xdp_prog_kern.c $(KIND) build/flags/bpf
	@mkdir -p build
	$(call say,CLANG,$@)
	$(Q)$(CLANG) $(BPF_CFLAGS) -MD -MP -MF build/xdp_prog_kern.d -c -o $@ $<

build/xdp_losses_kern.o: common/losses/xdp_losses_kern.c $(KIND) build/flags/bpf
	@mkdir -p build
	$(call say,CLANG,$<)
	$(Q)$(CLANG) $(BPF_CFLAGS) -MD -MP -MF build/xdp_losses_kern.d -c -o $@ $<

$(LOSSES): common/losses/losses_object.S build/xdp_losses_kern.o build/flags/cc
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

build/%.o: %.c $(KIND) build/flags/cc
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MD -MP -c -o $@ $<

# Anybody's BPF program: make my_program.o
%.o: %.c $(KIND) build/flags/bpf
	$(call say,CLANG,$@)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c -o $@ $<

$(LAB_TOOLS): build/%: build/testenv/%.o $(call folder,cli) $(call folder,pins) $(KIND) build/flags/ld
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(LIBS)

# The small programs of the lesson, to compare with the two tools.
$(SMALL): build/%: docs/lesson/%.c $(KIND) build/flags/cc
	$(call say,CC,$@)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< $(LIBS)

# The next two rules always run, except for `make install` alone: sudo drops variables of the
# environment, and packagers do not repeat those of the command line. So `make install` installs
# what was built.
CHECKED := $(if $(filter-out install,$(or $(MAKECMDGOALS),all)),FORCE)

# libbpf/Makefile decides what is out of date.
$(LIBBPF_A): $(KIND)
$(KIND): $(CHECKED)
	+$(Q)$(MAKE_LIBBPF)

# A change of compiler or flags rebuilds what depends on it: each of these files contains a
# command and is written only if the command has changed.
build/flags/cc: COMMAND = $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS)
build/flags/ld: COMMAND = $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS)
build/flags/bpf: COMMAND = $(CLANG) $(BPF_CFLAGS)
build/flags/%: ROOMS :=
build/flags/%: $(CHECKED)
	@mkdir -p $(@D)
	@printf '%s\n' $(call quote,$(COMMAND)) | cmp -s - $@ || \
	  printf '%s\n' $(call quote,$(COMMAND)) >$@

FORCE:

# Root builds as the owner of the checkout, so that `sudo make demo` leaves no files that the
# next make of this user cannot replace. This needs an owner who can reach the checkout.
OWNER := $(shell as=$$(stat -c 'setpriv --reuid=%u --regid=%g --clear-groups env -u HOME' .); \
	[ "$$(id -u)" = 0 ] && [ "$$(stat -c %u .)" != 0 ] && \
	  $$as test -w $(call quote,$(CURDIR)) 2>/dev/null && echo $$as)
ifneq ($(OWNER),)
WRITTEN := $(PROGRAMS) build/% libbpf/% libbpf-source libbpf-fetch vm-kernel bench-kinds
$(WRITTEN): SHELL := $(firstword $(OWNER))
$(WRITTEN): .SHELLFLAGS := $(wordlist 2,99,$(OWNER)) /bin/sh -c
# The make of this user can use a pipe, but not the fifo of make 4.4, which root owns.
MAKEFLAGS += $(if $(filter jobserver-fifo,$(.FEATURES)),--jobserver-style=pipe)
endif

-include $(wildcard build/*.d build/*/*.d build/common/*/*.d)

include docs/docs.mk
include tests/tests.mk
include bench/bench.mk

# Run a command here, or in a virtual machine where BPF cannot be used here.
IN_MACHINE = testenv/deps.sh ensure vm && \
	echo 'so this goes on in a virtual machine (testenv/vm.sh)' >&2 && testenv/vm.sh
here_or_there = testenv/here.sh; case $$? in 0) $1 ;; 1) $(IN_MACHINE) $1 ;; *) exit 1 ;; esac

check: ## run every test, with real packets: on this kernel as root, else in a virtual machine
	@testenv/deps.sh ensure build lab test
	@testenv/deps.sh try peers docs vm
	$(Q)$(MAKE) --no-print-directory all test-programs
	$(Q)testenv/here.sh; case $$? in \
	  0) tests/run.sh $(TESTS) ;; \
	  1) $(if $(TESTS_HERE),tests/run.sh $(TESTS_HERE) &&) \
	     $(if $(TESTS_THERE),$(IN_MACHINE) tests/run.sh $(TESTS_THERE),true) ;; \
	  *) exit 1 ;; esac

demo: ## watch packets being counted: lab, load, traffic, swap, unload; under a minute
	@testenv/deps.sh ensure build lab
	$(Q)$(MAKE) --no-print-directory all
	$(Q)$(call here_or_there,testenv/demo.sh)

exercise: ## N=3 checks your solution of exercise 3 (ANSWER=FILE); without N, the list
ifeq ($(N),)
	@exercises/check.sh '' '$(ANSWER)'
else
	@exercises/check.sh --ready '$(N)' '$(ANSWER)'
	@testenv/deps.sh ensure build lab lesson
	$(Q)$(MAKE) --no-print-directory all
	$(Q)$(call here_or_there,exercises/check.sh '$(N)' '$(ANSWER)')
endif

deps: ## install what the build and the lab need (apt, dnf, pacman, apk or zypper)
	@testenv/deps.sh install build lab

libbpf-fetch: ## get the pinned libbpf release into libbpf/src, to build it from source
	@testenv/deps.sh try fetch
	+$(Q)$(MAKE_LIBBPF) fetch

# Directories have their GNU names; PREFIX is another name for prefix. Blanks are allowed.
PREFIX           ?= /usr/local
prefix            = $(PREFIX)
exec_prefix       = $(prefix)
sbindir           = $(exec_prefix)/sbin
libdir            = $(exec_prefix)/lib
includedir        = $(prefix)/include
datarootdir       = $(prefix)/share
datadir           = $(datarootdir)
mandir            = $(datarootdir)/man
man8dir           = $(mandir)/man8
pkgconfigdir      = $(datadir)/pkgconfig
bashcompletiondir = $(datadir)/bash-completion/completions
# Where to install the units of systemd, with what sysusers.d(5) reads; empty: nowhere.
systemdsystemunitdir =
sysusersdir       = $(exec_prefix)/lib/sysusers.d

HEADERS := xdp_stats_kern.h xdp_stats_kern_user.h
MANUALS := xdp_loader.8 xdp_stats.8
UNITS   := xdp_loader@.service xdp_stats.service

# below TEXT,DIR: DIR with a leading $(prefix)/ replaced by TEXT; other DIRs are unchanged.
below = $(subst //^,,$(subst //^$(prefix)/,$1,//^$2))

# Where xdp_loader looks for the object: relative to the prefix that it runs from, or, if libdir
# or sbindir is not directly below the prefix, at an absolute path.
is_far = $(findstring /,$(call below,,$(sbindir)))
OBJECT_DIR = $(if $(is_far),$(libdir),$(call below,,$(libdir)))/xdp_loader
DEFINE_OBJECT_DIR = -DOBJECT_DIR=$(call quote,"$(OBJECT_DIR)")
build/common/loader/loader_options.o: private ALL_CFLAGS += $(DEFINE_OBJECT_DIR)
build/common/loader/loader_options.o: build/flags/object_dir
build/flags/object_dir: COMMAND = $(OBJECT_DIR)
build/flags/object_dir: FORCE

to = $(call quote,$(DESTDIR)$1)
text_for_sed = $(subst |,\|,$(subst &,\&,$(subst \,\\,$1)))
edit_completion = s|'lib/xdp_loader'|'$(call text_for_sed,$(OBJECT_DIR))'|
edit_paths = s|PREFIX/lib/|$(call text_for_sed,$(libdir)/)|; \
	      s|PREFIX/sbin|$(call text_for_sed,$(sbindir))|

install: $(PROGRAMS) $(if $(systemdsystemunitdir),install-units) ## install below $(DESTDIR)$(prefix), /usr/local by default
	$(INSTALL) -d $(call to,$(sbindir)) $(call to,$(libdir)/xdp_loader) \
	  $(call to,$(includedir)/xdp_stats) $(call to,$(man8dir)) $(call to,$(pkgconfigdir)) \
	  $(call to,$(bashcompletiondir))
	$(INSTALL) -m 0755 xdp_loader xdp_stats $(call to,$(sbindir))
	$(INSTALL) -m 0644 xdp_prog_kern.o $(call to,$(libdir)/xdp_loader)
	$(INSTALL) -m 0644 $(HEADERS:%=headers/%) $(call to,$(includedir)/xdp_stats)
	$(INSTALL) -m 0644 $(MANUALS:%=docs/man/%) $(call to,$(man8dir))
	$(INSTALL) -m 0644 docs/man/xdp_tools.bash-completion $(call to,$(bashcompletiondir)/xdp_loader)
	sed $(call quote,$(edit_paths)) docs/man/xdp_loader.8 >$(call to,$(man8dir)/xdp_loader.8)
	sed $(call quote,$(edit_completion)) docs/man/xdp_tools.bash-completion \
	  >$(call to,$(bashcompletiondir)/xdp_loader)
	ln -sf xdp_loader $(call to,$(bashcompletiondir)/xdp_stats)
	printf '%s\n' $(call quote,prefix=$(prefix)) \
	  $(call quote,includedir=$(call below,$${prefix}/,$(includedir))) 'Name: xdp_stats' \
	  'Description: count the packets of an XDP program for xdp_stats' \
	  'Version: $(VERSION)' 'Cflags: -I"$${includedir}/xdp_stats"' \
	  >$(call to,$(pkgconfigdir)/xdp_stats.pc)
	chmod 0644 $(call to,$(pkgconfigdir)/xdp_stats.pc)

.PHONY: install-units
install-units:
	$(INSTALL) -d $(call to,$(systemdsystemunitdir)) $(call to,$(sysusersdir))
	$(INSTALL) -m 0644 $(UNITS:%=docs/systemd/%) $(call to,$(systemdsystemunitdir))
	for unit in $(UNITS); do sed $(call quote,$(edit_paths)) docs/systemd/$$unit \
	  >$(call to,$(systemdsystemunitdir))/$$unit || exit 1; done
	$(INSTALL) -m 0644 docs/systemd/xdp_stats.sysusers $(call to,$(sysusersdir)/xdp_stats.conf)

uninstall: ## remove what install put there, given the same directories
	rm -f $(call to,$(sbindir)/xdp_loader) $(call to,$(sbindir)/xdp_stats) \
	  $(call to,$(libdir)/xdp_loader/xdp_prog_kern.o) \
	  $(call to,$(pkgconfigdir)/xdp_stats.pc) \
	  $(call to,$(bashcompletiondir)/xdp_loader) $(call to,$(bashcompletiondir)/xdp_stats) \
	  $(foreach file,$(HEADERS),$(call to,$(includedir)/xdp_stats/$(file))) \
	  $(foreach file,$(MANUALS),$(call to,$(man8dir)/$(file)))
	$(if $(systemdsystemunitdir),rm -f $(call to,$(sysusersdir)/xdp_stats.conf) \
	  $(foreach file,$(UNITS),$(call to,$(systemdsystemunitdir)/$(file))))
	-rmdir $(call to,$(libdir)/xdp_loader) $(call to,$(includedir)/xdp_stats)

# With clean among the goals, make them one after the other, also with -j.
ifneq ($(filter clean,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif

clean: ## remove everything that was built, except libbpf/src
	rm -rf build $(PROGRAMS)
	+$(Q)$(MAKE_LIBBPF) clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' \
	  $(filter-out %.d,$(MAKEFILE_LIST))
	@echo 'Variables: V=1 CC CLANG CROSS_COMPILE CPPFLAGS CFLAGS LDFLAGS EXTRA_CFLAGS'
	@echo '  LIBBPF=auto|source|system|shared LIBBPF_SRC=DIR'
	@echo '  DESTDIR PREFIX, or prefix exec_prefix sbindir libdir includedir mandir systemdsystemunitdir ...'
