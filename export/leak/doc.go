// Package leak looks for secrets in finished files: in every byte of them, and
// under what hides bytes from a plain search.
//
// A [Scanner] is made of the secrets. [Scanner.Scan] looks for them in a file as
// it is, and then in everything that can be peeled out of it: hexadecimal and
// Base64 (either alphabet, at every alignment, wrapped or not), percent, JSON
// and HTML escapes, UTF-16, zlib, gzip and ZIP streams anywhere in it, the pixels
// of PNG pictures, and what the pages of a PDF say and show; and again in what
// comes out of that, several layers deep. Letters are compared without regard to ASCII case.
//
// # What is found, and what is not
//
// A text is found whole; a digest by its first eight bytes, so that one that was
// cut short is found too; a blob, such as an image file, wherever 63 bytes of it
// in a row appear, and pixels where 63 in a row do, unless they are so uniform
// that they say nothing.
//
// What was changed beyond that is not found: another compression than those
// named, encryption, a picture that was scaled or compressed with loss. A clean
// scan is a check of a copy that was made with care, not a proof.
package leak
