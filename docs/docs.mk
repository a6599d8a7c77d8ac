# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The documents: their pictures, and all of them as HTML.

.PHONY: pictures
pictures: ## give every picture of the documents the style of docs/pictures/style.inc
	$(Q)sed -i -e '/^<style>/,/^<\/defs>/{/^<style>/!d}' \
	  -e '/^<style>/{r docs/pictures/style.inc' -e 'd}' $(wildcard docs/pictures/*.svg)

HTML ?= build/html

.PHONY: html $(HTML)/index.html
html: ## write all documents as pages, with the sources that they link to, into build/html
	@testenv/deps.sh ensure html
	$(Q)$(MAKE) --no-print-directory $(HTML)/index.html

$(HTML)/index.html:
	$(Q)rm -rf $(filter build/%,$(HTML))
	$(Q)emacs -Q --batch -l docs/html.el $(HTML)
	@echo $@
