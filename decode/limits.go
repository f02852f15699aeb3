package decode

import "fmt"

// Limits bound what hostile input can cost. A zero field means its default,
// which [DefaultLimits] returns.
type Limits struct {
	// Document is the most bytes that one session's document may have.
	Document int64
	// Depth is how deeply a document may nest.
	Depth int
	// Values is the most values that a document may hold, where each run of
	// image bytes written as numbers counts as one.
	Values int
	// Unwrap is how many strings deep JSON is looked for in strings.
	Unwrap int
	// Expansion is how many times its size a compressed document may unpack to,
	// beyond the first Document bytes.
	Expansion int
	// Frames is the most images a session may have.
	Frames int
	// ImageBytes is the most bytes that one image file may have.
	ImageBytes int64
	// Pixels is the most pixels that one image may have.
	Pixels int64
	// Side is the most pixels that an image may be wide or high.
	Side int
	// Scans is the most scans that a JPEG may have; a progressive one usually
	// has ten.
	Scans int
	// ScanPixels is the most that the pixels of a JPEG, times its scans, may
	// be: what decoding it costs.
	ScanPixels int64
	// Decoded is the most bytes of pixels, four for each, that [Load] holds at a
	// time.
	Decoded int64
}

// DefaultLimits returns the limits that a zero [Limits] means. A real result
// stays far below all of them: the service writes images of at most 204,800
// bytes, and five of them.
func DefaultLimits() Limits {
	return Limits{
		Document:   64 << 20,
		Depth:      64,
		Values:     1 << 20,
		Unwrap:     8,
		Expansion:  100,
		Frames:     64,
		ImageBytes: 15 << 20,
		Pixels:     16_000_000,
		Side:       8192,
		Scans:      64,
		ScanPixels: 256_000_000,
		Decoded:    512 << 20,
	}
}

// OrDefault returns l with its zero fields filled.
func (l Limits) OrDefault() Limits {
	d := DefaultLimits()
	return Limits{
		Document:   or(l.Document, d.Document),
		Depth:      or(l.Depth, d.Depth),
		Values:     or(l.Values, d.Values),
		Unwrap:     or(l.Unwrap, d.Unwrap),
		Expansion:  or(l.Expansion, d.Expansion),
		Frames:     or(l.Frames, d.Frames),
		ImageBytes: or(l.ImageBytes, d.ImageBytes),
		Pixels:     or(l.Pixels, d.Pixels),
		Side:       or(l.Side, d.Side),
		Scans:      or(l.Scans, d.Scans),
		ScanPixels: or(l.ScanPixels, d.ScanPixels),
		Decoded:    or(l.Decoded, d.Decoded),
	}
}

func or[T int | int64](v, otherwise T) T {
	if v == 0 {
		return otherwise
	}
	return v
}

// The names of the limits in a [LimitError], which are those of the fields of
// [Limits]. There is none for Unwrap: what lies deeper is not looked for.
const (
	LimitDocument   = "document"
	LimitDepth      = "depth"
	LimitValues     = "values"
	LimitExpansion  = "expansion"
	LimitFrames     = "frames"
	LimitImageBytes = "image-bytes"
	LimitPixels     = "pixels"
	LimitSide       = "side"
	LimitScans      = "scans"
	LimitScanPixels = "scan-pixels"
	LimitDecoded    = "decoded"
)

// A LimitError says which limit was reached. It is an [ErrTooLarge].
type LimitError struct {
	// Limit is one of the names above.
	Limit string
	// Got is what was found, at least: reading stops at a limit.
	Got int64
	// Max is the limit.
	Max int64
}

// Error returns what was counted, how much was found, and how much may be.
func (e *LimitError) Error() string {
	return fmt.Sprintf("%s: %d, over the limit of %d", e.what(), e.Got, e.Max)
}

func (e *LimitError) what() string {
	switch e.Limit {
	case LimitDocument:
		return "bytes of one document"
	case LimitDepth:
		return "nesting depth of a document"
	case LimitValues:
		return "values in a document"
	case LimitExpansion:
		return "unpacked bytes of a compressed document"
	case LimitFrames:
		return "images of a session"
	case LimitImageBytes:
		return "bytes of an image"
	case LimitPixels:
		return "pixels of an image"
	case LimitSide:
		return "width or height of an image"
	case LimitScans:
		return "scans of a JPEG"
	case LimitScanPixels:
		return "pixels times scans of a JPEG"
	case LimitDecoded:
		return "bytes of decoded pixels at a time"
	}
	return e.Limit
}

// Unwrap makes e an [ErrTooLarge].
func (e *LimitError) Unwrap() error { return ErrTooLarge }

// within returns a [LimitError] where got is over limit.
func within[T int | int64](name string, got, limit T) error {
	if got <= limit {
		return nil
	}
	return &LimitError{Limit: name, Got: int64(got), Max: int64(limit)}
}
