package decode

import "context"

// Objects gets the images that lie in S3.
type Objects interface {
	// Object returns the object o, of at most limit bytes. An object that is
	// larger is an [ErrTooLarge].
	Object(ctx context.Context, o S3Object, limit int64) (*Object, error)
}

// An Object is what was got from S3: its bytes, and what S3 said of it.
type Object struct {
	Data []byte
	// Origin is of kind s3; Version, ETag and LastModified are those of the
	// object that was got.
	Origin Origin
}
