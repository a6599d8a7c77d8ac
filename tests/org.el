;; SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
;;
;; Print each complaint of org-lint about Org files:
;;
;;   emacs -Q --batch -l tests/org.el FILE...

(require 'org)
(require 'org-lint)

(dolist (file command-line-args-left)
  (with-current-buffer (find-file-noselect file)
    (dolist (report (org-lint))
      (let ((what (cadr report)))
        (princ (format "%s:%s: %s\n" file (aref what 0) (aref what 2)))))))
(setq command-line-args-left nil)
