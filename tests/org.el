;; SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
;;
;; Check Org files and export them, as a reader's Emacs would:
;;
;;   emacs -Q --batch -l tests/org.el DIRECTORY FILE...
;;
;; prints each complaint of org-lint, and writes FILE's HTML into DIRECTORY.

(require 'org)
(require 'org-lint)
(require 'ox-html)

(setq org-html-validation-link nil
      org-confirm-babel-evaluate t
      org-html-htmlize-output-type nil)

(let ((directory (pop command-line-args-left)))
  (dolist (file command-line-args-left)
    (with-current-buffer (find-file-noselect file)
      (dolist (report (org-lint))
        (let ((what (cadr report)))
          (princ (format "%s:%s: %s\n" file (aref what 0) (aref what 2)))))
      (org-export-to-file 'html
          (expand-file-name (concat (file-name-base file) ".html") directory)))))
(setq command-line-args-left nil)
