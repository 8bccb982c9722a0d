// Package mail puts a decided notice into words and into MIME.
//
// A [mentoring.Notice] says who is told what. [Composer.Compose] makes the message of it in a few steps, each
// in its own file:
//
//   - A kind of notice becomes a letter: a heading, paragraphs, sections of facts and quotes (confirmed.go;
//     what several kinds share is in passages.go, the guide of a session in guide.go). A new kind of notice is one
//     function and its words.
//   - All words come from one file, words/en.tmpl, in which each phrase has a name and named places. A
//     translation is a second such file.
//   - One layout for plain text and one for HTML set any letter (the folder layout), so no kind has markup
//     of its own, and nothing of what people wrote is ever parsed as markup.
//   - Where the configuration makes addresses of pages (links.go), the letter offers them.
//   - Package calendar makes the calendar entry, and everything is put together as MIME (mime.go).
//
// What people wrote is made harmless where it enters a letter or a calendar entry, by package plaintext:
// whatever a name, a title or a question holds, it can neither begin a new header, line or property nor turn
// the text around it.
//
// Time zone data is compiled in, so a mail shows the same time wherever it is composed (proof.md R10).
package mail
