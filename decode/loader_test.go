package decode_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"reflect"
	"runtime"
	"testing"

	"github.com/lvtool/lvtool/decode"
)

// TestLoader holds that a loader gives what LoadFrame gives, whatever it loaded
// before.
func TestLoader(t *testing.T) {
	large, small := jpegFile(t, picture(200, 160)), jpegFile(t, picture(33, 70))
	twice := base64.StdEncoding.EncodeToString(small)
	images := []*decode.Image{
		inline(large), inline(small), inline(pngFile(t, picture(20, 20))), inline([]byte(twice)),
		inline(testdata(t, "progressive.jpg")), inline(large[:len(large)/2]),
		{Name: "audit-0"},
		inline([]byte(twice[:len(twice)/2] + "!")), inline(small), inline(large),
	}
	var loader decode.Loader
	for i, img := range images {
		got, want := loader.Frame(t.Context(), img, nil), decode.LoadFrame(t.Context(), img, nil)
		if fmt.Sprint(got.Err) != fmt.Sprint(want.Err) {
			t.Errorf("image %d: got error %v, want %v", i, got.Err, want.Err)
		}
		got.Err, want.Err = nil, nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("image %d: got another frame than LoadFrame", i)
		}
	}
}

// TestLoaderMemory holds that a frame of a size that came before costs no memory
// of the size of its pixels or its file.
func TestLoaderMemory(t *testing.T) {
	img := inline(jpegFile(t, picture(640, 480)))
	var loader decode.Loader
	first := loader.Frame(t.Context(), img, nil)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	second := loader.Frame(t.Context(), img, nil)
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 64<<10 {
		t.Errorf("got %d bytes allocated, want at most 64 KiB", got)
	}
	if &first.Pixels.Pix[0] != &second.Pixels.Pix[0] || !bytes.Equal(first.Data, second.Data) {
		t.Error("got other memory for the second frame, or another file")
	}
}

func ExampleLoader() {
	session := firstSession(exampleDocument)
	var loader decode.Loader
	for i := range session.Images {
		frame := loader.Frame(context.Background(), &session.Images[i], nil)
		fmt.Println(frame.Name, frame.Size())
	}
	// Output:
	// reference (2,1)
	// audit-0 (0,0)
}
