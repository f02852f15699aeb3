package decode

import (
	"context"
	"crypto/sha256"
	"fmt"
)

// check compares the frame's bytes with those of an object.
func (f *Frame) check(ctx context.Context, o S3Object, objects Objects, limit int64) {
	if objects == nil {
		f.note("s3_unchecked", "%s was not compared with the bytes of the document: no access to S3", o)
		return
	}
	got, err := objects.Object(ctx, o, limit)
	if err != nil {
		f.note("s3_unchecked", "the object was not compared with the bytes of the document: %v", err)
		return
	}
	f.Problems = append(f.Problems, got.Problems...)
	if is := Digest(sha256.Sum256(got.Data)); is != f.SHA256 {
		f.note("s3_differs", "%s has other bytes (sha256 %s) than the document, whose were taken", o, is)
	}
}

func (f *Frame) note(code, format string, args ...any) {
	f.Problems = append(f.Problems, Problem{Code: code, Message: fmt.Sprintf(format, args...)})
}
