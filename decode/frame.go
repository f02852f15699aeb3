package decode

import "image"

// A Frame is a loaded image of a session.
type Frame struct {
	// Name is reference, audit-0, audit-1, …
	Name string
	// Origin is where the bytes came from.
	Origin Origin
	// Box is where the face lies; nil where the result does not say.
	Box *Box
	// Data is the image file as received; nil where it could not be had.
	Data []byte
	// SHA256 is the digest of Data.
	SHA256 Digest
	// Format is jpeg, png or webp; "" where Data is none of them.
	Format string
	// Orientation is the EXIF orientation, 1 to 8, that has been applied to
	// Pixels; 1 where the image carries none.
	Orientation int
	// Pixels is the upright picture, with its origin at (0, 0), eight bits a
	// channel, alpha not premultiplied; nil where the image could not be
	// decoded.
	Pixels *image.NRGBA
	// PixelSHA256 is [PixelDigest] of Pixels, unless the options leave it out.
	PixelSHA256 Digest
	// Problems are the doubts about this image.
	Problems []Problem
	// Err is why Pixels is nil.
	Err error
}

// Size returns the width and height of the upright picture in pixels, zero
// where there is none.
func (f *Frame) Size() image.Point {
	if f.Pixels == nil {
		return image.Point{}
	}
	return f.Pixels.Rect.Size()
}

// An Origin says where the bytes of an image came from.
type Origin struct {
	// Kind is inline or s3.
	Kind string `json:"kind"`
	// Encoding is how an inline image was written, such as base64.
	Encoding string `json:"encoding,omitempty"`
	// The rest is set for objects in S3.
	Bucket       string `json:"bucket,omitempty"`
	Key          string `json:"key,omitempty"`
	Version      string `json:"version,omitempty"`
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	// Checksum is the checksum that S3 keeps of the object: the algorithm, a
	// colon, and the value in Base64, as S3 writes it, such as
	// "crc64nvme:rosUhgp5mIg=". The bytes were compared with it, but where it
	// ends in a hyphen and a number: then it is of the parts that were put.
	Checksum string `json:"checksum,omitempty"`
	// Encryption is how S3 keeps the object encrypted, such as AES256 or
	// aws:kms; the ARN of a KMS key follows after a space.
	Encryption string `json:"encryption,omitempty"`
}
