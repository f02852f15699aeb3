package pack_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/internal/need"
)

func TestWrite(t *testing.T) {
	s := sample(t, "edges.json")
	f := write(t, s, options())
	want := []string{
		"VERIFY.txt", "bag-info.txt", "bagit.txt", "custody.jsonl",
		"data/annotated/audit-0.png", "data/annotated/audit-1.png", "data/annotated/audit-2.png",
		"data/annotated/audit-3.png", "data/annotated/reference.png",
		"data/faces/audit-0.png", "data/faces/audit-1.png", "data/faces/audit-2.png",
		"data/faces/audit-3.png", "data/faces/reference.png",
		"data/originals/audit-0.jpg", "data/originals/audit-1.jpg", "data/originals/audit-2.jpg",
		"data/originals/audit-3.jpg", "data/originals/reference.jpg",
		"data/report.json", "data/sheet.png", "data/source/result.json",
		"manifest-sha256.txt", "profile.json", "provenance.json", "tagmanifest-sha256.txt",
	}
	if got := slices.Sorted(maps.Keys(f)); !slices.Equal(got, want) {
		t.Errorf("got files\n%q\nwant\n%q", got, want)
	}
	if f["data/source/result.json"] != string(s.Source.Data) {
		t.Error("the source is not as it came")
	}
	wantFound(t, verify(t, f))
	for _, part := range []string{
		"Source-Organization: Bank AG\nContact-Name: Ada Lovelace\n",
		"\nExternal-Identifier: " + s.ID + "\nBagging-Date: 2026-11-22\nBag-Software-Agent: lvtool/0.1.0\n",
		"\nCase: KYC-2026-0815\nPurpose: customer due diligence\nRetain-Until: 2031-11-22\nBranch: Köln\nCustody-Log-",
		"\nCustody-Log-Length: 3\nPayload-Oxum: ",
	} {
		if !strings.Contains(f["bag-info.txt"], part) {
			t.Errorf("bag-info.txt lacks %q:\n%s", part, f["bag-info.txt"])
		}
	}
	if n := strings.Count(f["custody.jsonl"], `"time":"2026-11-22T16:00:00Z"`); n != 3 {
		t.Errorf("%d events at the time of packing, want 3:\n%s", n, f["custody.jsonl"])
	}
}

// TestSameBytes holds that the same input gives the same pack, also in another
// time zone.
func TestSameBytes(t *testing.T) {
	opts := options()
	opts.Time = opts.Time.In(time.FixedZone("", -7200))
	if !maps.Equal(good(t), write(t, sample(t, "tiny.json"), opts)) {
		t.Error("the second pack differs from the first")
	}
}

// TestSamples packs and verifies every sample.
func TestSamples(t *testing.T) {
	for _, name := range []string{
		"created.json", "s3.json", "low-confidence.json", "inside.json", "tiny.json",
	} {
		t.Run(name, func(t *testing.T) {
			wantFound(t, verify(t, write(t, sample(t, name), options())))
		})
	}
}

// TestHostileSession packs what comes from outside as text.
func TestHostileSession(t *testing.T) {
	s := sample(t, "tiny.json")
	s.ID = "../x\n\u202eevil: \x1b[31m" + strings.Repeat("y", 500)
	s.Source.Name = "../../etc\x00passwd"
	f := write(t, s, options())
	wantFound(t, verify(t, f))
	if strings.ContainsAny(f["bag-info.txt"], "\x1b\u202e") {
		t.Errorf("got %q", f["bag-info.txt"])
	}
}

func TestOptions(t *testing.T) {
	for name, change := range map[string]func(*pack.Options){
		"no time":          func(o *pack.Options) { o.Time = time.Time{} },
		"retained already": func(o *pack.Options) { o.RetainUntil = o.Time.AddDate(0, 0, -2) },
		"own label":        func(o *pack.Options) { o.Info = []bag.Field{{Label: "case", Value: "x"}} },
		"log label":        func(o *pack.Options) { o.Info = []bag.Field{{Label: "Custody-Log-Head", Value: "x"}} },
		"two lines":        func(o *pack.Options) { o.Case = "a\nb" },
		"label":            func(o *pack.Options) { o.Info = []bag.Field{{Label: "a:b", Value: "x"}} },
		"unit":             func(o *pack.Options) { o.Export.Threshold = "101" },
	} {
		opts := options()
		change(opts)
		err := opts.Validate()
		if !errors.Is(err, pack.ErrOptions) && !errors.Is(err, export.ErrOptions) {
			t.Errorf("%s: got %v, want %v", name, err, pack.ErrOptions)
		}
		if _, err := pack.Write(t.Context(), sample(t, "tiny.json"), opts, files{}.put); err == nil {
			t.Errorf("%s: written", name)
		}
	}
}

func TestSeal(t *testing.T) {
	opts := options()
	var signed []byte
	opts.Seal = func(tagManifest []byte, put bag.Put) error {
		signed = tagManifest
		return put(pack.TagManifest+".sig", strings.NewReader("signature"))
	}
	f := write(t, sample(t, "tiny.json"), opts)
	if f[pack.TagManifest] != string(signed) || f[pack.TagManifest+".sig"] != "signature" {
		t.Errorf("got %q to sign", signed)
	}
	wantFound(t, verify(t, f))
	f["tagmanifest-sha256.txt.sigh"] = "no signature"
	wantFound(t, verify(t, f), "completeness: extra tagmanifest-sha256.txt.sigh")
}

func TestSHA512AndHold(t *testing.T) {
	opts := options()
	opts.SHA512, opts.LegalHold, opts.Captured = true, true, true
	f := write(t, sample(t, "tiny.json"), opts)
	wantFound(t, verify(t, f))
	if f["manifest-sha512.txt"] == "" || f["tagmanifest-sha512.txt"] == "" {
		t.Error("no manifests of SHA-512")
	}
	held := strings.Contains(f["bag-info.txt"], "\nLegal-Hold: true\n")
	if !held || !strings.Contains(f["custody.jsonl"], `"capture"`) {
		t.Errorf("got\n%s\n%s", f["bag-info.txt"], f["custody.jsonl"])
	}
}

func TestSourceNames(t *testing.T) {
	for encoding, want := range map[string]string{
		"": "result.json", "gzip": "result.json.gz", "zstd": "result.json.zst", "yaml": "result.yaml",
		"utf-16le": "result.json", "gzip, yaml": "result.bin",
	} {
		s := sample(t, "created.json")
		s.Source.Encoding = encoding
		if _, ok := write(t, s, options())["data/source/"+want]; !ok {
			t.Errorf("%q: no %s", encoding, want)
		}
	}
}

func TestPutFails(t *testing.T) {
	fail := errors.New("disk full")
	for n := range 12 {
		left := n
		put := func(_ string, r io.Reader) error {
			if left--; left < 0 {
				return fail
			}
			_, err := io.Copy(io.Discard, r)
			return err
		}
		if _, err := pack.Write(t.Context(), sample(t, "tiny.json"), options(), put); !errors.Is(err, fail) {
			t.Errorf("after %d files: got %v, want %v", n, err, fail)
		}
	}
}

// TestProfile holds that the profile is one, and names what a pack has.
func TestProfile(t *testing.T) {
	var p struct {
		Info struct {
			ID string `json:"BagIt-Profile-Identifier"`
		} `json:"BagIt-Profile-Info"`
		BagInfo map[string]struct{ Required bool } `json:"Bag-Info"`
		Tags    []string                           `json:"Tag-Files-Required"`
	}
	if err := json.Unmarshal(pack.Profile(), &p); err != nil {
		t.Fatal(err)
	}
	f := good(t)
	if p.Info.ID != pack.ProfileID || f[pack.ProfileFile] != string(pack.Profile()) {
		t.Errorf("got profile %s", p.Info.ID)
	}
	for label, rule := range p.BagInfo {
		if rule.Required && !strings.Contains(f["bag-info.txt"], "\n"+label+": ") {
			t.Errorf("bag-info.txt lacks %s", label)
		}
	}
	for _, name := range p.Tags {
		if f[name] == "" {
			t.Errorf("no %s", name)
		}
	}
}

// commands returns the lines of a section of VERIFY.txt that are commands.
func commands(text, section string) []string {
	_, text, _ = strings.Cut(text, "\n"+section+"\n")
	text, _, _ = strings.Cut(text, "\n\n\n")
	var blocks []string
	for block := range strings.SplitSeq(text, "\n\n") {
		if strings.HasPrefix(strings.TrimLeft(block, "\n"), "    ") {
			blocks = append(blocks, strings.ReplaceAll("\n"+strings.TrimLeft(block, "\n"), "\n    ", "\n"))
		}
	}
	return blocks
}

// TestVerifyText follows what VERIFY.txt says for Linux, but for signatures,
// first on a good pack, then on one with a change for each command to find.
func TestVerifyText(t *testing.T) {
	sh := need.Program(t, "sh")
	need.Program(t, "sha256sum")
	run := func(f files, command string) (string, error) {
		cmd := exec.CommandContext(t.Context(), sh, "-ec", command)
		cmd.Dir = f.write(t)
		var out bytes.Buffer
		cmd.Stdout = &out
		err := cmd.Run()
		return out.String(), err
	}
	blocks := commands(good(t)[pack.VerifyFile], "1. Linux")
	if len(blocks) != 6 {
		t.Fatalf("got %d blocks of commands, want 6: %q", len(blocks), blocks)
	}
	changed, added := good(t), good(t)
	changed["data/report.json"] += " "
	added["data/extra.txt"] = "boo"
	for i, bad := range []files{changed, added} {
		if out, err := run(good(t), blocks[i]); err != nil {
			t.Errorf("%s: %v\n%s", blocks[i], err, out)
		}
		if _, err := run(bad, blocks[i]); err == nil {
			t.Errorf("%s: nothing found", blocks[i])
		}
	}
	out, err := run(good(t), blocks[2])
	lines := strings.Split(out, "\n")
	if err != nil || len(lines) != 4 || lines[1]+" "+strings.Fields(lines[2])[1] !=
		"Custody-Log-Head: "+lines[0][:64]+" 3" || lines[0][65:] != "3" {
		t.Errorf("got %q, %v", out, err)
	}
}

func BenchmarkWrite(b *testing.B) {
	s := sample(b, "session.json")
	discard := func(_ string, r io.Reader) error {
		_, err := io.Copy(io.Discard, r)
		return err
	}
	b.Run("convert", func(b *testing.B) {
		opts := options()
		b.ReportAllocs()
		nothing := func(string, []byte) error { return nil }
		for b.Loop() {
			if _, err := export.Convert(b.Context(), s, &opts.Export, nothing); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("pack", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := pack.Write(b.Context(), s, options(), discard); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func TestEarlier(t *testing.T) {
	s := sample(t, "tiny.json")
	f := good(t)
	read := func(name string) ([]byte, error) {
		if data, ok := f[name]; ok {
			return []byte(data), nil
		}
		return nil, errors.New("not there")
	}
	later := options()
	later.Time = later.Time.AddDate(0, 1, 0)
	if !pack.Earlier(s, later, read) {
		t.Error("the pack is not taken for what would be made a month later")
	}
	other := options()
	other.Case = "another"
	tool := options()
	tool.Export.Tool.Version = "0.2.0"
	another := pack.Earlier(sample(t, "created.json"), later, read)
	if another || pack.Earlier(s, other, read) || pack.Earlier(s, tool, read) {
		t.Error("the pack is taken for another")
	}
	delete(f, pack.ProvenanceFile)
	if pack.Earlier(s, later, read) {
		t.Error("half a pack is taken for one")
	}
}
