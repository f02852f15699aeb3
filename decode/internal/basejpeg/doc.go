// Package basejpeg decodes the JPEG files that cameras and services write:
// sequential Huffman coding, eight bits, grey or YCbCr with chroma sampled at
// every or every other pixel, in one scan. It reports [ErrUnsupported] for all
// else, and the caller hands the file over to image/jpeg.
//
// Pixels are those that Go 1.26's image/jpeg with [color.YCbCrToRGB] gives, bit
// for bit, and stay so whatever later releases do: the arithmetic is written
// out here in integers.
//
// It accepts no file that image/jpeg rejects, and takes no liberties with data
// that is missing or too much. A truncated picture never passes as whole:
//
//   - no bits are made up after the end of the data: a picture that needs more
//     than there are is an error;
//   - nothing may follow the last bits of a scan or of a restart interval but
//     the marker that must follow, with the right number;
//   - the end-of-image marker must be there;
//   - codes that no encoder can mean are errors: coefficients beyond the 64th,
//     runs that only progressive files have, over-full Huffman tables.
//
// Nothing is reserved before the size is known to be within the caller's limits
// and the file long enough for it: two bits a block at least.
//
// The specification is ITU-T T.81.
package basejpeg
