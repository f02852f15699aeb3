package pngw_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"

	"github.com/lvtool/lvtool/export/pngw"
)

func ExampleEncoder_Encode() {
	var enc pngw.Encoder // one for each worker
	var file bytes.Buffer
	err := enc.Encode(&file, image.NewRGBA(image.Rect(0, 0, 480, 640)), &pngw.Options{
		Level: pngw.Balanced,
		Text:  []pngw.Text{{Keyword: "Source", Value: "audit-0.jpg"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	config, err := png.DecodeConfig(&file)
	fmt.Println(config.Width, config.Height, err)
	// Output: 480 640 <nil>
}

func ExampleEncoder_Append() {
	var enc pngw.Encoder
	data, err := enc.Append(nil, image.NewNRGBA(image.Rect(0, 0, 8, 8)), nil)
	fmt.Printf("%q %v\n", data[:8], err)
	// Output: "\x89PNG\r\n\x1a\n" <nil>
}

func ExampleEncoder_AppendRGB() {
	var enc pngw.Encoder
	pix := []byte{255, 0, 0, 0, 255, 0} // a red and a green pixel
	data, err := enc.AppendRGB(nil, pix, 6, 2, 1, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := png.Decode(bytes.NewReader(data))
	fmt.Println(m.At(1, 0), err)
	// Output: {0 255 0 255} <nil>
}
