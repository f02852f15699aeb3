package decode

import (
	"context"
	"io"
	"iter"
)

// Options say how [Sessions] reads a document.
type Options struct {
	// Name is what the document is called in sessions and messages.
	Name string
	// Limits bound the document.
	Limits Limits
}

// LoadOptions say how images are loaded.
type LoadOptions struct {
	// Limits bound every image.
	Limits Limits
	// Objects gets the images that lie in S3. Without it they fail with
	// [ErrNoObjects].
	Objects Objects
}

// Sessions … (contract; the decode owner implements it)
func Sessions(r io.Reader, opts *Options) iter.Seq2[*Session, error] { panic("contract") }

// LoadFrame …
func LoadFrame(ctx context.Context, img *Image, opts *LoadOptions) *Frame { panic("contract") }

// Load …
func Load(ctx context.Context, s *Session, opts *LoadOptions) ([]*Frame, error) { panic("contract") }

// PixelDigest …
func PixelDigest() Digest { panic("contract") }
