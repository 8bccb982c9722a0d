// Package pages serves what links in mails lead to: a booking to see and cancel, with a way to raise a concern about it and to
// block the other side, surveys to answer, the end of surveys and nudges, and a person's sessions for calendar programs.
//
// Strangers' browsers, mail scanners and calendar programs come here, and none of them signs in. What they may do is what
// the token in the address says (package links), for the person and booking it names; there are no cookies, so no other
// site can make a browser do more than its user could. A GET never changes anything, because scanners follow links: what
// changes something is a POST, behind a page that says what will happen.
//
// The pages are plain HTML, without scripts and without anything from elsewhere. A page is written down in Go as what it
// says (page.go), with words from one file (words/en.tmpl), and set by one layout (layout/page.html.tmpl), so all of them
// look and behave alike.
package pages
