package pngw

import "errors"

// Version numbers the bytes that the package writes for a picture. It grows
// when they change.
const Version = 2

// A Level trades time for bytes.
type Level int

// The levels, fastest first.
const (
	Fast Level = iota
	Balanced
	Small
)

// Options say how a picture is written; nil and zero fields mean defaults.
type Options struct {
	// Level is Fast by default.
	Level Level
	// Text is written before the picture, in this order.
	Text []Text
	// PixelsPerMetre is the resolution recorded in the file; none where zero.
	PixelsPerMetre uint32
}

// Text is a keyword and value carried by a PNG. The keyword has 1 to 79
// characters of printable Latin-1 without leading, trailing or double spaces,
// the value is any UTF-8 of at most 1 MiB without NUL.
type Text struct{ Keyword, Value string }

// What can be wrong with a picture or its options. Test with [errors.Is].
var (
	// ErrSize says that a picture is empty, that its pixels are too few for
	// its size, or that a file cannot hold so many.
	ErrSize = errors.New("bad picture size")
	// ErrText says that a keyword or value cannot be written.
	ErrText = errors.New("bad text")
	// ErrLevel says that there is no such level.
	ErrLevel = errors.New("no such level")
)
