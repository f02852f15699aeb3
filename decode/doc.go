// Package decode reads the results of Amazon Rekognition Face Liveness checks.
//
// [Sessions] splits a document into sessions; [LoadFrame] turns one image of a
// session into a [Frame] with its exact bytes, their digest and upright
// pixels; [Load] does so for all of them. Everything a result says is kept:
// fields that this package does not know, numbers with the digits they were
// written with, and the bytes of the document and of every image.
//
// # Words
//
//   - session: one result of GetFaceLivenessSessionResults
//   - image: a picture of a session, still encoded as the document holds it
//   - frame: an image that has been loaded: bytes, digest, pixels
//   - box: where the service says a face lies, in ratios of the upright frame
//
// Frames are named reference and audit-0, audit-1, … after their index in
// AuditImages.
//
// # What is read
//
// The service's data is gone three minutes after a session starts, so what
// people hold is what some program has saved. Sessions finds results by what
// they look like: an object with a reference image or audit images, or with a
// session id and a status or confidence, in the spelling of any language, in
// any wrapping, in JSON in strings, in YAML, in the lines of a log. LoadFrame
// reads image bytes in the ways that programs write them. Nothing is guessed
// in silence: what had to be undone or is open to doubt is a [Problem], and
// what is recognised but has lost its bytes is a [RefusalError] that says what
// to do instead.
//
// # Hostile input
//
// Documents and images come from outside. Sizes, counts and depths are bounded
// by [Limits]; only JPEG, PNG and WebP are decoded, and their dimensions are
// checked before any pixel is. No request is ever made to an address that a
// document contains: objects are fetched by the [Objects] the caller supplies.
package decode
