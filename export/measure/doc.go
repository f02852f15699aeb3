// Package measure says what can be counted in a picture: how bright and how
// sharp it is inside a face's box, and how the box moves from one frame to the
// next. The numbers are measurements of pixels. None of them says whether a
// person was there, and none follows ISO/IEC 29794-5 or ICAO 9303, which ask
// for landmarks that a Face Liveness result does not have.
//
// [Inside] measures a rectangle of a picture, [Between] compares two placements.
// Sums are taken in whole numbers, so that every processor gives the same result.
package measure
