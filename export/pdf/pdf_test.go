package pdf_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/pdf"
	"github.com/lvtool/lvtool/internal/need"
)

var samples = []string{"session", "edges", "outside", "exif-rotated", "created", "tiny", "s3", "no-reference"}

// TestOriginals holds that every JPEG is in the file as it was received, whole.
func TestOriginals(t *testing.T) {
	for _, name := range []string{"session", "exif-rotated"} {
		s := sample(t, name)
		data := write(t, s, nil)
		for i := range s.Images {
			f := decode.LoadFrame(t.Context(), &s.Images[i], nil)
			whole := slices.Concat([]byte("\nstream\n"), f.Data, []byte("\nendstream\n"))
			if !bytes.Contains(data, whole) {
				t.Errorf("%s: %s is not in the PDF byte for byte", name, f.Name)
			}
		}
	}
}

// TestObjects holds that the table of objects leads to each of them.
func TestObjects(t *testing.T) {
	for _, name := range samples {
		data := write(t, sample(t, name), nil)
		match := regexp.MustCompile(`(?s)startxref\n(\d+)\n%%EOF\n$`).FindSubmatch(data)
		if match == nil {
			t.Fatalf("%s: no end", name)
		}
		at, _ := strconv.Atoi(string(match[1]))
		lines := strings.Split(string(data[at:]), "\n")
		if lines[0] != "xref" {
			t.Fatalf("%s: got %q at startxref", name, lines[0])
		}
		for i, line := range lines[3:] {
			if line == "trailer" {
				break
			}
			offset, _ := strconv.Atoi(line[:10])
			if want := fmt.Sprintf("%d 0 obj\n", i+1); !bytes.HasPrefix(data[offset:], []byte(want)) {
				t.Errorf("%s: object %d is not at %d", name, i+1, offset)
			}
		}
	}
}

// TestSame holds that the same input gives the same bytes.
func TestSame(t *testing.T) {
	for _, name := range samples {
		if !bytes.Equal(write(t, sample(t, name), nil), write(t, sample(t, name), nil)) {
			t.Errorf("%s: two runs differ", name)
		}
	}
}

// run runs one of the programs of poppler or qpdf on a PDF and returns what it
// writes.
func run(t *testing.T, data []byte, program string, args ...string) (out, dir string) {
	t.Helper()
	path := need.Program(t, program)
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "in.pdf"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Dir = dir
	text, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, text)
	}
	return string(text), dir
}

func TestQPDF(t *testing.T) {
	for _, name := range samples {
		out, _ := run(t, write(t, sample(t, name), nil), "qpdf", "--check", "in.pdf")
		if !strings.Contains(out, "No syntax or stream encoding errors") || strings.Contains(out, "WARNING") {
			t.Errorf("%s: %s", name, out)
		}
	}
}

// TestText holds that another program reads the facts from the pages.
func TestText(t *testing.T) {
	for _, test := range []struct {
		sample string
		want   []string
	}{
		{"session", []string{
			"Face Liveness session", "0b6f2c1e-58a4-4d0e-9c37-6a1d2f4e8b90", "SUCCEEDED (the check was completed)",
			"Confidence 97.30000305175781 ≥ threshold 90", "FaceMovementAndLightChallenge, version 2.0.0",
			"audit-2", "480×640 px, jpeg", "beyond the frame: left 29 px", "clipped, 87.1 % visible",
			"433482777a955c8b6a6233daaf147244e5737f395151c59a2655633b695c6794", "-0.06076148524880409",
			"lvtool v0.1.0 go1.26.8", "page 1 of 2", "page 2 of 2",
		}},
		{"created", []string{"CREATED", "no_images", "none", "page 1 of 1"}},
		{"s3", []string{"could not be shown", "s3://example-bucket/", "in_s3"}},
		{"outside", []string{"outside, 0 % visible"}},
		{"exif-rotated", []string{"turned upright (EXIF 6)"}},
	} {
		out, dir := run(t, write(t, sample(t, test.sample), nil), "pdftotext", "-layout", "in.pdf", "out.txt")
		text, err := os.ReadFile(filepath.Join(dir, "out.txt"))
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, want := range test.want {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s: %q is not in the text:\n%s", test.sample, want, text)
			}
		}
	}
}

// TestImages holds that another program gets the files as received out of the
// PDF, and the pixels of those that PDF does not have.
func TestImages(t *testing.T) {
	s := sample(t, "session")
	_, dir := run(t, write(t, s, nil), "pdfimages", "-j", "in.pdf", "x")
	for i := range s.Images {
		f := decode.LoadFrame(t.Context(), &s.Images[i], nil)
		got, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("x-%03d.jpg", i)))
		if err != nil || !bytes.Equal(got, f.Data) {
			t.Errorf("%s: %d bytes, want the %d received (%v)", f.Name, len(got), len(f.Data), err)
		}
	}
	s = drawn(t, "png", 1)
	_, dir = run(t, write(t, s, nil), "pdfimages", "-png", "in.pdf", "x")
	file, err := os.Open(filepath.Join(dir, "x-000.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	got, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	want := decode.LoadFrame(t.Context(), &s.Images[0], nil).Pixels
	for y := range want.Rect.Dy() {
		for x := range want.Rect.Dx() {
			if !same(got.At(x, y), want.At(x, y), 0) {
				t.Fatalf("pixel (%d,%d): got %v, want %v", x, y, got.At(x, y), want.At(x, y))
			}
		}
	}
}

// TestOrientation holds that a page turns pictures as EXIF wants them, by
// looking for the four colours on it.
func TestOrientation(t *testing.T) {
	for orientation := 1; orientation <= 8; orientation++ {
		s := drawn(t, "jpeg", orientation)
		want := quadrants(decode.LoadFrame(t.Context(), &s.Images[0], nil).Pixels)
		_, dir := run(t, write(t, s, nil), "pdftoppm", "-r", "72", "-png", "-singlefile", "in.pdf", "page")
		file, err := os.Open(filepath.Join(dir, "page.png"))
		if err != nil {
			t.Fatal(err)
		}
		page, err := png.Decode(file)
		if err := errors.Join(err, file.Close()); err != nil {
			t.Fatal(err)
		}
		if got := quadrants(page); got != want {
			t.Errorf("orientation %d: got colours %v, want %v", orientation, got, want)
		}
	}
}

// TestPages holds that a session of any size makes whole pages of the size
// asked for.
func TestPages(t *testing.T) {
	many := drawn(t, "jpeg", 1)
	for i := range 63 {
		img := many.Images[0]
		img.Name = "audit-" + strconv.Itoa(i)
		many.Images = append(many.Images, img)
	}
	hostile := drawn(t, "png", 1)
	hostile.ID = "写\u202e\x1b[31m)>>" + strings.Repeat("very-long-", 300)
	hostile.Status = "\x00(\\"
	hostile.Source.Name = strings.Repeat("n", 5000)
	hostile.Images[0].Name = strings.Repeat("名前", 400)
	hostile.Problems = slices.Repeat([]decode.Problem{{
		Code: strings.Repeat("c", 90), Message: strings.Repeat("why ", 500),
	}}, 200)
	hostile.Images[0].Problems = hostile.Problems
	for _, test := range []struct {
		name    string
		session *decode.Session
		paper   pdf.Paper
		size    string
		pages   int
	}{
		{"five on A4", sample(t, "session"), "", "595.276 x 841.89", 2},
		{"five on Letter", sample(t, "session"), pdf.Letter, "612 x 792", 2},
		{"none", sample(t, "created"), pdf.A4, "595.276 x 841.89", 1},
		{"64", many, pdf.A4, "595.276 x 841.89", 17},
		{"hostile", hostile, pdf.A4, "595.276 x 841.89", 6},
	} {
		data := write(t, test.session, &pdf.Options{Paper: test.paper})
		out, _ := run(t, data, "pdfinfo", "in.pdf")
		pages := regexp.MustCompile(`Pages: +(\d+)`).FindStringSubmatch(out)
		if pages == nil || pages[1] != strconv.Itoa(test.pages) || !strings.Contains(out, test.size) {
			t.Errorf("%s: want %d pages of %s, got\n%s", test.name, test.pages, test.size, out)
		}
		if strings.Contains(out, "CreationDate") || strings.Contains(out, "Error") {
			t.Errorf("%s: got\n%s", test.name, out)
		}
		if text, _ := run(t, data, "pdftotext", "-f", "1", "-l", "1", "in.pdf", "-"); test.name == "hostile" &&
			(!strings.Contains(text, "U+001B[31m") || strings.ContainsRune(text, '\u202e')) {
			t.Errorf("%s: got\n%s", test.name, text)
		}
	}
}

func TestErrors(t *testing.T) {
	r := &export.Report{}
	load := func(int, bool) *decode.Frame { return nil }
	if err := pdf.Write(&bytes.Buffer{}, r, load, &pdf.Options{Paper: "a5"}); !errors.Is(err, pdf.ErrPaper) {
		t.Errorf("got %v, want ErrPaper", err)
	}
	for _, n := range []int{0, 20, 5000} {
		if err := pdf.Write(&full{n}, r, load, nil); !errors.Is(err, errFull) {
			t.Errorf("after %d bytes: got %v, want errFull", n, err)
		}
	}
}

var errFull = errors.New("disk full")

// full is a writer that takes only so many bytes.
type full struct{ left int }

func (f *full) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, errFull
	}
	return len(b), nil
}

// drawn returns a session with one picture of four colours.
func drawn(tb testing.TB, format string, orientation int) *decode.Session {
	tb.Helper()
	return &decode.Session{
		ID: "drawn", Status: "SUCCEEDED",
		Images: []decode.Image{{
			Name: "reference", Inline: inline(fourColours(tb, format, orientation)),
			Box: &decode.Box{Left: "-0.1", Top: "0.4", Width: "0.3", Height: "0.3"},
		}},
	}
}

// quadrants returns which of the four colours lies at the top left, top right,
// bottom left and bottom right of a picture, wherever on the page that is.
func quadrants(m image.Image) [4]int {
	var middle [4]image.Point
	var all image.Point
	for i, c := range colours {
		n := 0
		for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
			for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
				if same(m.At(x, y), c, 24) {
					middle[i] = middle[i].Add(image.Pt(x, y))
					n++
				}
			}
		}
		if n == 0 {
			return [4]int{-1, -1, -1, -1}
		}
		middle[i] = middle[i].Div(n)
		all = all.Add(middle[i])
	}
	all = all.Div(4)
	at := [4]int{-1, -1, -1, -1}
	for i, p := range middle {
		q := 0
		if p.X > all.X {
			q++
		}
		if p.Y > all.Y {
			q += 2
		}
		at[q] = i
	}
	return at
}
