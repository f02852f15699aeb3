package decode

import "encoding/json"

// A Session is one result, parsed, with its images still encoded.
type Session struct {
	// ID is the session id as written, "" where the result has none. It comes
	// from outside: never make a path of it unchecked.
	ID string
	// Status is CREATED, IN_PROGRESS, SUCCEEDED, FAILED, EXPIRED, or whatever
	// else the service says; "" where the result has none. SUCCEEDED means
	// that the check was completed, not that a live person was seen.
	Status string
	// Confidence is the score, 0 to 100, of the whole session.
	Confidence Number
	// Challenge is nil where the result names none.
	Challenge *Challenge
	// Feedback is what the service remarks about the video.
	Feedback []Feedback
	// Extra holds the fields of the result that this package does not know, by
	// name, as written.
	Extra map[string]json.RawMessage
	// Images holds the reference image first, where there is one, then the
	// audit images in their order.
	Images []Image
	// Source is the document that the session was read from.
	Source Source
	// Problems are the doubts met while reading.
	Problems []Problem
}

// A Challenge is the kind of check that was made.
type Challenge struct {
	Type    string `json:"type"`
	Version string `json:"version"`
}

// A Feedback is one remark of the service. Codes are stable, messages are not.
type Feedback struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// A Source says where a session came from.
type Source struct {
	// Name is the name the caller gave the document.
	Name string
	// Data is the exact bytes of the document, as they came, where it holds
	// this session alone. Of JSON Lines, of a log, of a document with several
	// sessions it is the session's own part.
	Data []byte
	// SHA256 is the digest of Data.
	SHA256 Digest
	// Encoding says what had to be undone to read Data, the outermost first:
	// gzip, zstd, utf-16le, utf-16be, yaml; "" for JSON in UTF-8.
	Encoding string
	// Line is the line of the document, from 1, where the session starts, once
	// its encoding is undone.
	Line int
	// Pointer is the JSON pointer (RFC 6901) of the session in Data, "" for
	// the whole. It goes through strings that hold JSON as if they were
	// objects.
	Pointer string
}

// An Image is one picture of a session, still encoded.
type Image struct {
	// Name is reference, audit-0, audit-1, …
	Name string
	// Pointer is the JSON pointer of the image in the source.
	Pointer string
	// Inline is the JSON value that holds the image bytes, as written in the
	// document or, where that is YAML, as JSON writes it; nil where the document
	// holds none.
	Inline json.RawMessage
	// S3 is where the image lies instead, or as well; nil for nowhere.
	S3 *S3Object
	// Box is where the face lies; nil where the result does not say.
	Box *Box
	// Problems are the doubts met while reading.
	Problems []Problem

	// refused is why what the document gives as the image is neither bytes nor
	// an object; stripped says that there were bytes once.
	refused  error
	stripped bool
}

// An S3Object names an object in Amazon S3 as the result does.
type S3Object struct {
	Bucket, Name, Version string
}

// String returns o as an s3:// address, fit for messages.
func (o S3Object) String() string { return "s3://" + printable(o.Bucket) + "/" + printable(o.Name) }

// A Box is a bounding box as the result gives it: ratios of the upright
// frame's width and height, where Left and Top may be negative or above 1, or
// pixels, which some vendors write. A member that is absent is "".
type Box struct {
	Left, Top, Width, Height Number
}

// A Problem is a doubt about the input: what was found, in words, and a code
// that stays the same over versions.
type Problem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}
