package basejpeg

import (
	"errors"
	"fmt"
	"image"
)

// What can be wrong with a file. Test with [errors.Is].
var (
	// ErrUnsupported says that a file uses what is not decoded here, though
	// image/jpeg may.
	ErrUnsupported = errors.New("not a plain baseline JPEG")
	// ErrFormat says that a file is broken.
	ErrFormat = errors.New("broken JPEG")
	// ErrTooLarge says that a picture is over the caller's [Limits].
	ErrTooLarge = errors.New("JPEG over the limit")
)

var errTruncated = fmt.Errorf("%w: data ends too early", ErrFormat)

// Limits bound pictures. A zero field means no limit.
type Limits struct {
	// Side is the most pixels that a picture may be wide or high.
	Side int
	// Pixels is the most pixels that a picture may have.
	Pixels int64
}

// A Decoder decodes files. The zero value is ready. It keeps room for the next
// file and must not be used by several goroutines at once.
type Decoder struct {
	data []byte
	pos  int // what is read of data

	width, height int
	comps         int          // 0 before the frame header
	comp          [3]component // in the order of the frame
	baseline      bool
	restart       int // MCUs in a restart interval; 0 for none
	jfif          bool
	adobe         bool
	transform     byte // of the Adobe marker

	quant    [4][blockSize]int32 // in zigzag order
	quantSet [4]bool
	huff     [2][4]huffman // by class (DC, AC) and destination

	bits   bitReader
	planes [3][]byte // one row of MCUs of each component
	terms  []chroma
}

// A component is a plane of the picture.
type component struct {
	id     byte
	h, v   int // sampling factors
	quant  int // quantization table
	dc, ac int // Huffman tables
	last   int32
	stride int // of its plane
}

// NRGBA decodes data into dst, whose pixels are reused where they are enough,
// and returns it; nil makes a new one. On an error it returns nil, and dst holds
// anything.
func (d *Decoder) NRGBA(dst *image.NRGBA, data []byte, limits Limits) (*image.NRGBA, error) {
	if err := d.readHeader(data, limits); err != nil {
		return nil, err
	}
	if dst == nil {
		dst = new(image.NRGBA)
	}
	dst.Rect = image.Rect(0, 0, d.width, d.height)
	dst.Stride = 4 * d.width
	dst.Pix = sized(dst.Pix, dst.Stride*d.height)
	if err := d.readScan(dst.Pix); err != nil {
		return nil, err
	}
	return dst, nil
}

// sized returns b with length n, made anew where it is too small.
func sized(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}

func broken(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrFormat}, args...)...)
}

func unsupported(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrUnsupported}, args...)...)
}
