package pack_test

import (
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/internal/bagtest"
)

// files are those of a pack, by name.
type files map[string]string

func (f files) put(name string, r io.Reader) error { return bagtest.Files(f).Put(name, r) }

// Entries and Open make files a tree.
func (f files) Entries(l bag.Limits) iter.Seq2[bag.Entry, *bag.Finding] {
	return bagtest.Files(f).Entries(l)
}

func (f files) Open(e bag.Entry) (io.ReadCloser, error) { return bagtest.Files(f).Open(e) }

// reseal makes the lists anew, as whoever changes a pack could.
func (f files) reseal() files {
	payload, tags := "", ""
	names := slices.Sorted(maps.Keys(f))
	for _, name := range names {
		if strings.HasPrefix(name, "data/") {
			payload += bagtest.Line(f[name], name)
		}
	}
	f["manifest-sha256.txt"] = payload
	for _, name := range names {
		if !strings.HasPrefix(name, "data/") && !strings.HasPrefix(name, "tagmanifest-") {
			tags += bagtest.Line(f[name], name)
		}
	}
	f[pack.TagManifest] = tags
	return f
}

func (f files) write(tb testing.TB) string {
	tb.Helper()
	dir := tb.TempDir()
	bagtest.Files(f).Write(tb, dir)
	return dir
}

func options() *pack.Options {
	return &pack.Options{
		Export: export.Options{
			Crop: annotate.DefaultCrop(),
			Tool: export.Tool{
				Version: "0.1.0", Go: "go1.26.8",
				Modules: map[string]string{}, Options: map[string]string{"threshold": ""},
			},
		},
		Time:         time.Date(2026, 11, 22, 17, 0, 0, 0, time.FixedZone("", 3600)),
		Case:         "KYC-2026-0815",
		Organisation: "Bank AG",
		Contact:      "Ada Lovelace",
		Purpose:      "customer due diligence",
		RetainUntil:  time.Date(2031, 11, 22, 0, 0, 0, 0, time.UTC),
		Info:         []bag.Field{{Label: "Branch", Value: "Köln"}},
	}
}

// sample returns the session of a sample.
func sample(tb testing.TB, name string) *decode.Session {
	tb.Helper()
	f, err := os.Open(filepath.Join("../../samples", name))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	for s, err := range decode.Sessions(f, &decode.Options{Name: name}) {
		if err != nil {
			tb.Fatal(err)
		}
		return s
	}
	tb.Fatal("no session in", name)
	return nil
}

func write(tb testing.TB, s *decode.Session, opts *pack.Options) files {
	tb.Helper()
	f := files{}
	if _, err := pack.Write(tb.Context(), s, opts, f.put); err != nil {
		tb.Fatal(err)
	}
	return f
}

// made keeps the pack that most tests change.
var made struct {
	sync.Once
	files
}

// good returns a pack that nothing is wrong with.
func good(tb testing.TB) files {
	tb.Helper()
	made.Do(func() { made.files = write(tb, sample(tb, "tiny.json"), options()) })
	return maps.Clone(made.files)
}

func verify(tb testing.TB, t bag.Tree) *pack.Verification {
	tb.Helper()
	v, err := pack.Verify(tb.Context(), t, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// found returns the checks, codes and paths of findings.
func found(v *pack.Verification) []string {
	list := []string{}
	for _, c := range v.Checks {
		for _, f := range c.Findings {
			list = append(list, strings.TrimSpace(fmt.Sprintf("%s: %s %s", c.Name, f.Code, f.Path)))
		}
	}
	return list
}

func wantFound(tb testing.TB, v *pack.Verification, want ...string) {
	tb.Helper()
	if got := found(v); !slices.Equal(got, want) {
		tb.Errorf("got findings %q, want %q", got, want)
		for _, c := range v.Checks {
			tb.Log(c.Name, c.Verdict, c.Words, c.Findings)
		}
	}
	if v.Passed() != (len(want) == 0) {
		tb.Errorf("got passed %t with %d findings", v.Passed(), len(want))
	}
}
