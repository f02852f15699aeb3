package export_test

import (
	"encoding/json"
	"fmt"
	"image"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/internal/golden"
)

// checkGeometry asserts that everything lies on the page and nothing on
// anything else.
func checkGeometry(tb testing.TB, name string, g export.Geometry) {
	tb.Helper()
	type part struct {
		image.Rectangle
		what string
	}
	var parts []part
	for _, text := range g.Texts {
		parts = append(parts, part{text.Rect, text.Text})
	}
	for _, r := range g.Pictures {
		parts = append(parts, part{r, "picture"})
	}
	inner := g.Page.Inset(20)
	slices.SortFunc(parts, func(a, b part) int { return a.Min.Y - b.Min.Y })
	for i, p := range parts {
		if !p.In(inner) {
			tb.Errorf("%s: %.40q at %v leaves the page %v", name, p.what, p.Rectangle, g.Page)
		}
		for _, q := range parts[i+1:] {
			if q.Min.Y >= p.Max.Y {
				break
			}
			if p.Overlaps(q.Rectangle) {
				tb.Errorf("%s: %.40q at %v overlaps %.40q at %v", name, p.what, p.Rectangle, q.what, q.Rectangle)
			}
		}
	}
	for _, r := range g.Fills {
		if !r.In(g.Page) {
			tb.Errorf("%s: fill %v leaves the page %v", name, r, g.Page)
		}
	}
	if got := g.Page.Dy(); got > export.MaxPage {
		tb.Errorf("%s: the page is %d high, more than %d", name, got, export.MaxPage)
	}
}

// A dice makes hostile reports.
type dice struct{ *rand.Rand }

var alphabets = []string{
	"abcdefghijklmnopqrstuvwxyz0123456789-",
	"The quick brown fox jumps over it. ",
	"WWWMMM",
	"写真照明が暗すぎます",
	"Ελληνικά Кириллица Ünïcödé",
	"\x00\x1b[31m\u202e\n\t ",
	"مرحبا 👋",
}

func (d dice) text(longest int) string {
	letters := []rune(alphabets[d.IntN(len(alphabets))])
	r := make([]rune, d.IntN(longest+1))
	for i := range r {
		r[i] = letters[d.IntN(len(letters))]
	}
	return string(r)
}

func (d dice) problems(most int) []decode.Problem {
	list := make([]decode.Problem, d.IntN(most+1))
	for i := range list {
		list[i] = decode.Problem{Code: d.text(40), Message: d.text(300)}
	}
	return list
}

func (d dice) report(frames int) *export.Report {
	r := &export.Report{Tool: export.Tool{Version: d.text(80)}, Problems: d.problems(4)}
	r.Source.Name, r.Source.SHA256 = d.text(300), strings.Repeat("0f", 32)
	long := decode.Number("9." + strings.Repeat("9", 300))
	confidences := []decode.Number{"", "0", "61.27000045776367", "100", "NaN", "-3", long}
	r.Session.Confidence = confidences[d.IntN(len(confidences))]
	if d.IntN(4) > 0 {
		id, status := d.text(300), d.text(60)
		r.Session.ID, r.Session.Status = &id, &status
		r.Session.Challenge = &decode.Challenge{Type: d.text(100), Version: d.text(11)}
	}
	if d.IntN(2) > 0 {
		r.Threshold = &export.Threshold{Value: []decode.Number{"0", "90", "100", "33.333333333333333333"}[d.IntN(4)]}
	}
	for range d.IntN(4) {
		r.Session.Feedback = append(r.Session.Feedback, decode.Feedback{Code: d.text(60), Message: d.text(512)})
	}
	for range frames {
		r.Frames = append(r.Frames, d.frame())
	}
	return r
}

func (d dice) frame() *export.FrameRecord {
	f := &export.FrameRecord{Name: d.text(300), Problems: d.problems(2)}
	if d.IntN(3) == 0 {
		f.Origin = &decode.Origin{Kind: "s3", Bucket: d.text(63), Key: d.text(1024)}
	}
	if d.IntN(5) == 0 {
		return f
	}
	digest := strings.Repeat("0f", 32)
	f.SHA256, f.Width, f.Height, f.Orientation = &digest, new(1+d.IntN(8192)), new(1+d.IntN(8192)), new(1+d.IntN(8))
	states := []annotate.State{
		annotate.Inside, annotate.Clipped, annotate.Outside, annotate.Empty, annotate.Invalid, annotate.Absent,
	}
	f.Placement = &export.PlacementRecord{State: states[d.IntN(len(states))]}
	switch f.Placement.State {
	case annotate.Invalid:
		f.Placement.Reason = new(d.text(100))
	case annotate.Absent:
	default:
		f.Placement.Pixels = &export.RectRecord{Left: -d.IntN(1e9), Right: d.IntN(1e9), Bottom: d.IntN(1e4)}
		f.Placement.Visible = new(d.Float64())
		f.Placement.Overshoot = &export.RectRecord{
			Left: d.IntN(1e9), Top: d.IntN(1e9), Right: d.IntN(1e9), Bottom: d.IntN(1e9),
		}
		f.Face = &export.FaceRecord{Width: 1 + d.IntN(9999), Height: 1 + d.IntN(9999)}
	}
	return f
}

// pictures are of many shapes; most are small, as those of Convert are.
func (d dice) pictures(frames int) []export.Picture {
	sizes := []image.Point{{60, 80}, {80, 60}, {1, 1}, {80, 2}, {3, 100}, {70, 100}, {60, 80}, {210, 280}}
	list := make([]export.Picture, d.IntN(frames+1))
	for i := range list {
		list[i].Annotated = image.NewRGBA(image.Rectangle{Max: sizes[d.IntN(len(sizes))]})
		list[i].Face = image.NewRGBA(image.Rectangle{Max: sizes[d.IntN(len(sizes))]})
	}
	return list
}

// Whatever the session, the layout and the words, nothing is cut and nothing
// overlaps.
func TestSheetNeverOverlaps(t *testing.T) {
	sessions := 200
	if testing.Short() {
		sessions = 25
	}
	for seed := range sessions {
		d := dice{rand.New(rand.NewPCG(uint64(seed), 7))}
		n := d.IntN(6)
		if d.IntN(4) == 0 {
			n = d.IntN(65)
		}
		var l export.Layout
		if d.IntN(3) > 0 {
			l = export.Layout{Columns: d.IntN(13), Tile: export.MinTile + d.IntN(export.MaxTile-export.MinTile+1)}
		}
		pages := export.SheetGeometry(d.report(n), d.pictures(n), l)
		for i, g := range pages {
			checkGeometry(t, fmt.Sprintf("seed %d, page %d", seed, i+1), g)
			if want := fmt.Sprintf("page %d/%d", i+1, len(pages)); !shows(g, want) {
				t.Errorf("seed %d: page %d does not say %q", seed, i+1, want)
			}
		}
	}
}

// shows reports whether the words stand on a page, be it over several lines.
func shows(g export.Geometry, words string) bool {
	var all strings.Builder
	for _, text := range g.Texts {
		all.WriteString(text.Text + " ")
	}
	squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
	return strings.Contains(squeeze(all.String()), squeeze(words))
}

// Every frame has its tile, at any number.
func TestSheetShowsEveryFrame(t *testing.T) {
	for n := range 65 {
		r, found := &export.Report{}, 0
		for i := range n {
			r.Frames = append(r.Frames, &export.FrameRecord{Name: fmt.Sprintf("audit-%03d", i)})
		}
		for _, g := range export.SheetGeometry(r, nil, export.Layout{}) {
			for _, f := range r.Frames {
				if slices.ContainsFunc(g.Texts, func(p export.PlacedText) bool { return p.Text == f.Name }) {
					found++
				}
			}
		}
		if found != n {
			t.Errorf("%d frames: the names of %d are shown", n, found)
		}
	}
}

func TestSheetWords(t *testing.T) {
	for _, tt := range []struct {
		name string
		edit func(s *decode.Session, o *export.Options)
		want []string
		not  []string
	}{
		{
			name: "complete",
			edit: func(*decode.Session, *export.Options) {},
			want: []string{
				"Face Liveness session", "5f3c1a20-8d4e-4b7a-9c11-2e6f0a7d1b01", "SUCCEEDED", "the check was completed",
				"Confidence 97.30000305175781 ≥ threshold 90",
				"FaceMovementAndLightChallenge, version 2.0.0",
				"session.json", "lvtool v0.1.0", "reference", "audit-0", "96×128 px, png",
				"box x 27, y 32, 42×64 px", "inside, 100 % visible", "clipped, 83.3 % visible",
				"beyond the frame: left 7 px", "page 1/1",
			},
			not: []string{"Problems", "Feedback", "no picture", "SDK type"},
		},
		{
			name: "below the threshold",
			edit: func(s *decode.Session, _ *export.Options) { s.Confidence = "61.27" },
			want: []string{"Confidence 61.27 < threshold 90", "The tick is the caller's threshold."},
		},
		{
			name: "no threshold",
			edit: func(_ *decode.Session, o *export.Options) { o.Threshold = "" },
			want: []string{"no threshold given"},
			not:  []string{"tick"},
		},
		{
			name: "feedback and metadata",
			edit: func(s *decode.Session, _ *export.Options) {
				s.Feedback = []decode.Feedback{{Code: "LOW_LIGHTING_DETECTED", Message: "照 dark"}}
				s.Extra = map[string]json.RawMessage{"Metadata": json.RawMessage(`{"SDKType":"AMPLIFY_WEB"}`)}
			},
			want: []string{"LOW_LIGHTING_DETECTED", "U+7167 dark", "AMPLIFY_WEB (self-reported by the client)"},
		},
		{
			name: "no reference image",
			edit: func(s *decode.Session, _ *export.Options) { s.Images = s.Images[1:] },
			want: []string{"no picture", "The result has no reference image; AWS advises to retry the check"},
		},
		{
			name: "expired",
			edit: func(s *decode.Session, _ *export.Options) { s.Status, s.Images = "EXPIRED", nil },
			want: []string{"EXPIRED", "No image to show", "a session id lives for 3 minutes"},
			not:  []string{"the check was completed"},
		},
		{
			name: "created",
			edit: func(s *decode.Session, _ *export.Options) { *s = decode.Session{Status: "CREATED"} },
			want: []string{"CREATED", "No image to show", "no check was made in it", "No confidence"},
		},
		{
			name: "a frame that failed",
			edit: func(s *decode.Session, _ *export.Options) { s.Images[1].Inline = inline([]byte("GIF89a")) },
			want: []string{"2, of which 1 could not be shown", "no picture", "not a JPEG, PNG or WebP image"},
		},
		{
			name: "a box outside, and a sliver",
			edit: func(s *decode.Session, _ *export.Options) {
				s.Images[0].Box = &decode.Box{Left: "-1", Top: "0", Width: "0.5", Height: "0.5"}
				s.Images[1].Box = &decode.Box{Left: "-0.9999", Top: "0", Width: "1", Height: "1"}
			},
			want: []string{"outside, 0 % visible", "less than 0.1 % visible"},
			not:  []string{"face crop"},
		},
		{
			name: "no box, and a bad one",
			edit: func(s *decode.Session, _ *export.Options) {
				s.Images[0].Box = nil
				s.Images[1].Box = &decode.Box{Left: "NaN", Top: "0", Width: "1", Height: "1"}
			},
			want: []string{"no box in the result", "box not usable"},
			not:  []string{"face crop"},
		},
	} {
		s, o := session(t, 2), options()
		tt.edit(s, o)
		result, f := convert(t, s, o)
		if len(f.data["sheet.png"]) == 0 {
			t.Errorf("%s: no sheet", tt.name)
		}
		g := export.SheetGeometry(result.Report, facesOnly(result.Report), o.Sheet)[0]
		for _, words := range tt.want {
			if !shows(g, words) {
				t.Errorf("%s: the sheet does not say %q", tt.name, words)
			}
		}
		for _, words := range append(tt.not, "approved", "passed", "is live") {
			if shows(g, words) {
				t.Errorf("%s: the sheet says %q", tt.name, words)
			}
		}
	}
}

// facesOnly returns pictures for the frames that have some.
func facesOnly(r *export.Report) []export.Picture {
	list := make([]export.Picture, len(r.Frames))
	for i, f := range r.Frames {
		if f.Annotated != nil {
			list[i].Annotated = portrait(60, 80, i)
		}
		if f.Face != nil {
			list[i].Face = portrait(40, 50, i)
		}
	}
	return list
}

// A sheet does not change the pictures it is given, and pages can be left.
func TestSheetStops(t *testing.T) {
	r := dice{rand.New(rand.NewPCG(1, 1))}.report(64)
	n := 0
	for range export.Sheet(r, nil, export.Layout{}) {
		n++
		break
	}
	if n != 1 {
		t.Errorf("%d pages after leaving at the first", n)
	}
	for m := range export.Sheet(r, nil, export.Layout{Columns: 99}) {
		if m.Rect.Min != (image.Point{}) || !m.Opaque() {
			t.Errorf("page %v, opaque: %t", m.Rect, m.Opaque())
		}
	}
}

func TestSheetGolden(t *testing.T) {
	for name, edit := range map[string]func(s *decode.Session){
		"five": func(*decode.Session) {},
		"no-reference": func(s *decode.Session) {
			s.Status, s.Images, s.Confidence = "FAILED", s.Images[1:2], "3.441699981689453"
		},
		"expired": func(s *decode.Session) {
			*s = decode.Session{ID: s.ID, Status: "EXPIRED", Confidence: "0.0", Source: s.Source}
		},
		"long": func(s *decode.Session) {
			s.ID = strings.Repeat("long-id-", 40)
			s.Source.Name = strings.Repeat("folder/", 40) + "写真.json"
			s.Images[1].Name = strings.Repeat("name", 75)
			s.Images[2].Inline = inline([]byte("GIF89a"))
			s.Images[3].Box = nil
			s.Feedback = []decode.Feedback{
				{Code: "LOW_LIGHTING_DETECTED", Message: strings.Repeat("It was too dark. ", 30)},
				{Code: "A_CODE_THAT_IS_NEW_AND_LONGER_THAN_ITS_COLUMN", Message: "照明が暗すぎます。 Слишком темно."},
			}
		},
	} {
		s := session(t, 5)
		edit(s)
		result, _ := convert(t, s, options())
		for m := range export.Sheet(result.Report, facesOnly(result.Report), export.Layout{Tile: 120}) {
			golden.Image(t, "sheet-"+name, m, 2)
			break
		}
	}
}
