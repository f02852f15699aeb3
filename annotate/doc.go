// Package annotate turns the ratio boxes of a Face Liveness result into pixels,
// draws them and crops the faces: [Place] says where a box lies in its frame,
// [Draw] marks it on the picture, [Crop] cuts the face out. All three are pure
// functions and may be called at the same time, for the same frame too. A
// [Painter] does the last two in memory that it uses again.
//
// # Coordinates
//
// Pixels are numbered from the top left corner of the upright frame; x grows
// to the right, y downwards. Rectangles are half open, as in package image.
// A box becomes pixels in one place only, [Place], by one rule: its four exact
// edges left, top, left+width and top+height are computed without rounding
// from the digits of the source, each edge is rounded half away from zero, and
// the result is intersected with the frame. Drawing, cropping and reporting
// all use that one [Placement].
package annotate
