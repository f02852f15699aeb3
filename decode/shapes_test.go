package decode_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/internal/need"
)

// expectation is an entry of expect.json of the shared test data.
type expectation struct {
	Reject     string
	Sessions   int
	Session    *string
	Status     *string
	Confidence json.Number
	Unit       string
	Box0       string
	S3         string
	Frames     []struct {
		Name   string
		SHA256 *string
		Box    *struct{ Left, Top, Width, Height json.Number }
	}
}

// Every shape that producers were seen to write must be read, or refused with
// the word that helps.
func TestShapes(t *testing.T) {
	dir := need.Data(t, "shapes")
	raw, err := os.ReadFile(filepath.Join(dir, "expect.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]json.RawMessage
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	for name, raw := range want {
		t.Run(name, func(t *testing.T) {
			var e expectation
			if err := json.Unmarshal(raw, &e); err != nil {
				t.Fatal(err)
			}
			f, err := os.Open(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			sessions, errs := all(decode.Sessions(f, &decode.Options{Name: name}))
			if e.Reject != "" {
				checkReject(t, sessions, errs, e.Reject)
				return
			}
			if len(sessions) != e.Sessions || errs != nil {
				t.Fatalf("got %d sessions, %v; want %d", len(sessions), errs, e.Sessions)
			}
			checkShape(t, sessions[0], &e)
		})
	}
}

// checkReject wants the word in an error of the document, or of every image.
func checkReject(t *testing.T, sessions []*decode.Session, errs []error, word string) {
	t.Helper()
	for _, s := range sessions {
		_, err := decode.Load(t.Context(), s, nil)
		errs = append(errs, err)
	}
	err := errors.Join(errs...)
	if err == nil || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(word)) {
		t.Errorf("got error %v, want the word %q", err, word)
	}
}

func checkShape(t *testing.T, s *decode.Session, e *expectation) {
	t.Helper()
	if e.Session != nil && s.ID != *e.Session || e.Session == nil && s.ID != "" {
		t.Errorf("got session %q", s.ID)
	}
	if e.Status != nil && s.Status != *e.Status || e.Status == nil && s.Status != "" {
		t.Errorf("got status %q", s.Status)
	}
	if s.Confidence != decode.Number(e.Confidence) {
		t.Errorf("got confidence %s, want %s", s.Confidence, e.Confidence)
	}
	frames, _ := decode.Load(t.Context(), s, nil)
	if len(frames) != len(e.Frames) {
		t.Fatalf("got %d frames, want %d", len(frames), len(e.Frames))
	}
	for i, want := range e.Frames {
		f := frames[i]
		if f.Name != want.Name {
			t.Errorf("got frame %s, want %s", f.Name, want.Name)
		}
		if want.SHA256 != nil && (f.Err != nil || f.SHA256.String() != *want.SHA256) {
			t.Errorf("%s: got %s, %v; want %s", f.Name, f.SHA256, f.Err, *want.SHA256)
		}
		if (f.Box == nil) != (want.Box == nil) {
			t.Errorf("%s: got box %v", f.Name, f.Box)
		}
		if b := want.Box; b != nil && f.Box != nil && e.Unit == "" && (e.Box0 == "" || i > 0) {
			want := decode.Box{
				Left: decode.Number(b.Left), Top: decode.Number(b.Top),
				Width: decode.Number(b.Width), Height: decode.Number(b.Height),
			}
			if *f.Box != want {
				t.Errorf("%s: got box %v, want %v", f.Name, *f.Box, want)
			}
		}
		if e.S3 != "" && s.Images[i].S3.String() != e.S3 {
			t.Errorf("%s: got object %v, want %s", f.Name, s.Images[i].S3, e.S3)
		}
	}
}
