// Package pngw writes PNG files, fast, in one pass and always the same bytes.
//
// An [Encoder] writes 8-bit pictures without an alpha channel, or with one
// where the picture is not opaque. Keep one per worker: it reuses its buffers.
//
//	var enc pngw.Encoder
//	err := enc.Encode(w, img, nil)
//
// The bytes depend on the picture and the [Options] alone: not on the machine,
// the number of processors, the Go release or any other module. Tests hold
// digests of them, and [Version] grows when they change. This is why the
// package has a deflate of its own:
//
//   - [Fast] chooses between three filters for each row by how many bits they
//     promise, and looks for matches pixel by pixel: of the last pixel of the same
//     grey, mostly, since what filters leave of photographs is grey. Rows of which
//     little is grey are literals alone. Pictures with an alpha channel are
//     written as Balanced writes them.
//   - [Balanced] takes the first match that saves enough bits over literals.
//   - [Small] chooses filters row by row and searches for the cheapest way
//     through all matches.
//
// The specifications are PNG (W3C, third edition), RFC 1950 (zlib) and RFC 1951
// (deflate).
package pngw
