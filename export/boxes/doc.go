// Package boxes writes the faces' boxes of liveness sessions in the formats that
// other programs read: [COCO], [VOC], [YOLO], [LabelStudio], [CVAT], [W3C] and
// [CSV]. [Write] takes the reports of a whole batch and hands over finished
// files; no picture is drawn or copied.
//
// # Which box
//
// Every format but CSV gets the box with every edge rounded to a whole pixel of
// the upright picture and cut at its edges: none of them takes what lies beyond
// the picture, or not in all of its readers. The edges are those of
// [annotate.Placement.Clipped], half open: a box from 10 to 20 is ten pixels
// wide. How each format writes them:
//
//   - COCO: [x, y, width, height] in pixels, x and y from 0.
//   - VOC: xmin, ymin, xmax, ymax in pixels from 1, the last pixel included.
//   - YOLO: centre and size as shares of the picture, exact to a tenth of a
//     thousandth of a pixel.
//   - Label Studio: x, y, width, height as percentages of the picture.
//   - CVAT: xtl, ytl, xbr, ybr in pixels from 0, the last edge not included.
//   - W3C: xywh=pixel: of Media Fragments, x and y from 0.
//   - CSV: the numbers as they came, exact, rounded and cut, side by side.
//
// What came is kept beside it where the format has a place for it.
//
// # What a format cannot say
//
// No format but CSV has a place for everything that a report says. [Write]
// returns a [Note] for everything that these sessions had and the file has not,
// and writes the notes into the files where there is a place, and to NOTES.txt.
//
// A frame whose face has no box in it is not a frame without a face. The formats
// that are made for training (COCO, VOC, YOLO) take a picture without a box for
// one without a face, so such frames are left out of them, with a note; the
// formats that are made for drawing boxes (Label Studio, CVAT) get the frame, to
// draw one.
//
// The session's confidence is never written as the score of a box: it is the
// service's score for the whole session.
package boxes
