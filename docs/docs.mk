# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The documents: their pictures, and all of them as HTML.

.PHONY: pictures
pictures: ## give every picture of the documents the style of docs/pictures/style.inc
	$(Q)sed -i -e '/^<style>/,/^<\/defs>/{/^<style>/!d}' \
	  -e '/^<style>/{r docs/pictures/style.inc' -e 'd}' $(wildcard docs/pictures/*.svg)
