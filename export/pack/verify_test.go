package pack_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/bag/custody"
	"github.com/lvtool/lvtool/export/bag/seal"
	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/internal/bagtest"
)

// forge makes all anew that depends on the payload and the provenance record,
// as whoever has lvtool's source could: the log, its anchor, and the lists.
func (f files) forge(tb testing.TB) files {
	tb.Helper()
	f.reseal()
	log := custody.New()
	for line := range strings.Lines(f[pack.CustodyFile]) {
		var e custody.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			tb.Fatal(err)
		}
		_, name, _ := strings.Cut(e.Object, " ")
		sum, _, _ := strings.Cut(lineOf(f[name]), " ")
		if err := log.Add(e.Time, e.Agent, e.Event, "sha256:"+sum+" "+name); err != nil {
			tb.Fatal(err)
		}
	}
	f[pack.CustodyFile] = string(log.Bytes())
	info, _, _ := strings.Cut(f["bag-info.txt"], "Custody-Log-Head")
	for _, a := range log.Anchor() {
		info += a.Label + ": " + a.Value + "\n"
	}
	bytes, count := 0, 0
	for name, data := range f {
		if strings.HasPrefix(name, "data/") {
			bytes, count = bytes+len(data), count+1
		}
	}
	f["bag-info.txt"] = info + "Payload-Oxum: " + strconv.Itoa(bytes) + "." + strconv.Itoa(count) + "\n"
	return f.reseal()
}

func lineOf(data string) string { return bagtest.Line(data, "") }

func replace(f files, name, old, text string) {
	if !strings.Contains(f[name], old) {
		panic(name + " has no " + old)
	}
	f[name] = strings.Replace(f[name], old, text, 1)
}

func swap(name, old, text string) func(files) { return func(f files) { replace(f, name, old, text) } }

// member returns the text of a JSON file from a mark to the end of its line.
func member(f files, name, mark string) string {
	_, rest, _ := strings.Cut(f[name], mark)
	rest, _, _ = strings.Cut(rest, "\n")
	return mark + rest
}

// TestTampered changes one thing in a pack, as somebody without its tools would:
// one thing is found.
func TestTampered(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(files)
		want   string
	}{
		{"picture changed", func(f files) { f["data/sheet.png"] += "x" }, "digests: checksum data/sheet.png"},
		{"report changed", swap("data/report.json", "SUCCEEDED", "SUCCEEDEd"), "digests: checksum data/report.json"},
		{
			"source changed", swap("data/source/result.json", "SUCCEEDED", "SUCCEEDEd"),
			"digests: checksum data/source/result.json",
		},
		{"log changed", swap(pack.CustodyFile, "lvtool/0", "lvtool/1"), "digests: checksum custody.jsonl"},
		{"label changed", swap("bag-info.txt", "0815", "0816"), "digests: checksum bag-info.txt"},
		{"provenance changed", swap(pack.ProvenanceFile, "mark", "Mark"), "digests: checksum provenance.json"},
		{"tag file added", func(f files) { f["notes.txt"] = "" }, "completeness: extra notes.txt"},
		{"original gone", func(f files) {
			delete(f, "data/originals/reference.jpg")
		}, "completeness: missing data/originals/reference.jpg"},
		{"tag manifest gone", func(f files) { delete(f, pack.TagManifest) }, "structure: no-tagmanifest"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := good(t)
			test.change(f)
			wantFound(t, verify(t, f), test.want)
		})
	}
}

// TestForged changes one thing in a pack, and makes anew all that lists it:
// without a signature, what contradicts itself is found.
func TestForged(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(f files)
		want   []string
	}{
		{"nothing", func(files) {}, nil},
		{"other status", swap("data/report.json", `"SUCCEEDED"`, `17`), []string{
			"report: report-schema data/report.json", "provenance: provenance-file data/report.json",
		}},
		{"other picture", func(f files) { f["data/sheet.png"] = "x" }, []string{
			"report: report-file data/sheet.png", "report: report-file data/sheet.png",
			"provenance: provenance-file data/sheet.png",
		}},
		{"file added", func(f files) { f["data/extra.txt"] = "x" }, []string{
			"report: report-unnamed data/extra.txt", "provenance: provenance-open data/extra.txt",
		}},
		{"second source", func(f files) { f["data/source/result.yaml"] = "x" }, []string{
			"report: report-unnamed data/source/result.yaml", "provenance: provenance-open data/source/result.yaml",
		}},
		{"other source", func(f files) { f["data/source/result.json"] += " " }, []string{
			"report: report-source data/source/result.json", "provenance: provenance-file data/source/result.json",
		}},
		{"unknown operation", swap(pack.ProvenanceFile, "mark face box", "improve"), []string{
			"provenance: provenance-schema provenance.json",
		}},
		{"input of nowhere", func(f files) {
			mark := strings.Index(f[pack.ProvenanceFile], "mark face box")
			head, tail := f[pack.ProvenanceFile][:mark], f[pack.ProvenanceFile][mark:]
			f[pack.ProvenanceFile] = head + strings.Replace(tail, "data/originals", "data/elsewhere", 1)
		}, []string{"provenance: provenance-open data/annotated/reference.png"}},
		{"other session", func(f files) {
			replace(f, pack.ProvenanceFile, member(f, pack.ProvenanceFile, `"session": "`), `"session": "another",`)
		}, []string{"provenance: provenance-session provenance.json"}},
		{"other label", func(f files) {
			replace(f, "bag-info.txt", "External-Identifier: ", "External-Identifier: x")
		}, []string{"report: report-session bag-info.txt"}},
		{"no JSON", func(f files) { f[pack.ProvenanceFile] = "{" }, []string{
			"provenance: provenance-schema provenance.json",
		}},
		{"number that costs", func(f files) {
			replace(f, pack.ProvenanceFile, `"bytes": `, `"bytes": 1e999999999, "x": `)
		}, []string{"provenance: provenance-schema provenance.json"}},
		{"no provenance", func(f files) { delete(f, pack.ProvenanceFile) }, []string{
			"custody: custody-object custody.jsonl", "provenance: pack-file provenance.json",
		}},
		{"no report", func(f files) { delete(f, pack.ReportFile) }, []string{
			"report: pack-file data/report.json", "provenance: provenance-file data/report.json",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := good(t)
			test.change(f)
			if got := found(verify(t, f.forge(t))); !slices.Equal(got, append([]string{}, test.want...)) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// TestForgedLog changes the custody log, and lists it anew.
func TestForgedLog(t *testing.T) {
	lines := strings.SplitAfter(good(t)[pack.CustodyFile], "\n")
	for _, test := range []struct{ name, data, want string }{
		{"cut", lines[0] + lines[1], "custody-length custody.jsonl"},
		{"moved", lines[1] + lines[0] + lines[2], "custody-chain custody.jsonl"},
		{
			"edited", strings.Replace(lines[0], "ingestion", "capture", 1) + lines[1] + lines[2],
			"custody-chain custody.jsonl",
		},
		{"last edited", lines[0] + lines[1] + strings.Replace(lines[2], "0.1", "0.2", 1), "custody-head custody.jsonl"},
		{"gone", "", "pack-file custody.jsonl"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := good(t)
			if f[pack.CustodyFile] = test.data; test.data == "" {
				delete(f, pack.CustodyFile)
			}
			got := found(verify(t, f.reseal()))
			if len(got) == 0 || got[0] != "custody: "+test.want {
				t.Errorf("got %q, want %q first", got, test.want)
			}
			if test.name != "moved" && len(got) != 1 {
				t.Errorf("got %q, want one finding", got)
			}
		})
	}
}

// TestEveryByte changes every byte of the small files of a pack, and five
// thousand of the others: each change is found.
func TestEveryByte(t *testing.T) {
	opts := options()
	opts.Export.Sheet.Tile = export.MinTile
	by := signer(t)
	const signature = pack.TagManifest + ".sig"
	opts.Seal = func(tagManifest []byte, put bag.Put) error {
		text, err := seal.Sign(tagManifest, seal.Namespace, by)
		return cmp.Or(err, put(signature, bytes.NewReader(text)))
	}
	f := write(t, sample(t, "created.json"), opts)
	trust := allowing(t, by)
	random := rand.New(rand.NewPCG(1, 2))
	strict := &bag.Options{Strict: true, Known: func(name string) bool { return name == signature }}
	change := func(name string, i int) {
		old := f[name]
		f[name] = old[:i] + string(old[i]^1<<random.IntN(8)) + old[i+1:]
		if name == signature { // no list has it
			if v, err := pack.Verify(t.Context(), f, trust); err != nil || v.Passed() {
				t.Errorf("%s: a change of byte %d is not found (%v)", name, i, err)
			}
		} else if r, err := bag.Verify(t.Context(), f, strict); err != nil || r.Valid() {
			t.Errorf("%s: a change of byte %d is not found (%v)", name, i, err)
		}
		f[name] = old
	}
	if v, err := pack.Verify(t.Context(), f, trust); err != nil || !v.Passed() {
		t.Fatalf("got %v, %v of the pack as it is", v, err)
	}
	var large []string
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if len(f[name]) > 2000 {
			large = append(large, name)
			continue
		}
		for i := 0; i < len(f[name]); i += sparser {
			change(name, i)
		}
	}
	for i := range 5000 / sparser {
		name := large[i%len(large)]
		change(name, random.IntN(len(f[name])))
	}
}

// TestEveryFile removes every file of a pack, and adds one beside it.
func TestEveryFile(t *testing.T) {
	opts := options()
	opts.SHA512 = true
	whole := write(t, sample(t, "tiny.json"), opts)
	for name := range whole {
		f := maps.Clone(whole)
		delete(f, name)
		if verify(t, f).Passed() {
			t.Errorf("%s: not missed", name)
		}
		for _, beside := range []string{name + "~", name[:strings.LastIndex(name, "/")+1] + ".hidden"} {
			f = maps.Clone(whole)
			f[beside] = ""
			if verify(t, f).Passed() {
				t.Errorf("%s: not found", beside)
			}
		}
	}
}

func TestOtherBag(t *testing.T) {
	f := files{
		"bagit.txt":         "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n",
		"data/a.txt":        "one\n",
		"manifest-md5.txt":  "5bbf5a52328e7439ae6e719dfe712200 *data/a.txt\r\n",
		"surprise/at.all":   "",
		"data/nul/such.txt": "one\n",
	}
	f["manifest-md5.txt"] += "5bbf5a52328e7439ae6e719dfe712200  data/nul/such.txt\r\n"
	v := verify(t, f)
	if v.Kind != pack.KindBag || !v.Passed() || len(v.Checks) != 3 || v.TagManifest != "" {
		t.Errorf("got %+v", v)
	}
	f["data/a.txt"] = "two\n"
	if v := verify(t, f); v.Passed() {
		t.Error("a changed file is not found")
	}
	v = verify(t, files{"a.txt": ""})
	if v.Kind != pack.KindNone || v.Passed() ||
		v.Checks[1].Verdict != pack.Skipped || v.Checks[2].Verdict != pack.Skipped {
		t.Errorf("got %+v, want nothing said to have passed", v)
	}
}

// TestReplacedByBag holds that who wants a signature or a timestamp is not given a
// plain bag for a pack.
func TestReplacedByBag(t *testing.T) {
	signers := allowing(t, signer(t)).Trust.AllowedSigners
	plain := func() files {
		f := files{"bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "data/a": "x"}
		return f.reseal()
	}
	signed := plain()
	signature, err := seal.Sign([]byte(signed[pack.TagManifest]), seal.Namespace, signer(t))
	if err != nil {
		t.Fatal(err)
	}
	signed[pack.TagManifest+".sig"] = string(signature)
	other := maps.Clone(signed)
	other["data/a"] = "y"
	other.reseal()
	later := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	missing := "signature: signature-missing tagmanifest-sha256.txt"
	for name, test := range map[string]struct {
		f     files
		trust pack.Trust
		want  []string
	}{
		"no demand":     {plain(), pack.Trust{}, nil},
		"signers":       {plain(), pack.Trust{AllowedSigners: signers}, []string{missing}},
		"any signature": {plain(), pack.Trust{RequireSignature: true}, []string{missing}},
		"timestamp":     {plain(), pack.Trust{Before: later}, []string{"timestamp: timestamp-late"}},
		"signed bag":    {signed, pack.Trust{AllowedSigners: signers}, nil},
		"other signed file": {other, pack.Trust{AllowedSigners: signers}, []string{
			"signature: signature-mismatch tagmanifest-sha256.txt.sig",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := pack.Verify(t.Context(), test.f, &pack.VerifyOptions{Trust: &test.trust})
			if err != nil {
				t.Fatal(err)
			}
			wantFound(t, v, test.want...)
		})
	}
}

func signer(tb testing.TB) *seal.Signer {
	tb.Helper()
	s, err := seal.NewSigner(ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize)))
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// allowing returns options that want a signature by a key.
func allowing(tb testing.TB, by *seal.Signer) *pack.VerifyOptions {
	tb.Helper()
	signers, err := seal.ParseAllowedSigners([]byte("a "+by.Public()), seal.AllowedOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	return &pack.VerifyOptions{Trust: &pack.Trust{AllowedSigners: signers}}
}

// TestUnicodeCollision holds that names which Apple's systems take for one are
// found.
func TestUnicodeCollision(t *testing.T) {
	f := good(t)
	f["data/\u00e9.txt"], f["data/e\u0301.txt"] = "x", "x"
	codes := strings.Join(found(verify(t, f.forge(t))), "\n")
	if !strings.Contains(codes, "structure: collision data/\u00e9.txt") {
		t.Errorf("got\n%s", codes)
	}
}

func TestMoreChecks(t *testing.T) {
	signature := func(_ context.Context, c *pack.Contents) pack.Check {
		words := strconv.Itoa(len(c.Report.Frames)) + " frames, " + strconv.Itoa(len(c.Provenance.Sources)) + " source"
		return pack.Check{Name: "signature", Verdict: pack.Skipped, Words: words}
	}
	v, err := pack.Verify(t.Context(), good(t), &pack.VerifyOptions{
		More: []func(context.Context, *pack.Contents) pack.Check{signature},
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range v.Checks {
		names = append(names, c.Name+" "+string(c.Verdict))
	}
	want := "structure passed, completeness passed, digests passed, custody passed, report passed, " +
		"provenance passed, signature skipped"
	if got := strings.Join(names, ", "); got != want || !v.Passed() {
		t.Errorf("got %s, want %s", got, want)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := pack.Verify(ctx, good(t), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestVerifyFolderAndZip(t *testing.T) {
	f := good(t)
	root, err := os.OpenRoot(f.write(t))
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	folder := verify(t, bag.Folder(root))
	wantFound(t, folder)
	var archive bytes.Buffer
	z, err := bag.NewZip(&archive, "some-session")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pack.Write(t.Context(), sample(t, "tiny.json"), options(), z.Put); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	tree, err := bag.OpenZip(bytes.NewReader(archive.Bytes()), int64(archive.Len()), bag.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	zipped := verify(t, tree)
	wantFound(t, zipped)
	if zipped.TagManifest != folder.TagManifest || len(folder.TagManifest) != 64 {
		t.Errorf("got %s of the archive, %s of the folder", zipped.TagManifest, folder.TagManifest)
	}
}
