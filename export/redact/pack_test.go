package redact_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/bag/custody"
	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/export/pdf"
	"github.com/lvtool/lvtool/export/redact"
)

// putFrom is put for packs.
func (f folder) putFrom(name string, r io.Reader) error {
	data, err := io.ReadAll(r)
	f[name] = &fstest.MapFile{Data: data}
	return err
}

// Entries and Open make a folder the tree of a bag.
func (f folder) Entries(bag.Limits) iter.Seq2[bag.Entry, *bag.Finding] {
	return func(yield func(bag.Entry, *bag.Finding) bool) {
		for name, file := range f {
			if !yield(bag.Entry{Name: name, Size: int64(len(file.Data))}, nil) {
				return
			}
		}
	}
}

func (f folder) Open(e bag.Entry) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(f[e.Name].Data)), nil
}

// packOptions are those of packs with all that there is.
func packOptions() *pack.Options {
	write := func(w io.Writer, r *export.Report, load func(int, bool) *decode.Frame) error {
		return pdf.Write(w, r, load, nil)
	}
	return &pack.Options{
		Export: export.Options{
			Sheet: export.Layout{Columns: 1, Tile: 80}, Outputs: export.OutputNames(), PDF: write, Threshold: "90",
		},
		Time: time.Date(2026, 11, 28, 18, 0, 0, 0, time.UTC), Page: true, Case: "K-17",
	}
}

// sealed returns the pack of a result, with a signature, or what looks like one.
func sealed(tb testing.TB, data []byte, name string) folder {
	tb.Helper()
	f := folder{}
	opts := packOptions()
	opts.Seal = func(tags []byte, put bag.Put) error {
		return put("tagmanifest-sha256.txt.sig", strings.NewReader(digestOf(tags)+" signed"))
	}
	for s, err := range decode.Sessions(bytes.NewReader(data), &decode.Options{Name: name}) {
		if err == nil {
			_, err = pack.Write(tb.Context(), s, opts, f.putFrom)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	return f
}

// open verifies a pack with more checks, and returns what is in it.
func open(tb testing.TB, f folder, checks ...func(*pack.VerifyOptions)) *pack.Contents {
	tb.Helper()
	opts := &pack.VerifyOptions{}
	for _, c := range checks {
		c(opts)
	}
	v, in, err := pack.Read(tb.Context(), f, opts)
	if err != nil {
		tb.Fatal(err)
	}
	for _, c := range v.Checks {
		for _, found := range c.Findings {
			if found.Code != "seal-format" {
				tb.Errorf("%s: %s", c.Name, found)
			}
		}
	}
	return in
}

// copyPack returns the pack of a pack's copy.
func copyPack(tb testing.TB, full *redact.Full, o *redact.Options) (folder, *redact.Copy) {
	tb.Helper()
	c, err := redact.Result(tb.Context(), full, o)
	if err != nil {
		tb.Fatal(err)
	}
	out := folder{}
	made, err := c.Pack(tb.Context(), packOptions(), out.putFrom)
	if err != nil {
		tb.Fatal(err)
	}
	if made.Files != len(out) {
		tb.Errorf("%d files were searched, of %d", made.Files, len(out))
	}
	return out, c
}

// rederiving makes every file of a copy anew.
func rederiving(c *redact.Copy) func(*pack.VerifyOptions) {
	return func(v *pack.VerifyOptions) {
		r := &pack.Rederive{Options: func(given map[string]string) (*export.Options, error) {
			opts, err := recordedPack(given)
			opts.Load.Limits.ImageBytes = int64(len(c.Document))
			return opts, err
		}}
		v.More = append(v.More, r.Check)
	}
}

// recordedPack are the options of packOptions.
func recordedPack(given map[string]string) (*export.Options, error) {
	opts := packOptions().Export
	opts.Threshold = decode.Number(given["threshold"])
	opts.Unit = annotate.Unit(given["box-unit"])
	return &opts, nil
}

var hexDigest = regexp.MustCompile(`[0-9a-f]{64}`)

// TestPack holds that a copy's pack is whole, that everything in it can be made
// anew, that its log begins with the redaction, and that it shares no digest with
// the full pack but those of files that are the same in every pack.
func TestPack(t *testing.T) {
	f := sealed(t, source(t, 21, 60, 40), "of-erika.json")
	in := open(t, f)
	whole, err := redact.ReadPack(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, mode := range []redact.Mode{redact.Faces, redact.Background, redact.All} {
		out, c := copyPack(t, whole, options(mode))
		copied := open(t, out, rederiving(c))
		if copied.Provenance == nil || copied.Provenance.Session != c.ID || len(copied.Provenance.Sources) != 1 {
			t.Errorf("%s: got provenance %+v", mode, copied.Provenance)
		}
		_, events, found := custody.Verify("custody.jsonl", out["custody.jsonl"].Data, nil)
		if len(found) > 0 || len(events) != 3 || events[0].Event != custody.Redaction ||
			events[0].Object != "sha256:"+digestOf(c.Document)+" data/source/result.json" {
			t.Errorf("%s: got events %+v, %v", mode, events, found)
		}
		if !bytes.Contains(out["bag-info.txt"].Data, []byte("redacted copy")) {
			t.Errorf("%s: got\n%s", mode, out["bag-info.txt"].Data)
		}
		opts := &redact.VerifyOptions{Key: key, Packed: true, Recorded: recordedPack}
		fits, err := redact.Verify(t.Context(), copied.Payload(), in.Payload(), opening(c), opts)
		if err != nil || len(fits.Pixels) > 0 {
			t.Errorf("%s: got %+v, %v", mode, fits, err)
		}
		got, err := redact.CommitmentOf(copied.Payload())
		if err != nil || got != c.Redaction.Commitment {
			t.Errorf("%s: got commitment %s, %v", mode, got, err)
		}
		strangers(t, mode, f, out)
	}
}

// strangers holds that a copy names no file of the full pack.
func strangers(t *testing.T, mode redact.Mode, f, out folder) {
	t.Helper()
	secret := map[string]string{}
	for name, file := range f {
		if !slices.Contains([]string{"bagit.txt", "profile.json", "VERIFY.txt"}, name) {
			secret[digestOf(file.Data)] = name
		}
		for _, sum := range hexDigest.FindAllString(string(file.Data), -1) {
			if secret[sum] == "" && !strings.HasSuffix(name, ".pdf") { // where these are glyphs
				secret[sum] = "a digest in " + name
			}
		}
	}
	for _, same := range []string{"bagit.txt", "profile.json", "VERIFY.txt"} {
		delete(secret, digestOf(f[same].Data))
	}
	delete(secret, strings.Repeat("0", 64))
	for name, file := range out {
		for _, sum := range hexDigest.FindAllString(string(file.Data), -1) {
			// With Background the faces are the same, and meant to be.
			if from := secret[sum]; from != "" && mode != redact.Background {
				t.Errorf("%s: %s has the digest %.12s… of %s", mode, name, sum, from)
			}
		}
	}
}

// TestPackPlanted plants secrets in every part of a copy's pack: none gets out.
func TestPackPlanted(t *testing.T) {
	f := sealed(t, source(t, 22, 60, 40), "of-erika.json")
	in := open(t, f)
	whole, err := redact.ReadPack(in)
	if err != nil {
		t.Fatal(err)
	}
	c, err := redact.Result(t.Context(), whole, options(redact.Faces))
	if err != nil {
		t.Fatal(err)
	}
	id := *whole.Report.Session.ID
	head, _ := bag.Lookup(in.Bag.Info, custody.HeadLabel)
	sealing := func(name, data string) func(*pack.Options) {
		return func(o *pack.Options) {
			o.Seal = func(_ []byte, put bag.Put) error { return put(name, strings.NewReader(data)) }
		}
	}
	field := func(label, value string) func(*pack.Options) {
		return func(o *pack.Options) { o.Info = []bag.Field{{Label: label, Value: value}} }
	}
	sum := func(name string) string { return digestOf(f[name].Data) }
	raw := sha256.Sum256(f["data/originals/reference.jpg"].Data)
	for name, plant := range map[string]func(*pack.Options){
		"case":                func(o *pack.Options) { o.Case = id },
		"organisation":        func(o *pack.Options) { o.Organisation = "bank-of-22-evidence" },
		"contact":             func(o *pack.Options) { o.Contact = "Erika Mustermann 22" },
		"purpose":             func(o *pack.Options) { o.Purpose = "copy of " + sum("tagmanifest-sha256.txt") },
		"field":               field("Of", base64Of([]byte(id))),
		"label":               field(id, "x"),
		"version of the tool": func(o *pack.Options) { o.Export.Tool.Version = sum("data/report.json") },
		"module of the tool": func(o *pack.Options) {
			o.Export.Tool.Modules = map[string]string{"m": sum("provenance.json")}
		},
		"option of the tool": func(o *pack.Options) {
			o.Export.Tool.Options = map[string]string{"x": "of-erika.json"}
		},
		"signature":            sealing("tagmanifest-sha256.txt.sig", "by "+head),
		"digest in bytes":      sealing("tagmanifest-sha256.txt.sig", string(raw[:])),
		"digest of signature":  sealing("tagmanifest-sha256.txt.sig", sum("tagmanifest-sha256.txt.sig")),
		"digest of the page":   sealing("tagmanifest-sha256.txt.sig", sum("data/review.html")),
		"digest of the log":    sealing("tagmanifest-sha256.txt.sig", strings.ToUpper(sum("custody.jsonl"))),
		"name of a file":       sealing(id+".sig", "x"),
		"original":             sealing("x.sig", string(f["data/originals/audit-0.jpg"].Data)),
		"hidden pixels in PDF": sealing("x.pdf", string(f["data/session.pdf"].Data)),
	} {
		opts := packOptions()
		plant(opts)
		if _, err := c.Pack(t.Context(), opts, folder{}.putFrom); !errors.Is(err, redact.ErrLeak) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := c.Pack(t.Context(), packOptions(), folder{}.putFrom); err != nil {
		t.Errorf("without a plant: %v", err)
	}
	comment := []byte("a comment: " + hex.EncodeToString([]byte(id)))
	if err := c.Search("copy.zip", comment); !errors.Is(err, redact.ErrLeak) {
		t.Errorf("an archive: got %v", err)
	}
	failed := errors.New("full")
	for n := range 3 {
		put := func(string, io.Reader) error {
			if n--; n < 0 {
				return failed
			}
			return nil
		}
		if _, err := c.Pack(t.Context(), packOptions(), put); !errors.Is(err, failed) {
			t.Errorf("put that fails: got %v", err)
		}
	}
}

// TestAgain holds that a copy can be redacted again, as any session.
func TestAgain(t *testing.T) {
	f := sealed(t, source(t, 23, 60, 40), "a.json")
	whole, err := redact.ReadPack(open(t, f))
	if err != nil {
		t.Fatal(err)
	}
	first, _ := copyPack(t, whole, options(redact.Background))
	again, err := redact.ReadPack(open(t, first))
	if err != nil {
		t.Fatal(err)
	}
	o := options(redact.Faces)
	o.Key, o.Nonce = []byte("one key more that nobody knows"), bytes.Repeat([]byte{9}, 32)
	second, c := copyPack(t, again, o)
	if _, err := redact.CommitmentOf(second.fs()); err != nil {
		t.Error(err)
	}
	if !strings.Contains(fmt.Sprint(c.Redaction), "faces") {
		t.Errorf("got %+v", c.Redaction)
	}
}
