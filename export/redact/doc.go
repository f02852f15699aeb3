// Package redact makes the copy of a session that may leave the house: a result
// document whose images have solid areas in place of faces, or of everything
// else, and whose text says no more than it must.
//
// [Result] makes the document. It is an ordinary result, with the filled images
// in it as PNG: whatever is made of it, by any command, is made of the filled
// pixels, and cannot show what they do not.
//
// # What is filled
//
// The fill is one opaque colour, and happens in the decoded, upright pixels,
// before anything is drawn, cut out or scaled. Blurring and mosaics are not
// offered, since they can be undone
// (https://arxiv.org/abs/1609.00408). A picture that lets the ground through is
// put on white first, so that nothing stays in pixels that do not show. A box
// that covers a face is grown by a quarter of its width and height on every side
// ([Options.Grow]); where the box is absent, unusable, or does not meet the
// picture, the whole picture is filled. [Background] fills all but the box as it
// is. Other people in the background of [Faces] stay.
//
// # What remains
//
//   - status, confidence (unless it is hidden), kind and version of the
//     challenge, and the codes of the feedback, where they look like the
//     service's own;
//   - the number and names of the images, their sizes and boxes;
//   - a session id that is a keyed HMAC-SHA-256 of the real one.
//
// Everything else is removed: the source document and its name, the original
// images and their digests, EXIF and other metadata, where in S3 they were,
// members that lvtool does not know, words of the feedback, and problems.
// Confidence and boxes keep their digits: who holds the results can tell by them
// which one this is.
//
// # What links the copy to the full one
//
// A [Commitment]: an HMAC-SHA-256, under a random key that stays with the holder
// of the full folder, of a digest of that folder and of the copy's images. Who
// sees only the copy learns nothing from it. Who is shown the folder and the key
// ([Opening]) can check, with [Verify], that this copy was made of that folder: the
// document is made again of the folder, and every other file again of the document.
package redact
