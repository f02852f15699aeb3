package export

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/internal/rational"
)

// Comparison returns in words how the session's confidence compares with the
// threshold, such as "confidence 97.3 ≥ threshold 90".
func (r *Report) Comparison() string { return comparison(r.Session.Confidence, r.Threshold) }

func comparison(confidence decode.Number, t *Threshold) string {
	c := "no confidence in the result"
	if confidence != "" {
		c = "confidence " + string(confidence)
	}
	switch {
	case t == nil:
		return c + ", no threshold given"
	case t.Met == nil:
		return c + ", not comparable with threshold " + string(t.Value)
	case *t.Met:
		return c + " ≥ threshold " + string(t.Value)
	default:
		return c + " < threshold " + string(t.Value)
	}
}

// orNone returns what s points to, or words for nothing.
func orNone(s *string) string { return or(s, "not in the result") }

func or(s *string, none string) string {
	if s == nil {
		return none
	}
	return *s
}

// challengeWords names the challenge.
func challengeWords(s *SessionRecord) string {
	if s.Challenge == nil {
		return orNone(nil)
	}
	if s.Challenge.Version == "" {
		return s.Challenge.Type
	}
	return s.Challenge.Type + ", version " + s.Challenge.Version
}

// sdkType returns what the client says that it is, if it does.
func sdkType(s *SessionRecord) string {
	for _, name := range slices.Sorted(maps.Keys(s.Extra)) {
		var metadata struct {
			SDKType string
			Snake   string `json:"sdk_type"`
		}
		if strings.EqualFold(name, "metadata") && json.Unmarshal(s.Extra[name], &metadata) == nil {
			return cmp.Or(metadata.SDKType, metadata.Snake)
		}
	}
	return ""
}

// countWords says how many images there are and could be shown.
func countWords(r *Report) string {
	shown := 0
	for _, f := range r.Frames {
		if f.Width != nil {
			shown++
		}
	}
	n := len(r.Frames)
	switch {
	case n == 0:
		return "none"
	case shown == n:
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d, of which %d could not be shown", n, n-shown)
}

// plural returns a number with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// sizeWords says what a frame is.
func sizeWords(f *FrameRecord) string {
	words := fmt.Sprintf("%d×%d px, %s", *f.Width, *f.Height, orNone(f.Format))
	if f.Orientation != nil && *f.Orientation != 1 {
		words += fmt.Sprintf(", turned upright (EXIF %d)", *f.Orientation)
	}
	return words
}

// boxWords says where a frame's box lies, line by line.
func boxWords(p *PlacementRecord) []string {
	switch p.State {
	case annotate.Absent:
		return []string{"no box in the result"}
	case annotate.Invalid:
		return []string{"box not usable: " + orNone(p.Reason)}
	}
	b := p.Pixels
	words := []string{
		fmt.Sprintf("box x %d, y %d, %d×%d px", b.Left, b.Top, b.Right-b.Left, b.Bottom-b.Top),
		fmt.Sprintf("%s, %s visible", p.State, rational.Percent(*p.Visible)),
	}
	if over := overshootWords(p.Overshoot); over != "" {
		words = append(words, "beyond the frame: "+over)
	}
	return words
}

func overshootWords(o *RectRecord) string {
	var list []string
	for _, e := range []struct {
		name   string
		pixels int
	}{{"left", o.Left}, {"top", o.Top}, {"right", o.Right}, {"bottom", o.Bottom}} {
		if e.pixels != 0 {
			list = append(list, fmt.Sprintf("%s %d", e.name, e.pixels))
		}
	}
	if list == nil {
		return ""
	}
	return strings.Join(list, ", ") + " px"
}

// faceWords says what a crop is.
func faceWords(f *FaceRecord) string {
	words := fmt.Sprintf("face crop, %d×%d px", f.Width, f.Height)
	if w, h := f.Rect.Right-f.Rect.Left, f.Rect.Bottom-f.Rect.Top; w != f.Width || h != f.Height {
		words += fmt.Sprintf(" made from %d×%d", w, h)
	}
	return words
}

// scale returns how many of width pixels a number of 0 to 100 takes, and
// whether n is one.
func scale(n interface{ Rat() (*big.Rat, error) }, width int) (int, bool) {
	r, err := n.Rat()
	if err != nil || r.Sign() < 0 || r.Cmp(hundred()) > 0 {
		return 0, false
	}
	r.Mul(r, big.NewRat(int64(width), 100))
	return int(new(big.Int).Quo(r.Num(), r.Denom()).Int64()), true
}
