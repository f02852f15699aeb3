package decode_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/lvtool/lvtool/decode"
)

// outcome writes sessions and errors in the order they came: ids, and where an
// error is, as line:column.
func outcome(doc string, limits decode.Limits) string {
	var list []string
	for s, err := range decode.Sessions(strings.NewReader(doc), &decode.Options{Limits: limits}) {
		var e *decode.DocumentError
		switch {
		case err == nil:
			list = append(list, s.ID+"@"+strconv.Itoa(s.Source.Line))
		case errors.As(err, &e):
			list = append(list, fmt.Sprintf("%d:%d", e.Line, e.Column))
		default:
			list = append(list, err.Error())
		}
	}
	return strings.Join(list, " ")
}

// A broken text in a stream is reported with its place, and the ones after it
// still come.
func TestStreams(t *testing.T) {
	one := func(id string) string { return `{"SessionId":"` + id + `","Status":"SUCCEEDED"}` }
	a, b, c := one("a"), one("b"), one("c")
	pretty := func(id string) string { return "{\n  \"SessionId\": \"" + id + "\",\n  \"Status\": \"SUCCEEDED\"\n}" }
	for _, tt := range []struct{ name, doc, want string }{
		{"JSON Lines", a + "\n" + b + "\n" + c + "\n", "a@1 b@2 c@3"},
		{"JSON Lines of Windows", a + "\r\n" + b + "\r\n", "a@1 b@2"},
		{"blank lines", "\n\n" + a + "\n\n\n" + b, "a@3 b@6"},
		{"joined files with marks", "\ufeff" + a + "\n\ufeff" + b, "a@1 b@2"},
		{"text sequence", "\x1e" + a + "\n\x1e" + b + "\n", "a@1 b@2"},
		{"without anything between", a + b + c, "a@1 b@1 c@1"},
		{"with commas between", a + ",\n" + b + ",\n", "a@1 b@2"},
		{"indented, concatenated", pretty("a") + "\n" + pretty("b") + "\n", "a@1 b@5"},
		{"array", "[" + a + ", " + b + "]", "a@1 b@1"},
		{"array over lines", "[\n" + a + ",\n" + b + "\n]\n", "a@2 b@3"},
		{"array of one", "[" + a + "]", "a@1"},
		{"arrays", "[" + a + "]\n[" + b + "]", "a@1 b@2"},
		{"array of arrays", "[[" + a + "],[" + b + "," + c + "]]", "a@1 b@1 c@1"},
		{"empty array", "[]", "1:1"},
		{"in an object", `{"results":[` + a + "," + b + "]}", "a@1 b@1"},
		{"in an object with numbers", `{"0":` + a + `,"1":` + b + "}", "a@1 b@1"},
		{"session in a session", `{"SessionId":"a","AuditImages":[],"previous":` + b + `}`, "a@1 b@1"},
		{"YAML documents", "---\nSessionId: a\nStatus: FAILED\n---\nSessionId: b\nStatus: FAILED\n", "a@2 b@5"},
		{"YAML list", "- SessionId: a\n  Status: FAILED\n- SessionId: b\n  Status: FAILED\n", "a@1 b@3"},
		{"YAML names, then JSON Lines", "INFO: start\nINFO: " + a + "\nINFO: " + b + "\n", "a@2 b@3"},

		{"cut in the middle", a + "\n" + b[:20] + "\n" + c + "\n", "a@1 2:21 c@3"},
		{"cut in a string", a + "\n" + b[:len(b)-4] + "\n" + c + "\n", "a@1 2:35 c@3"},
		{"cut between values", a + "\n" + b[:len(b)-1] + "\n" + c + "\n", "a@1 3:1 c@3"},
		{"cut first", b[:len(b)-1] + "\n" + a + "\n" + c, "2:1 a@2 c@3"},
		{"cut last", a + "\n" + b[:30], "a@1 2:31"},
		{"indented and cut", pretty("a")[:20] + "\n" + pretty("b"), "3:1 b@3"},
		{"no comma", a + "\n{\"SessionId\":\"b\" \"Status\":\"x\"}\n" + c, "a@1 2:18 c@3"},
		{"name twice", a + "\n{\"SessionId\":\"b\",\"SessionId\":\"b\"}\n" + c, "a@1 2:18 c@3"},
		{"words", a + "\nhello\n" + c, "a@1 2:1 c@3"},
		{"bracket too many", a + "}\n" + c, "a@1 1:39 c@2"},
		{"in an array", "[" + a + ",\n" + b[:len(b)-1] + "\n" + c + "]", "a@1 3:1 c@3"},
		{"array without its end", "[" + a + ",\n" + b + ",\n", "a@1 b@2 3:1"},
		{"array without a comma", "[" + a + "\n" + b + "]", "a@1 2:1 b@2"},
		{"other results beside", a + "\n" + `{"FaceDetails":[]}` + "\n" + c, "a@1 2:1 c@3"},
		{"other results before", `{"FaceDetails":[]}` + "\n" + a, "1:1 a@2"},
		{"other results alone", `{"FaceDetails":[]}` + "\n" + `{"FaceDetails":[]}`, "1:1"},
		{"null beside", "[" + a + ",null]", "a@1 1:41"},
		{"failures beside wrapped ones", `{"r":` + a + "}\n" + `{"error":"gone"}`, "a@1 2:1"},
		{"failures in a log", `{"r":` + a + "}\n" + `{"level":"error","error":"gone"}`, "a@1"},
		{"failures elsewhere", `{"r":` + a + `,"warnings":[{"error":"old"}]}`, "a@1"},
		{"records beside wrapped ones", `{"r":` + a + "}\n" + `{"level":"info"}`, "a@1"},
		{"failures in a list", `{"all":[` + a + `,{"error":"gone"},null]}`, "1:48 1:65 a@1"},
		{"log", "x {y} {\"z\":1}\nINFO " + a + " done\n{\"SessionId\":\"q\"\nINFO " + b + "\n", "a@2 3:1 b@4"},
	} {
		if got := outcome(tt.doc, decode.Limits{}); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Whoever stops reading gets nothing more, wherever that is.
func TestStop(t *testing.T) {
	one := `{"SessionId":"a","Status":"SUCCEEDED"}`
	for _, doc := range []string{
		one + "\nx\n{\n" + one,
		"[" + one + ",null,x\n" + one + " " + one,
		"INFO " + one + one + " {\"SessionId",
		`{"a":1}` + "\n" + `{"b":1}` + "\n" + one,
		`{"all":[{"error":1},` + one + "," + one + `]}`,
		"---\nSessionId: a\nStatus: FAILED\n---\n- x: [\n---\nSessionId: b\nStatus: FAILED\n",
	} {
		whole := len(strings.Fields(outcome(doc, decode.Limits{})))
		for stop := range whole {
			count := 0
			for s, err := range decode.Sessions(strings.NewReader(doc), nil) {
				if (s == nil) == (err == nil) {
					t.Errorf("%q: session %v with error %v", doc, s, err)
				}
				if count == stop {
					break
				}
				count++
			}
		}
		if whole < 3 {
			t.Errorf("%q: only %d to stop at", doc, whole)
		}
	}
}

// A text over the limit costs only itself.
func TestStreamLimit(t *testing.T) {
	big := `{"SessionId":"big","Status":"` + strings.Repeat("x", 2000) + `"}`
	small := `{"SessionId":"a","Status":"FAILED"}`
	doc := small + "\n" + big + "\n" + small + "\n"
	if got, want := outcome(doc, decode.Limits{Document: 1000}), "a@1 2:1 a@3"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// However a stream comes in pieces, the outcome is the same.
func TestPieces(t *testing.T) {
	s := newSample(t)
	for _, doc := range []string{
		s.wire(b64) + "\n" + s.wire(torn64) + "\n{\"a\n" + s.camel(keyed),
		"[" + s.wire(b64) + ",\n" + s.wire(ints) + "]\n ",
		"INFO " + s.wire(b64) + " {\"x\n", "---\n" + s.yaml("", plain64) + "---\n" + s.yaml("", plain64),
		csvRow("1", "2", s.wire(b64)), gzipped(t, s.wire(b64)), s.wire(b64),
	} {
		want := outcome(doc, decode.Limits{})
		for _, slow := range []func(io.Reader) io.Reader{
			iotest.OneByteReader, iotest.DataErrReader, iotest.HalfReader,
		} {
			sessions, errs := all(decode.Sessions(slow(strings.NewReader(doc)), nil))
			var got []string
			for _, s := range sessions {
				got = append(got, s.ID)
			}
			if n := strings.Count(want, "@"); len(sessions) != n || len(errs) != len(strings.Fields(want))-n {
				t.Errorf("%.40q: got %v, %v; want %s", doc, got, errs, want)
			}
		}
	}
}

// Source.Data is the whole file where it holds one session, so that its digest
// is what sha256sum says of the file.
func TestSourceData(t *testing.T) {
	s := newSample(t)
	wire := s.wire(b64)
	for _, tt := range []struct{ doc, data, pointer, encoding string }{
		{wire + "\n", wire + "\n", "", ""},
		{"\ufeff \n" + wire + "\r\n\r\n", "\ufeff \n" + wire + "\r\n\r\n", "", ""},
		{"[ " + wire + " ]\n", "[ " + wire + " ]\n", "/0", ""},
		{`{"body":` + str(wire) + `}`, `{"body":` + str(wire) + `}`, "/body", ""},
		{`{"a/b":{"~":[` + wire + `]}}`, `{"a/b":{"~":[` + wire + `]}}`, "/a~1b/~0/0", ""},
		{gzipped(t, wire), gzipped(t, wire), "", "gzip"},
		{gzipped(t, "["+wire+"]"), gzipped(t, "["+wire+"]"), "/0", "gzip"},
		{s.yaml("", plain64), s.yaml("", plain64), "", "yaml"},
		{plain64([]byte(wire)) + "\n", plain64([]byte(wire)) + "\n", "", ""},
		{wire + "\n" + wire, wire, "", ""},
		{"[" + wire + "," + wire + "]", wire, "", ""},
		{`{"r":[` + wire + "," + wire + "]}", wire, "", ""},
		{"INFO " + wire + "\n", wire, "", ""},
	} {
		sessions, errs := read(tt.doc)
		if len(sessions) == 0 || errs != nil {
			t.Errorf("%.40q: %v", tt.doc, errs)
			continue
		}
		got := sessions[0].Source
		if string(got.Data) != tt.data || got.SHA256 != sha256.Sum256([]byte(tt.data)) {
			t.Errorf("%.40q: got data %.60q", tt.doc, got.Data)
		}
		if got.Pointer != tt.pointer || got.Encoding != tt.encoding {
			t.Errorf("%.40q: got pointer %q, encoding %q", tt.doc, got.Pointer, got.Encoding)
		}
		if want := tt.pointer + "/AuditImages/0"; sessions[0].Images[1].Pointer != want {
			t.Errorf("%.40q: got image pointer %q, want %q", tt.doc, sessions[0].Images[1].Pointer, want)
		}
	}
}

// repeated is a stream of n copies of a text.
type repeated struct {
	text []byte
	n    int
	rest []byte
}

func (r *repeated) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if r.n == 0 {
			return 0, io.EOF
		}
		r.n--
		r.rest = r.text
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// A stream is read in memory that does not grow with it. LVTOOL_STREAM_BYTES
// sets how long it is.
func TestStreamMemory(t *testing.T) {
	size := 24 << 20
	if env := os.Getenv("LVTOOL_STREAM_BYTES"); env != "" {
		var err error
		if size, err = strconv.Atoi(env); err != nil {
			t.Fatal(err)
		}
	}
	img := jpegFile(t, picture(480, 640))
	line := []byte(sample{img, img}.wire(b64) + "\n")
	for _, array := range []bool{false, true} {
		n := size / len(line)
		var r io.Reader = &repeated{text: line, n: n}
		if array {
			element := append(bytes.Clone(bytes.TrimSpace(line)), ',')
			r = &repeated{text: element, n: n - 1}
			r = io.MultiReader(strings.NewReader("["), r, bytes.NewReader(line), strings.NewReader("]"))
		}
		count, peak := 0, uint64(0)
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		start, began := m.HeapSys-m.HeapReleased, time.Now()
		for _, err := range decode.Sessions(r, nil) {
			if err != nil {
				t.Fatal(err)
			}
			if count++; count%16 == 0 {
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapSys-m.HeapReleased)
			}
		}
		if count != n {
			t.Errorf("got %d sessions, want %d", count, n)
		}
		t.Logf("array %v: %d sessions, %d MB in %v; heap %d MB, at first %d MB",
			array, count, n*len(line)>>20, time.Since(began).Round(time.Millisecond), peak>>20, start>>20)
		if peak > start+16<<20 {
			t.Errorf("the heap grew by %d MB", (peak-start)>>20)
		}
	}
}

// hostileDocuments are written to take more time than their length is worth;
// each makes one of about n bytes.
var hostileDocuments = []struct {
	name string
	doc  func(n int) string
}{
	{"open brackets", func(n int) string { return strings.Repeat("[", n) }},
	{"open brackets on lines", func(n int) string { return strings.Repeat("[\n", n) }},
	{"open objects on lines", func(n int) string { return strings.Repeat("{\"a\":[\n", n/6) }},
	{"truncated array of lines", func(n int) string { return "{\"a\":[\n" + strings.Repeat("{\"b\":1},\n", n/9) }},
	{"numbers that are no bulk", func(n int) string { return strings.Repeat("[1,", n/3) }},
	{"broken strings", func(n int) string { return strings.Repeat("{\"SessionId\n", n/12) }},
	{"log of braces", func(n int) string { return "x" + strings.Repeat("{\"", n/2) }},
	{"log of half objects", func(n int) string { return "x" + strings.Repeat(" {\"SessionId\":1 ", n/16) }},
	{"log of CSV", func(n int) string { return "x" + strings.Repeat("\"{\"\"a", n/7) }},
	{"log in a string", func(n int) string { return `{"SessionId":"` + strings.Repeat(`x {\"a `, n/7) + `"}` }},
	{"strings in strings", func(n int) string { return strings.Repeat(`"\"{\\\"`, n/8) }},
	{"backslashes", func(n int) string { return `{"a":"` + strings.Repeat(`\n`, n/2) + `"}` }},
	{"many names", func(n int) string {
		var b strings.Builder
		for i := range n / 12 {
			fmt.Fprintf(&b, `,"k%d":{}`, i)
		}
		return "{" + b.String()[1:] + "}"
	}},
	{"YAML flow", func(n int) string { return "a: " + strings.Repeat("[", n) }},
	{"YAML names", func(n int) string { return strings.Repeat("a:\n", n/3) }},
	{"YAML text", func(n int) string { return "a: |\n" + strings.Repeat(" b\n", n/3) }},
	{"YAML questions", func(n int) string { return "a: b\n" + strings.Repeat("? ", n/2) }},
	{"white space", func(n int) string { return "{}" + strings.Repeat(" ", n) }},
	{"scalars", func(n int) string { return "[" + strings.Repeat("1,", n/2) + "1]" }},
	{"words in an array", func(n int) string { return "[" + strings.Repeat(`"a",`, n/4) + "1]" }},
}

// What a hostile document makes the reader allocate grows with its length, not
// with the square of it.
func TestHostileDocuments(t *testing.T) {
	for _, tt := range hostileDocuments {
		t.Run(tt.name, func(t *testing.T) {
			measure := func(n int) uint64 {
				doc := tt.doc(n)
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				all(decode.Sessions(strings.NewReader(doc), nil))
				runtime.ReadMemStats(&after)
				return after.TotalAlloc - before.TotalAlloc
			}
			measure(1000) // fill the pools
			short, long := measure(30_000), measure(240_000)
			if long > 16*short+4<<20 {
				t.Errorf("%d bytes allocated for 30 kB, %d for 240 kB", short, long)
			}
		})
	}
}

// BenchmarkHostileDocuments tells the time: the rate must not fall with the
// length.
func BenchmarkHostileDocuments(b *testing.B) {
	for _, tt := range hostileDocuments {
		for _, n := range []int{30_000, 240_000} {
			b.Run(fmt.Sprintf("%s/%d", tt.name, n), func(b *testing.B) {
				doc := tt.doc(n)
				b.SetBytes(int64(len(doc)))
				b.ReportAllocs()
				for b.Loop() {
					all(decode.Sessions(strings.NewReader(doc), nil))
				}
			})
		}
	}
}
