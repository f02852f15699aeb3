// Package review makes the reviewer's page and reads the decisions that come
// back from it.
//
// [Read] reads a session from a folder that lvtool made and checks its files
// against its report. [Write] makes pages of sessions: HTML files that hold
// everything they show, send no request and run no script but their own. A
// reviewer decides in the browser and exports a file that [ParseDecisions]
// reads; [Check] holds it to the sessions it was made for, and [Compare] says
// how far two reviewers agree.
//
// A page shows the images as they were received, with boxes drawn over them as
// vectors; no pixel of an image is changed. Positions come from
// [annotate.Place], applied again to the digits in the report. What package
// measure counts is shown as measurements, not as a verdict.
//
// # Security considerations
//
// A page carries faces: it is as confidential as the results are. Its
// Content-Security-Policy allows no request, and only the style and script
// that are part of it, by their digests. Everything from a session is escaped;
// images are embedded only once this package has decoded them as JPEG, PNG or
// WebP. That decisions name digests binds them to what the page held; it does
// not prove who made them. Sign the file for that.
//
// # Same input, same bytes
//
// The same build, sessions and options give the same bytes. No clock and no
// file is read but those of the sessions.
package review
