package decode

// Limits bound what hostile input can cost. A zero field means its default.
type Limits struct {
	// Document is the most bytes that one session's document may have.
	Document int64
	// Depth is how deeply a document may nest.
	Depth int
	// Frames is the most images a session may have.
	Frames int
	// ImageBytes is the most bytes that one image file may have.
	ImageBytes int64
	// Pixels is the most pixels that one image may have.
	Pixels int64
	// Side is the most pixels that an image may be wide or high.
	Side int
	// Scans is the most scans that a progressive JPEG may have.
	Scans int
	// ScanPixels is the most pixels times scans that a progressive JPEG may
	// cost.
	ScanPixels int64
}

// DefaultLimits returns the limits that a zero [Limits] means. A real result
// stays far below all of them: the service writes images of at most 204,800
// bytes, and five of them.
func DefaultLimits() Limits {
	return Limits{
		Document:   64 << 20,
		Depth:      64,
		Frames:     64,
		ImageBytes: 15 << 20,
		Pixels:     16_000_000,
		Side:       8192,
		Scans:      64,
		ScanPixels: 256_000_000,
	}
}
