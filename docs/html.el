;; SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
;;
;; Write the documents, and the files that they link to, as HTML:
;;
;;   emacs -Q --batch -l docs/html.el DIRECTORY
;;
;; in the project's directory. Org makes the pages of the documents, mandoc those of the manual.
;; A heading gets the address that it has on GitHub. Names of files are relative to the project.

(require 'org)
(require 'ox-html)
(require 'seq)

(setq backtrace-on-error-noninteractive nil)

(defvar pages-directory (file-name-as-directory (expand-file-name (car command-line-args-left))))
(setq command-line-args-left nil)

(defconst pages-top default-directory)
(defconst pages-short
  '(("README.org" . "Lesson") ("docs/reference.org" . "Reference")
    ("exercises/README.org" . "Exercises") ("testenv/README.org" . "Lab")
    ("bench/README.org" . "Costs") ("docs/kernels.org" . "Kernels")
    ("docs/man/xdp_loader.8" . "xdp_loader(8)") ("docs/man/xdp_stats.8" . "xdp_stats(8)"))
  "What the line of links at the top calls a document, in this order.")

(defun pages-documents ()
  "All documents, those of `pages-short' first."
  (let ((all (mapcar (lambda (file) (file-relative-name file pages-top))
                     (mapcan (lambda (glob) (file-expand-wildcards (concat pages-top glob)))
                             (list "*.org" "*/README.org" "docs/*.org" "docs/man/*.8")))))
    (delete-dups (append (seq-filter (lambda (file) (member file all)) (mapcar #'car pages-short))
                         all))))

(defvar pages-wanted nil "Files that need a page.")
(defvar pages-written nil "Entries (FILE TITLE HEADINGS), one for each page.")

;;; Text to HTML

(defun pages-escape (text)
  (replace-regexp-in-string
   "[&<>\"]" (lambda (c) (cdr (assoc c '(("&" . "&amp;") ("<" . "&lt;") (">" . "&gt;")
                                         ("\"" . "&quot;")))))
   text t t))

(defun pages-face (position)
  "The class of the text at POSITION, or nil."
  (let* ((faces (get-text-property position 'face))
         (name (symbol-name (if (consp faces) (car faces) faces))))
    (and (string-match "\\`\\(?:font-lock-\\(.*\\)-face\\|\\(sh-heredoc\\)\\)\\'" name)
         (or (match-string 1 name) "string"))))

(defun pages-colour (text mode)
  "TEXT as HTML, coloured as the major mode MODE does it."
  (with-temp-buffer
    (insert text)
    (delay-mode-hooks (funcall mode))
    (font-lock-ensure)
    (let ((here (point-min)) parts)
      (while (< here (point-max))
        (let* ((next (next-single-property-change here 'face nil (point-max)))
               (class (pages-face here))
               (part (pages-escape (buffer-substring-no-properties here next))))
          (push (if class (format "<span class=\"%s\">%s</span>" class part) part) parts)
          (setq here next)))
      (apply #'concat (nreverse parts)))))

(defun pages-mode (file)
  "The major mode for FILE."
  (cond ((string-match-p "\\.\\(sh\\|bats\\|bash\\|bash-completion\\)\\'" file) 'sh-mode)
        ((string-match-p "\\.[chS]\\'" file) 'c-mode)
        ((string-match-p "\\.py\\'" file) 'python-mode)
        ((string-match-p "\\.el\\'" file) 'emacs-lisp-mode)
        ((string-match-p "\\(\\.mk\\|Makefile\\)\\'" file) 'makefile-gmake-mode)
        ((string-match-p "\\`#!.*sh\\>" (pages-read file)) 'sh-mode)
        (t 'fundamental-mode)))

(defun pages-colour-block (code language)
  "Colour a block of an Org file, in place of the function of Org."
  (let ((mode (and language (org-src-get-lang-mode (downcase language)))))
    (if (and mode (fboundp mode)) (pages-colour code mode) (pages-escape code))))

(advice-add 'org-html-fontify-code :override #'pages-colour-block)
;; Each page has a list of its headings already, and a link to an Org file gets its page here.
(advice-add 'org-html-toc :override #'ignore)
(setq org-html-link-org-files-as-html nil
      org-export-with-sub-superscripts nil
      org-html-table-default-attributes nil
      org-html-doctype "html5"
      org-export-with-section-numbers nil)

(defun pages-read (file)
  (with-temp-buffer (insert-file-contents file) (buffer-string)))

(defun pages-address (heading)
  "The address of HEADING, as GitHub makes it."
  (replace-regexp-in-string
   " " "-" (replace-regexp-in-string "[^[:word:]_ -]" "" (downcase heading))))

;;; Links

(defun pages-target (file)
  "The page of FILE, also relative to the project."
  (cond ((file-directory-p file)
         (let ((readme (concat (file-name-as-directory file) "README.org")))
           (if (file-exists-p readme) (pages-target readme)
             (concat (file-name-as-directory file) "index.html"))))
        ((string-match-p "\\.\\(svg\\|css\\)\\'" file) file)
        (t (concat (replace-regexp-in-string "\\.org\\'" "" file) ".html"))))

(defun pages-link (from link)
  "What LINK, found in the document FROM, is in its page. The file that it names gets a page."
  (if (string-match-p "\\`\\(#\\|[a-z]+:\\)" link) link
    (let* ((place (and (string-match "#.*" link) (match-string 0 link)))
           (path (expand-file-name (substring link 0 (and place (- (length place))))
                                   (file-name-directory (expand-file-name from pages-top))))
           (file (file-relative-name (directory-file-name path) pages-top)))
      (unless (file-exists-p path) (error "%s: no file %s" from file))
      (unless (member file pages-wanted) (setq pages-wanted (append pages-wanted (list file))))
      (concat (file-relative-name (concat pages-top (pages-target file))
                                  (file-name-directory (concat pages-top (pages-target from))))
              place))))

(defun pages-links (from html)
  "HTML with the links and pictures of the document FROM as they are in its page."
  (replace-regexp-in-string
   "\\b\\(href\\|src\\)=\"\\([^\"]*\\)\""
   (lambda (found)
     (string-match "\\([a-z]+\\)=\"\\(.*\\)\"" found)
     (let ((name (match-string 1 found)))
       (format "%s=\"%s\"" name (pages-link from (match-string 2 found)))))
   html t t))

;;; Pages

(defun pages-headings (html)
  "The headings of HTML: a list of (LEVEL ADDRESS TEXT)."
  (let ((start 0) found)
    (while (string-match "<h\\([2-4]\\)[^>]* id=\"\\([^\"]*\\)\"[^>]*>\\(\\(?:.\\|\n\\)*?\\)</h" html start)
      (setq start (match-end 0))
      (push (list (string-to-number (match-string 1 html)) (match-string 2 html)
                  (replace-regexp-in-string "</?a[^>]*>" "" (match-string 3 html)))
            found))
    (nreverse found)))

(defun pages-list (headings page)
  "A list of links to the HEADINGS of PAGE, of two levels; empty without headings."
  (if (null headings) ""
    (concat "<ul>\n"
            (mapconcat (lambda (heading)
                         (if (> (car heading) 3) ""
                           (format "<li class=\"level%d\"><a href=\"%s#%s\">%s</a></li>\n"
                                   (car heading) page (nth 1 heading) (nth 2 heading))))
                       headings "")
            "</ul>\n")))

(defun pages-top-line (from)
  "Links to all documents, in the page of FROM."
  (let ((base (file-relative-name pages-top (file-name-directory (expand-file-name from pages-top)))))
    (concat (format "<a href=\"%sindex.html\">Contents</a>\n" (if (string= base "./") "" base))
            (mapconcat (lambda (file)
                         (format "<a href=\"%s\"%s>%s</a>\n" (pages-link from (concat base file))
                                 (if (string= file from) " aria-current=\"page\"" "")
                                 (or (cdr (assoc file pages-short))
                                     (file-name-base file))))
                       (pages-documents) ""))))

(defun pages-write (from page title body contents)
  "Write PAGE, of the file FROM, with the list CONTENTS beside BODY."
  (let ((coding-system-for-write 'utf-8-unix)
        (file (concat pages-directory page)))
    (make-directory (file-name-directory file) t)
    (with-temp-file file
      (insert "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
              "<meta name=\"color-scheme\" content=\"light dark\">\n"
              (format "<title>%s</title>\n" title)
              (format "<link rel=\"stylesheet\" href=\"%s\">\n"
                      (file-relative-name (concat pages-directory "docs/style.css")
                                          (file-name-directory file)))
              "</head>\n<body>\n<nav class=\"pages\" aria-label=\"Pages\">\n" (pages-top-line from)
              "</nav>\n" (if (string= contents "") "<div>\n" "<div class=\"columns\">\n"))
      (unless (string= contents "")
        (insert "<nav class=\"contents\" aria-label=\"On this page\">\n" contents "</nav>\n"))
      (insert "<main>\n<h1>" title "</h1>\n" body "\n</main>\n</div>\n</body>\n</html>\n"))))

(defun pages-boxes (html)
  "HTML in which each table and picture has a box, to scroll in if it is wide."
  (replace-regexp-in-string
   "<img \\(?:[^>]\\|\n\\)*>" "<div class=\"picture\">\\&</div>"
   (replace-regexp-in-string
    "<table" "<div class=\"table\"><table"
    (replace-regexp-in-string "</table>" "</table></div>" html))))

(defun pages-document (file title html)
  "Write the page of the document FILE."
  (let ((body (pages-links file (pages-boxes html))))
    (push (list file title (pages-headings body)) pages-written)
    (pages-write file (pages-target file) title body (pages-list (pages-headings body) ""))))

(defun pages-name-headings (_backend)
  "Give each heading its address."
  (org-map-entries
   (lambda ()
     (org-entry-put nil "CUSTOM_ID" (pages-address (org-get-heading t t t t))))))

(defun pages-manuals (file html)
  "HTML of FILE in which the names of our manual pages are links."
  (replace-regexp-in-string
   "\\bxdp_\\(loader\\|stats\\)(8)"
   (format "<a href=\"%s/xdp_\\1.8\">\\&</a>"
           (file-relative-name "docs/man" (file-name-directory (expand-file-name file))))
   html t))

(defun pages-org (file)
  (with-temp-buffer
    (insert-file-contents file)
    (setq default-directory (file-name-directory (expand-file-name file pages-top)))
    (org-mode)
    (let* ((org-export-before-parsing-hook '(pages-name-headings))
           (title (pages-escape (cadar (org-collect-keywords '("TITLE")))))
           ;; Org names blocks at random.
           (html (replace-regexp-in-string " id=\"org[0-9a-f]\\{7\\}\"" ""
                                           (org-export-as 'html nil nil t))))
      (setq default-directory pages-top)
      (pages-document file title (pages-manuals file html)))))

(defun pages-man (file)
  (let* ((name (file-name-nondirectory file))
         (default-directory (concat pages-top (file-name-directory file)))
         (html (with-temp-buffer
                 (unless (zerop (call-process "mandoc" nil '(t nil) nil "-T" "html" "-O"
                                              (concat "fragment,man=%N.%S;"
                                                      "https://manpages.debian.org/%N.%S")
                                              name))
                   (error "mandoc %s" file))
                 (buffer-string)))
         (html (replace-regexp-in-string "\\(</?h\\)2" "\\13" html))
         (html (replace-regexp-in-string "\\(</?h\\)1" "\\12" html)))
    (setq default-directory pages-top)
    (pages-document file (replace-regexp-in-string "\\.\\(.\\)\\'" "(\\1)" name) html)))

(defun pages-source (file)
  (let ((text (pages-read file)))
    (pages-write file (pages-target file) (pages-escape file)
                 (format "<pre class=\"src\">%s</pre>" (pages-colour text (pages-mode file)))
                 "")))

(defun pages-list-directory (directory)
  "Write a page that lists the files of DIRECTORY."
  (let ((names (seq-remove
                (lambda (name)
                  (string-match-p "\\`\\(\\..*\\|__pycache__\\|corpus\\|.*\\.o\\)\\'" name))
                (directory-files directory))))
    (pages-write
     (concat (file-name-as-directory directory) "index") (pages-target directory)
     (concat (pages-escape directory) "/")
     (concat "<ul class=\"files\">\n"
             (mapconcat
              (lambda (name)
                (let ((path (concat (file-name-as-directory directory) name)))
                  (format "<li><a href=\"%s\">%s</a></li>\n"
                          (pages-link (concat (file-name-as-directory directory) "index") name)
                          (concat (pages-escape name) (if (file-directory-p path) "/" "")))))
              names "")
             "</ul>")
     "")))

(defun pages-one (file)
  (cond ((string-match-p "\\.org\\'" file) (pages-org file))
        ((string-match-p "\\.8\\'" file) (pages-man file))
        ((string-match-p "\\.\\(svg\\|css\\)\\'" file)
         (make-directory (file-name-directory (concat pages-directory file)) t)
         (copy-file file (concat pages-directory file) t))
        ((not (file-directory-p file)) (pages-source file))
        ((string-suffix-p "README.html" (pages-target file)) nil)
        (t (pages-list-directory file))))

(defun pages-index ()
  "Write the list of all documents and their headings."
  (pages-write
   "index" "index.html" "Contents"
   (mapconcat
    (lambda (file)
      (let ((page (assoc file pages-written)))
        (format "<h2><a href=\"%s\">%s</a></h2>\n%s" (pages-target file) (nth 1 page)
                (pages-list (nth 2 page) (pages-target file)))))
    (pages-documents) "")
   ""))

(let ((inhibit-message t) (done nil) file)
  (setq pages-wanted (append (pages-documents) (list "docs/style.css")))
  (while (setq file (car pages-wanted))
    (setq pages-wanted (cdr pages-wanted))
    (unless (member file done)
      (push file done)
      (pages-one file)))
  (pages-index))
