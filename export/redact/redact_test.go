package redact_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/leak"
	"github.com/lvtool/lvtool/export/redact"
)

// fill is what takes the place of what is hidden.
var fill = color.NRGBA{0x20, 0x20, 0x20, 0xff}

// TestFill holds, pixel for pixel, what is filled and what stays.
func TestFill(t *testing.T) {
	f := full(t, source(t, 1, 100, 80), "a.json")
	everything := image.Rect(0, 0, 100, 80)
	// The boxes, in pixels: 29,20,72,60 and -7,20,35,56 and 60,24,90,44; the
	// fourth is absent, the last lies outside.
	for _, test := range []struct {
		mode redact.Mode
		grow decode.Number
		want [5]image.Rectangle // what is filled; with Background, what is not
	}{
		{redact.Faces, "", [5]image.Rectangle{
			image.Rect(18, 10, 83, 70), image.Rect(0, 11, 46, 65), image.Rect(52, 19, 98, 49), everything, everything,
		}},
		{redact.Faces, "0", [5]image.Rectangle{
			image.Rect(29, 20, 72, 60), image.Rect(0, 20, 35, 56), image.Rect(60, 24, 90, 44), everything, everything,
		}},
		{redact.Faces, "10", [5]image.Rectangle{everything, everything, everything, everything, everything}},
		{redact.Background, "", [5]image.Rectangle{
			image.Rect(29, 20, 72, 60), image.Rect(0, 20, 35, 56), image.Rect(60, 24, 90, 44), {}, {},
		}},
		{redact.All, "", [5]image.Rectangle{everything, everything, everything, everything, everything}},
	} {
		o := options(test.mode)
		o.Grow = test.grow
		out, _ := write(t, f, o)
		for i, name := range []string{"reference", "audit-0", "audit-1", "audit-2", "audit-3"} {
			got, err := png.Decode(bytes.NewReader(out["originals/"+name+".png"].Data))
			if err != nil {
				t.Fatal(err)
			}
			whole, err := decodeOriginal(t, f["originals/"+name+".jpg"].Data)
			if err != nil {
				t.Fatal(err)
			}
			want := image.NewNRGBA(everything)
			if test.mode == redact.Background {
				draw.Draw(want, everything, image.NewUniform(fill), image.Point{}, draw.Src)
				draw.Draw(want, test.want[i], whole, test.want[i].Min, draw.Src)
			} else {
				draw.Draw(want, everything, whole, image.Point{}, draw.Src)
				draw.Draw(want, test.want[i], image.NewUniform(fill), image.Point{}, draw.Src)
			}
			if !bytes.Equal(leak.RGB(got), leak.RGB(want)) {
				t.Errorf("%s %s %s: other pixels than those expected", test.mode, test.grow, name)
			}
		}
	}
}

func decodeOriginal(tb testing.TB, data []byte) (image.Image, error) {
	tb.Helper()
	img := &decode.Image{Inline: []byte(`"` + base64Of(data) + `"`)}
	f := decode.LoadFrame(tb.Context(), img, nil)
	return f.Pixels, f.Err
}

// TestUnits holds that every box is taken for what it was taken for when the
// folder was made: a face in ratios is covered beside one in pixels, and a box
// that the user said is in pixels is.
func TestUnits(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	image := func(box string) string {
		return `{"Bytes":"` + base64Of(noisy(t, r, 40, 40)) + `","BoundingBox":` + box + `}`
	}
	mixed := `{"Status":"SUCCEEDED","ReferenceImage":` + image(`{"Left":10,"Top":10,"Width":20,"Height":20}`) +
		`,"AuditImages":[` + image(`{"Left":0.25,"Top":0.25,"Width":0.5,"Height":0.5}`) + `]}`
	small := `{"Status":"SUCCEEDED","ReferenceImage":` + image(`{"Left":20,"Top":20,"Width":2,"Height":2}`) + `}`
	for _, test := range []struct {
		document string
		unit     annotate.Unit
		names    []string
	}{
		{mixed, annotate.Auto, []string{"reference", "audit-0"}},
		{small, annotate.Pixel, []string{"reference"}},
	} {
		f := folder{}
		for s, err := range decode.Sessions(strings.NewReader(test.document), nil) {
			if err != nil {
				t.Fatal(err)
			}
			if _, err := export.Convert(t.Context(), s, &export.Options{Unit: test.unit}, f.put); err != nil {
				t.Fatal(err)
			}
		}
		out, _ := write(t, f, options(redact.Faces))
		for _, name := range test.names {
			m, err := png.Decode(bytes.NewReader(out["originals/"+name+".png"].Data))
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range [][2]int{{20, 20}, {21, 21}} {
				if c := color.NRGBAModel.Convert(m.At(p[0], p[1])); c != fill {
					t.Errorf("%s, %s: pixel %v is %v", test.unit, name, p, c)
				}
			}
			if c := color.NRGBAModel.Convert(m.At(1, 1)); c == fill {
				t.Errorf("%s, %s: all is filled", test.unit, name)
			}
		}
	}
}

// TestCrops holds that the crop of a face that is hidden shows nothing.
func TestCrops(t *testing.T) {
	out, _ := write(t, full(t, source(t, 1, 100, 80), "a.json"), options(redact.Faces))
	n := 0
	for name, file := range out {
		if !strings.HasPrefix(name, "faces/") {
			continue
		}
		n++
		m, err := png.Decode(bytes.NewReader(file.Data))
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range leak.RGB(m) {
			if v != fill.R {
				t.Fatalf("%s: byte %d is %d", name, i, v)
			}
		}
	}
	if n != 3 {
		t.Errorf("got %d crops, want 3", n)
	}
}

// TestTransparent holds that what does not show in a picture does not stay in
// it.
func TestTransparent(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	for i := range m.Pix {
		m.Pix[i] = uint8(i % 251)
	}
	for i := 3; i < len(m.Pix); i += 4 {
		m.Pix[i] = 0
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	f := full(t, []byte(`{"Status":"SUCCEEDED","ReferenceImage":{"Bytes":"`+base64Of(b.Bytes())+
		`","BoundingBox":{"Left":0.5,"Top":0.5,"Width":0.25,"Height":0.25}}}`), "a.json")
	out, _ := write(t, f, &redact.Options{Mode: redact.Faces, Grow: "0", Key: key, Nonce: nonce})
	got, err := png.Decode(bytes.NewReader(out["originals/reference.png"].Data))
	if err != nil {
		t.Fatal(err)
	}
	if c := color.NRGBAModel.Convert(got.At(0, 0)); c != (color.NRGBA{255, 255, 255, 255}) {
		t.Errorf("got %v, want white", c)
	}
}

// TestRemains holds what is left of the text, all of it.
func TestRemains(t *testing.T) {
	f := full(t, source(t, 3, 40, 30), "Erika Mustermann.json")
	_, c := write(t, f, options(redact.All))
	text := regexpBytes.ReplaceAllString(string(c.Document), `"Bytes": "…"`)
	const box = `"BoundingBox": {
        "Left": %s,
        "Top": %s,
        "Width": %s,
        "Height": %s
      }`
	for _, want := range []string{
		`"SessionId": "` + c.ID + `"`, `"Status": "SUCCEEDED"`, `"Confidence": 97.30000305175781`,
		`"Type": "FaceMovementAndLightChallenge"`, `"Version": "2.0.0"`, `"Code": "FACE_NOT_ALIGNED"`,
		fmt.Sprintf(box, "-0.07", "0.25", "0.42", "0.45"),
		`"Mode": "all"`, `"Grow": "0"`, `"ConfidenceHidden": false`, `"Tool": "lvtool v0.1.0"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the document lacks %s", want)
		}
	}
	if n := strings.Count(text, `":`); n != 41 {
		t.Errorf("got %d members, want 41: is each meant to remain?\n%s", n, text)
	}
}

// TestFrames holds that the copy has the images of the full folder, by name, with
// their boxes, also those of which there is nothing but the name.
func TestFrames(t *testing.T) {
	none := []byte(`{"Status":"FAILED","ReferenceImage":{"S3Object":{"Bucket":"some-bucket","Name":"some-key"}},` +
		`"AuditImages":[{"S3Object":{"Bucket":"some-bucket","Name":"other-key"}},{"BoundingBox":{"Left":1,"Top":2,` +
		`"Width":3,"Height":4}}]}`)
	documents := map[string][]byte{"none": none}
	for _, name := range []string{"outside", "no-reference", "exif-rotated", "s3"} {
		data, err := os.ReadFile("../../samples/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		documents[name] = data
	}
	for name, data := range documents {
		whole := read(t, full(t, data, name+".json"))
		c, err := redact.Result(t.Context(), whole, options(redact.All))
		if err != nil {
			t.Fatal(err)
		}
		var want, got []string
		for _, f := range whole.Report.Frames {
			b := &decode.Box{}
			if f.Box != nil {
				b = &decode.Box{Left: f.Box.Left, Top: f.Box.Top, Width: f.Box.Width, Height: f.Box.Height}
			}
			want = append(want, fmt.Sprint(f.Name, f.Width != nil, *b))
		}
		for s, err := range decode.Sessions(bytes.NewReader(c.Document), nil) {
			if err != nil {
				t.Fatal(err)
			}
			for _, img := range s.Images {
				b := img.Box
				if b == nil {
					b = &decode.Box{}
				}
				got = append(got, fmt.Sprint(img.Name, img.Inline != nil, *b))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v\nwant %v", name, got, want)
		}
	}
}

func TestHideConfidence(t *testing.T) {
	f := full(t, source(t, 3, 40, 30), "a.json")
	o := options(redact.All)
	o.HideConfidence = true
	out, c := write(t, f, o)
	if bytes.Contains(c.Document, []byte("Confidence\"")) || bytes.Contains(out["report.json"].Data, []byte("97.3")) {
		t.Error("the confidence is there")
	}
	r, err := export.ParseReport(bytes.NewReader(out["report.json"].Data))
	if err != nil || r.Threshold != nil {
		t.Errorf("got threshold %v, %v", r.Threshold, err)
	}
}

// TestSame holds that the same folder, key and nonce give the same bytes, and
// another key or nonce others.
func TestSame(t *testing.T) {
	f := full(t, source(t, 4, 40, 30), "a.json")
	one, first := write(t, f, options(redact.Faces))
	two, _ := write(t, f, options(redact.Faces))
	for name := range one {
		if !bytes.Equal(one[name].Data, two[name].Data) {
			t.Errorf("%s differs", name)
		}
	}
	o := options(redact.Faces)
	o.Key = []byte("another key that nobody knows")
	if _, c := write(t, f, o); c.ID == first.ID || c.Redaction.Commitment != first.Redaction.Commitment {
		t.Errorf("another key: got id %s, commitment %s", c.ID, c.Redaction.Commitment)
	}
	o = options(redact.Faces)
	o.Nonce = bytes.Repeat([]byte{8}, 32)
	if _, c := write(t, f, o); c.ID != first.ID || c.Redaction.Commitment == first.Redaction.Commitment {
		t.Errorf("another nonce: got id %s, commitment %s", c.ID, c.Redaction.Commitment)
	}
}

// TestSessions holds that of many copies none holds a secret of any session.
// REDACTED_SESSIONS sets how many.
func TestSessions(t *testing.T) {
	n := 6
	if v, err := strconv.Atoi(os.Getenv("REDACTED_SESSIONS")); err == nil {
		n = v
	}
	modes := []redact.Mode{redact.Faces, redact.Background, redact.All}
	var secrets []leak.Secret
	var copies []folder
	var public [][]byte
	for i := range n {
		f := full(t, sourceOf(t, uint64(100+i), 64, 48, 2), fmt.Sprintf("customer-%d.json", i))
		out, c := write(t, f, options(modes[i%3]))
		secrets = append(secrets, c.Secrets...)
		public = append(public, c.Public...)
		copies = append(copies, out)
	}
	s := leak.New(secrets, public...)
	files, size := 0, 0
	for i, c := range copies {
		for name, file := range c {
			leaks, err := s.Scan(name, file.Data)
			if err != nil || len(leaks) > 0 {
				t.Errorf("copy %d: %v, %v", i, leaks, err)
			}
			files++
			size += len(file.Data)
		}
	}
	t.Logf("%d copies, %d files, %d bytes, %d secrets: no leak", n, files, size, len(secrets))
}

// TestPlanted holds that a file with a secret in it is found before it is put.
func TestPlanted(t *testing.T) {
	f := full(t, source(t, 5, 96, 64), "source-of-erika.json")
	whole := read(t, f)
	c, err := redact.Result(t.Context(), whole, options(redact.Faces))
	if err != nil {
		t.Fatal(err)
	}
	s := leak.New(c.Secrets, c.Public...)
	id := *whole.Report.Session.ID
	for name, data := range map[string][]byte{
		"session id":                []byte("page of " + strings.ToUpper(id)),
		"source name":               []byte("source-of-erika.json"),
		"digest of the source":      []byte(whole.Report.Source.SHA256[:16]),
		"member Customer":           []byte("Erika Mustermann 5"),
		"original image audit-1":    []byte(base64Of(f["originals/audit-1.jpg"].Data)),
		"digest of audit-1":         []byte(*whole.Report.Frames[2].PixelSHA256),
		"hidden pixels of audit-2":  f["annotated/audit-2.png"].Data,
		"digest of sheet.png":       []byte(whole.Report.Outputs[len(whole.Report.Outputs)-1].SHA256),
		"digest of the full folder": whole.Digest[:],
	} {
		leaks, err := s.Scan("f", data)
		if err != nil || !slices.ContainsFunc(leaks, func(l leak.Leak) bool { return l.Secret == name }) {
			t.Errorf("%s: got %v, %v", name, leaks, err)
		}
	}
	// A session whose document itself tells a secret is not copied.
	c.Document = bytes.Replace(c.Document, []byte(`"Tool": "`), []byte(`"Tool": "`+id), 1)
	out := folder{}
	if _, err := c.Files(t.Context(), small(), out.put); !errors.Is(err, redact.ErrLeak) || len(out) != 0 {
		t.Errorf("got %v, and %d files", err, len(out))
	}
}

// TestS3 holds that where images were in S3 is a secret.
func TestS3(t *testing.T) {
	data := []byte(`{"SessionId":"abcdefgh","ReferenceImage":{"S3Object":{"Bucket":"a-bucket-of-ours",` +
		`"Name":"erika/1.jpg","Version":"v-123456"}}}`)
	_, c := write(t, full(t, data, "a.json"), options(redact.Faces))
	var names []string
	for _, s := range c.Secrets {
		names = append(names, s.Name)
	}
	for _, want := range []string{"S3 bucket", "S3 key", "S3 version"} {
		if !slices.Contains(names, want) {
			t.Errorf("got %q, which lacks %s", names, want)
		}
	}
}

// TestForeignWords holds that what is not as the service writes it does not
// remain: it could say anything.
func TestForeignWords(t *testing.T) {
	data := []byte(`{"SessionId":"x","Status":"of Erika","Confidence":"Erika",` +
		`"Challenge":{"Type":"of Erika","Version":"1"},"Feedback":[{"Code":"Erika","Message":"Erika"}],` +
		`"ReferenceImage":{"BoundingBox":{"Left":"Erika","Top":1,"Width":1,"Height":"NaN"}}}`)
	out, _ := write(t, full(t, data, "a.json"), options(redact.Faces))
	for name, file := range out {
		if bytes.Contains(file.Data, []byte("Erika")) {
			t.Errorf("%s holds it:\n%s", name, file.Data)
		}
	}
	if !bytes.Contains(out[redact.DocumentName].Data, []byte(`"Height": "NaN"`)) {
		t.Error("the service's NaN is gone")
	}
}

func TestOptions(t *testing.T) {
	for _, o := range []*redact.Options{
		{Mode: "blur", Key: key, Nonce: nonce},
		{Key: key, Nonce: nonce},
		{Mode: redact.Faces, Key: key[:15], Nonce: nonce},
		{Mode: redact.Faces, Key: key, Nonce: nonce[:31]},
		{Mode: redact.Faces, Key: key, Nonce: nonce, Grow: "-1"},
		{Mode: redact.Faces, Key: key, Nonce: nonce, Grow: "10.1"},
		{Mode: redact.Faces, Key: key, Nonce: nonce, Grow: "x"},
	} {
		_, err := redact.Result(t.Context(), &redact.Full{Report: &export.Report{}}, o)
		if !errors.Is(err, redact.ErrOptions) {
			t.Errorf("%+v: got %v, want ErrOptions", o, err)
		}
	}
}

func TestReadFolder(t *testing.T) {
	good := full(t, source(t, 6, 40, 30), "a.json")
	for _, test := range []struct {
		name   string
		change func(folder)
	}{
		{"no report", func(f folder) { delete(f, "report.json") }},
		{"no report of ours", func(f folder) { f["report.json"] = &fstest.MapFile{Data: []byte("{}")} }},
		{"missing original", func(f folder) { delete(f, "originals/audit-0.jpg") }},
		{"changed original", func(f folder) { f["originals/audit-0.jpg"] = &fstest.MapFile{Data: []byte("x")} }},
		{"way out", func(f folder) {
			f["report.json"] = &fstest.MapFile{Data: bytes.Replace(f["report.json"].Data,
				[]byte(`"originals/audit-0.jpg"`), []byte(`"originals/../../x"`), 1)}
		}},
	} {
		f := folder(maps.Clone(good.fs()))
		test.change(f)
		if _, err := redact.ReadFolder(f.fs()); !errors.Is(err, redact.ErrFolder) {
			t.Errorf("%s: got %v, want ErrFolder", test.name, err)
		}
	}
}
