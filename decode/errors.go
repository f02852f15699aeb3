package decode

import "errors"

// What can be wrong with a document or an image. Test with [errors.Is].
var (
	// ErrNumber says that a number is absent, not finite or out of bounds.
	ErrNumber = errors.New("not a usable number")
	// ErrTooLarge says that a limit of [Limits] was reached.
	ErrTooLarge = errors.New("over the limit")
	// ErrFormat says that an image is not JPEG, PNG or WebP.
	ErrFormat = errors.New("not a JPEG, PNG or WebP image")
	// ErrNoImage says that the result names an image but neither holds its
	// bytes nor says where they are.
	ErrNoImage = errors.New("no image bytes")
	// ErrNoObjects says that an image lies in S3 and the caller supplied no
	// [Objects] to get it with.
	ErrNoObjects = errors.New("image is in S3")
	// ErrNotSession says that a document is not a liveness result.
	ErrNotSession = errors.New("not a Face Liveness result")
)
