// Package export makes files of liveness sessions: the images as received,
// marked pictures, face crops, a contact sheet and the JSON report.
//
// [Convert] makes all of them for one session and hands them to the caller one
// by one; nothing is written anywhere by this package. [Inspect] makes the
// report alone. [NewOverview] lays out one tile a session for many of them,
// [Sheet] draws the contact sheet of a report, and [EncodePNG] writes a picture
// that carries text.
//
// # The report
//
// The report is JSON with the schema name [Schema]. Its shape is described by
// [ReportSchema], a JSON Schema (draft 2020-12). Numbers of the source appear
// with the digits they came with; what is not known is null, and a list is
// never null. Problems carry a code, which stays the same over versions, and a
// message, which may change.
//
// # Same input, same bytes
//
// The same build, session and options give the same bytes: no clock, no random
// number, no order of a map, no locale and no font of the system takes part.
// Another Go release may decode a JPEG into other pixels or compress a PNG into
// other bytes, which is why every picture is recorded with a digest of its file
// and one of its pixels.
package export
