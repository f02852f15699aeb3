package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export/pngw"
)

// A picture is an image in the file.
type picture struct {
	number int // of its object
	// orientation is how the page must turn it, 1 to 8 as in EXIF.
	orientation int
}

// addPicture writes the image of a frame that could be decoded.
func (f *file) addPicture(frame *decode.Frame) (picture, error) {
	if embeds(frame) {
		if j, err := readJPEG(frame.Data); err == nil {
			return picture{f.stream(j.entries(), frame.Data), frame.Orientation}, nil
		}
	}
	n, err := f.addPixels(frame.Pixels)
	return picture{n, 1}, err
}

// embeds reports whether a frame's file can be embedded as it is.
func embeds(frame *decode.Frame) bool {
	if frame.Format != "jpeg" || frame.Data == nil {
		return false
	}
	_, err := readJPEG(frame.Data)
	return err == nil
}

// addPixels writes pixels without loss: as the stream of a PNG, which PDF reads
// with the predictors of PNG.
func (f *file) addPixels(m *image.NRGBA) (int, error) {
	size := m.Rect.Size()
	opaque := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(opaque, opaque.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(opaque, opaque.Rect, m, m.Rect.Min, draw.Over)
	var b bytes.Buffer
	if err := new(pngw.Encoder).Encode(&b, opaque, nil); err != nil {
		return 0, fmt.Errorf("writing picture: %w", err)
	}
	return f.stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB "+
		"/BitsPerComponent 8 /Filter /FlateDecode "+
		"/DecodeParms << /Predictor 15 /Colors 3 /BitsPerComponent 8 /Columns %d >>", size.X, size.Y, size.X),
		pixelData(b.Bytes())), nil
}

// pixelData returns the compressed pixels of a PNG that package pngw wrote.
func pixelData(png []byte) []byte {
	var data []byte
	for at := 8; at < len(png); {
		n := int(be.Uint32(png[at:]))
		if string(png[at+4:at+8]) == "IDAT" {
			data = append(data, png[at+8:][:n]...)
		}
		at += 12 + n
	}
	return data
}

// A jpeg is what PDF must be told of a JPEG file.
type jpeg struct {
	width, height, components int
	// adobe says that the file bears Adobe's marker: then it has CMYK inverted.
	adobe bool
}

var errJPEG = errors.New("no frame header")

// readJPEG looks for the frame header (ITU-T T.81, section B.2.2).
func readJPEG(data []byte) (jpeg, error) {
	var j jpeg
	for at := 2; at+4 <= len(data); {
		if data[at] != 0xff {
			return j, errJPEG
		}
		marker := data[at+1]
		if marker == 0xff { // fill
			at++
			continue
		}
		n := int(be.Uint16(data[at+2:]))
		if n < 2 || at+2+n > len(data) {
			return j, errJPEG
		}
		segment := data[at+4 : at+2+n]
		switch {
		case marker == 0xee && bytes.HasPrefix(segment, []byte("Adobe")):
			j.adobe = true
		case marker >= 0xc0 && marker <= 0xc2 && len(segment) >= 6:
			j.height, j.width = int(be.Uint16(segment[1:])), int(be.Uint16(segment[3:]))
			j.components = int(segment[5])
			return j, nil
		case marker == 0xda:
			return j, errJPEG
		}
		at += 2 + n
	}
	return j, errJPEG
}

// entries returns those of the image's dictionary.
func (j jpeg) entries() string {
	space := "/DeviceRGB"
	switch {
	case j.components == 1:
		space = "/DeviceGray"
	case j.components == 4 && j.adobe:
		space = "/DeviceCMYK /Decode [1 0 1 0 1 0 1 0]"
	case j.components == 4:
		space = "/DeviceCMYK"
	}
	return fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 "+
		"/Filter /DCTDecode /ColorSpace %s", j.width, j.height, space)
}

// matrix returns what maps the unit square, in which PDF paints an image, to a
// rectangle with its lower left corner at (x, y), turned as EXIF wants it.
func matrix(orientation int, x, y, w, h float64) [6]float64 {
	switch orientation {
	case 2:
		return [6]float64{-w, 0, 0, h, x + w, y}
	case 3:
		return [6]float64{-w, 0, 0, -h, x + w, y + h}
	case 4:
		return [6]float64{w, 0, 0, -h, x, y + h}
	case 5:
		return [6]float64{0, -h, -w, 0, x + w, y + h}
	case 6:
		return [6]float64{0, -h, w, 0, x, y + h}
	case 7:
		return [6]float64{0, h, w, 0, x, y}
	case 8:
		return [6]float64{0, h, -w, 0, x + w, y}
	}
	return [6]float64{w, 0, 0, h, x, y}
}
