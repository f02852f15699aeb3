// Package portrait draws people who do not exist: heads of distance fields,
// turned into meshes, with hair of single strands, under the light of a room,
// through a lens, onto a noisy sensor.
//
// Lengths are centimetres, with the origin between the eyes' height and the
// middle of the head, X to the right of the picture, Y up and Z towards the
// camera. Everything follows from its parameters and seeds.
package portrait
