package browser_test

import (
	"bytes"
	"image"
	"image/png"
	"math"
	"os"
	"testing"
	"testing/fstest"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export/review"
	"github.com/lvtool/lvtool/internal/golden"
)

// shot returns what a part of the window shows.
func (b *tab) shot(clip *page.Viewport) image.Image {
	b.t.Helper()
	got := call(b, page.CaptureScreenshot, page.CaptureScreenshotParams{Clip: clip})
	m, err := png.Decode(bytes.NewReader(got.Data))
	if err != nil {
		b.t.Fatal(err)
	}
	return m
}

// TestPictures holds that the browser shows every frame as lvtool reads it,
// upright too, and every box where lvtool places it: a screenshot of the large
// view is compared with the decoded pixels.
func TestPictures(t *testing.T) {
	for _, document := range []string{"exif-rotated.json", "edges.json"} {
		s := session(t, document, id(1))
		b := newTab(t)
		b.look(1000, 1000, "light")
		b.open(write(t, nil, []*review.Session{s})[0], "")
		for i, f := range s.Frames {
			if f.Placement.State != annotate.Inside {
				continue
			}
			b.press(string(rune('1' + i)))
			b.compare(f)
			b.press("z")
		}
	}
}

// compare compares what the large view shows with a frame: the means of blocks
// without overlay, and with it, where blue is.
func (b *tab) compare(f *review.Frame) {
	b.t.Helper()
	at := eval[[]float64](b, `(() => { const s = document.querySelector("#stage svg"), m = s.getScreenCTM();
		const p = (x, y) => new DOMPoint(x, y).matrixTransform(m); const a = p(0, 0); return [a.x, a.y, m.a]; })()`)
	clip := &page.Viewport{
		X: at[0], Y: at[1], Width: float64(f.Placement.Frame.X) * at[2], Height: float64(f.Placement.Frame.Y) * at[2],
		Scale: 1 / at[2],
	}
	marked := b.shot(clip)
	b.press("o")
	plain := b.shot(clip)
	b.press("o")
	upright := upright(b.t, f)
	sum, n := 0.0, 0.0
	for y := 0; y+16 <= upright.Rect.Dy(); y += 16 {
		for x := 0; x+16 <= upright.Rect.Dx(); x += 16 {
			r := image.Rect(x, y, x+16, y+16)
			sum += math.Abs(mean(upright, r) - mean(plain, r))
			n++
		}
	}
	// The browser scales the picture, by part of a pixel even at its own size.
	if sum/n > 2 {
		b.t.Errorf("%s: blocks differ by %.1f from those of the decoded picture", f.Record.Name, sum/n)
	}
	box := f.Placement.Pixels
	for _, p := range []image.Point{
		{(box.Min.X + box.Max.X) / 2, box.Min.Y},
		{(box.Min.X + box.Max.X) / 2, box.Max.Y},
		{box.Min.X, (box.Min.Y + box.Max.Y) / 2},
		{box.Max.X, (box.Min.Y + box.Max.Y) / 2},
	} {
		if r, g, bl, _ := marked.At(p.X, p.Y).RGBA(); bl>>8 < 0xc0 || r>>8 > 0x60 || g>>8 < 0x80 {
			b.t.Errorf("%s: at %v the edge of the box has the colour %d %d %d", f.Record.Name, p, r>>8, g>>8, bl>>8)
		}
	}
}

// mean returns the mean of the green channel, 0 to 255.
func mean(m image.Image, r image.Rectangle) float64 {
	sum := 0.0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			_, g, _, _ := m.At(x, y).RGBA()
			sum += float64(g >> 8)
		}
	}
	return sum / float64(r.Dx()*r.Dy())
}

// TestScreenshot makes the picture of the page that the README shows, where
// -update is given. Fonts differ from machine to machine, so that otherwise it
// only holds that the page can be photographed, and that the picture is there.
func TestScreenshot(t *testing.T) {
	var sessions []*review.Session
	for _, name := range []string{
		"session", "edges", "inside", "low-confidence", "expired", "outside", "no-reference", "tiny",
		"exif-rotated", "created",
	} {
		sessions = append(sessions, session(t, name+".json", ""))
	}
	file := write(t, nil, sessions)[0]
	b := newTab(t)
	b.look(1360, 850, "light")
	b.open(file, "#s=2")
	b.press("ajrjjsjk")
	b.do(chromedp.Navigate("about:blank")) // away with the message
	b.open(file, "#s=2")
	m := b.shot(nil)
	if m.Bounds().Dx() != 1360 {
		t.Errorf("got %v", m.Bounds())
	}
	b.keep("../../export/review/testdata/review.png", m)
}

// keep writes a picture where -update is given, else holds that it is there.
func (b *tab) keep(name string, m image.Image) {
	b.t.Helper()
	if *golden.Update {
		var data bytes.Buffer
		if err := png.Encode(&data, m); err != nil {
			b.t.Fatal(err)
		}
		if err := os.WriteFile(name, data.Bytes(), 0o644); err != nil {
			b.t.Fatal(err)
		}
	}
	f, err := os.Open(name)
	if err != nil {
		b.t.Fatal(err)
	}
	defer f.Close()
	if c, err := png.DecodeConfig(f); err != nil || c.Width != m.Bounds().Dx() {
		b.t.Errorf("%s: %+v, %v", name, c, err)
	}
}

// upright returns the pixels of a frame as lvtool decodes them.
func upright(t testing.TB, f *review.Frame) *image.NRGBA {
	t.Helper()
	loaded := decode.LoadFrame(t.Context(), &decode.Image{
		S3: &decode.S3Object{Bucket: "b", Name: "image"},
	}, &decode.LoadOptions{Objects: decode.DirObjects(fstest.MapFS{"b/image": {Data: f.Data}})})
	if loaded.Err != nil {
		t.Fatal(loaded.Err)
	}
	return loaded.Pixels
}
