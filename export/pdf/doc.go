// Package pdf writes a liveness session as a PDF for paper files: what is known
// of the session, every image with its box, and the facts about it, on pages
// that each bear the session's id and their number.
//
// [Write] needs no more than a report and the images it is about.
//
// # The images
//
// The stream of a JPEG is the file as received, byte for byte: whoever takes it
// out of the PDF again (pdfimages -j) has the original, whose digest stands
// beside the picture. That includes what the file says of itself, such as EXIF.
// A picture that must be turned upright is turned by the page. PNG and WebP,
// which PDF does not have, are there as their pixels, without loss; where they
// let the ground through, that is white.
//
// Boxes are drawn over the pictures as lines, in a layer of their own ("boxes")
// that a viewer can switch off: solid over the picture, dashed over the hatched
// void where a box leaves it.
//
// # Text
//
// The Go fonts are embedded, reduced to the glyphs that are used. What they lack
// is written as code points, as package internal/text does, so that no character
// of a result is shown as an empty box, or not at all.
//
// # Same input, same bytes
//
// The file holds no time and nothing random; its /ID is a digest of its
// contents. Nothing is compressed but PNG and WebP pictures, by package pngw, so
// that the bytes do not change with the Go release, either.
package pdf
