package basejpeg_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"

	"github.com/lvtool/lvtool/decode/internal/basejpeg"
)

func ExampleDecoder_NRGBA() {
	var file bytes.Buffer
	if err := jpeg.Encode(&file, image.NewGray(image.Rect(0, 0, 30, 20)), nil); err != nil {
		fmt.Println(err)
		return
	}
	var d basejpeg.Decoder // one for each worker
	limits := basejpeg.Limits{Side: 8192, Pixels: 16_000_000}
	m, err := d.NRGBA(nil, file.Bytes(), limits)
	if errors.Is(err, basejpeg.ErrUnsupported) {
		fmt.Println("for image/jpeg to decode")
		return
	}
	fmt.Println(m.Rect, m.NRGBAAt(3, 4), err)
	_, err = d.NRGBA(m, file.Bytes()[:file.Len()-1], limits)
	fmt.Println(err)
	// Output:
	// (0,0)-(30,20) {0 0 0 255} <nil>
	// broken JPEG: data ends too early
}
