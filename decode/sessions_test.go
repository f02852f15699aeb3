package decode_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/lvtool/lvtool/decode"
)

// exampleDocument is a result with an image of two pixels.
const exampleDocument = `{
    "SessionId": "5f3c1a20-8d4e-4b7a-9c11-2e6f0a7d1b02",
    "Status": "SUCCEEDED",
    "Confidence": 97.30000305175781,
    "ReferenceImage": {
        "Bytes": "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR4nGP4zwAE/wEHAAH/4iOeWQAAAABJRU5ErkJggg==",
        "BoundingBox": {"Width": 0.5, "Height": 0.25, "Left": -0.1, "Top": 1e-1}
    },
    "AuditImages": [
        {"S3Object": {"Bucket": "evidence", "Name": "audit_0.jpg"}}
    ],
    "Challenge": {"Type": "FaceMovementChallenge", "Version": "1.0.0"},
    "Later": {"X": 1.0}
}
`

func firstSession(document string) *decode.Session {
	for s, err := range decode.Sessions(strings.NewReader(document), nil) {
		if err != nil {
			panic(err)
		}
		return s
	}
	panic("no session")
}

func ExampleSessions() {
	options := &decode.Options{Name: "demo.json"}
	for s, err := range decode.Sessions(strings.NewReader(exampleDocument), options) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(s.ID, s.Status, s.Confidence)
		for _, img := range s.Images {
			fmt.Println(img.Name, "at", img.Pointer)
		}
	}
	// Output:
	// 5f3c1a20-8d4e-4b7a-9c11-2e6f0a7d1b02 SUCCEEDED 97.30000305175781
	// reference at /ReferenceImage
	// audit-0 at /AuditImages/0
}

// all collects what an iteration yields.
func all(seq iter.Seq2[*decode.Session, error]) (sessions []*decode.Session, errs []error) {
	for s, err := range seq {
		if (s == nil) == (err == nil) {
			panic("a session and an error, or neither")
		}
		if err != nil {
			errs = append(errs, err)
		} else {
			sessions = append(sessions, s)
		}
	}
	return sessions, errs
}

func read(document string) ([]*decode.Session, []error) {
	return all(decode.Sessions(strings.NewReader(document), &decode.Options{Name: "x.json"}))
}

func TestSessionsKeepsEverything(t *testing.T) {
	s := firstSession(exampleDocument)
	if string(s.Source.Data) != exampleDocument || s.Source.SHA256 != sha256.Sum256([]byte(exampleDocument)) {
		t.Error("the source is not the whole document")
	}
	if s.Source.Line != 1 || s.Source.Pointer != "" {
		t.Errorf("got line %d, pointer %q", s.Source.Line, s.Source.Pointer)
	}
	challenge := decode.Challenge{Type: "FaceMovementChallenge", Version: "1.0.0"}
	if s.Confidence != "97.30000305175781" || *s.Challenge != challenge {
		t.Errorf("got confidence %s, challenge %v", s.Confidence, s.Challenge)
	}
	if len(s.Extra) != 1 || string(s.Extra["Later"]) != `{"X": 1.0}` {
		t.Errorf("got extra %s", s.Extra)
	}
	want := decode.Box{Left: "-0.1", Top: "1e-1", Width: "0.5", Height: "0.25"}
	if len(s.Images) != 2 || *s.Images[0].Box != want || s.Images[1].Box != nil || s.Problems != nil {
		t.Errorf("got images %+v, problems %v", s.Images, s.Problems)
	}
	if o := s.Images[1].S3; o == nil || o.String() != "s3://evidence/audit_0.jpg" {
		t.Errorf("got object %v", o)
	}
}

// Sessions that have no images are results like others.
func TestSessionsWithoutImages(t *testing.T) {
	for _, doc := range []string{
		`{"SessionId":"a","Status":"CREATED"}`,
		`{"SessionId":"a","Status":"EXPIRED","Confidence":0.0,"AuditImages":[]}`,
		`{"SessionId":"a","Status":"FAILED","ReferenceImage":null,"AuditImages":null,"Confidence":null}`,
	} {
		sessions, errs := read(doc)
		if errs != nil || len(sessions) != 1 || sessions[0].Images != nil || sessions[0].ID != "a" {
			t.Errorf("%s: got %d sessions, %v", doc, len(sessions), errs)
		}
	}
}

func TestImageOrder(t *testing.T) {
	s := firstSession(`{"AuditImages":[{"Bytes":"AA=="},{"Bytes":"AQ=="}],"ReferenceImage":{"Bytes":"Ag=="}}`)
	var names []string
	for _, img := range s.Images {
		names = append(names, img.Name+"="+string(img.Inline))
	}
	if got, want := strings.Join(names, " "), `reference="Ag==" audit-0="AA==" audit-1="AQ=="`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestBoxMembers(t *testing.T) {
	for _, tt := range []struct {
		box   string
		want  *decode.Box
		codes string
	}{
		{`{"Left":0.10,"Top":-0,"Width":1E0,"Height":2.50}`, &decode.Box{"0.10", "-0", "1E0", "2.50"}, ""},
		{`{"Left":"NaN","Top":"Infinity","Width":"-Infinity"}`, &decode.Box{"NaN", "Infinity", "-Infinity", ""}, ""},
		{`{"Left":null,"Width":true}`, &decode.Box{"", "", "true", ""}, ""},
		{`null`, nil, ""},
		{`{}`, nil, "box_unreadable"},
		{`[0.1,0.2,0.3,0.4]`, nil, "box_unreadable"},
		{`"@{Width=0.4}"`, nil, "box_unreadable"},
	} {
		img := firstSession(`{"ReferenceImage":{"BoundingBox":` + tt.box + `}}`).Images[0]
		same := (img.Box == nil) == (tt.want == nil) && (img.Box == nil || *img.Box == *tt.want)
		if codes(img.Problems) != tt.codes || !same {
			t.Errorf("%s: got %v, problems %v", tt.box, img.Box, img.Problems)
		}
	}
}

func TestDocumentErrors(t *testing.T) {
	for _, tt := range []struct {
		name, doc string
		want      error
		text      string
	}{
		{"empty", "", decode.ErrEmpty, "x.json: empty file"},
		{"blank", " \n\t\n", decode.ErrEmpty, "x.json: empty file"},
		{"cut", "{\"SessionId\": \"a\",\n \"Stat", decode.ErrTruncated, "x.json:2:7: truncated"},
		{"cut after a member", `{"SessionId": "a"`, decode.ErrTruncated, "x.json:1:18: truncated"},
		{
			"no comma", "{\"SessionId\": \"a\"\n \"Status\": 1}", decode.ErrSyntax,
			"x.json:2:2: not valid JSON: invalid character '\"' after object value",
		},
		{
			"same name twice", `{"SessionId":"a","SessionId":"b"}`, decode.ErrSyntax,
			"the same name twice in one object (at /SessionId)",
		},
		{"same name twice, escaped", `{"SessionId":"a","S\u0065ssionId":"b"}`, decode.ErrSyntax, "twice"},
		{"another document", `{"FaceDetails": []}`, decode.ErrNotSession, "x.json:1:1: the result of DetectFaces"},
		{"hostile name", "{\"\u202e\": nil}", decode.ErrSyntax, `(at /\u202e)`},
	} {
		sessions, errs := read(tt.doc)
		if sessions != nil || len(errs) != 1 {
			t.Errorf("%s: got %d sessions, %v", tt.name, len(sessions), errs)
			continue
		}
		got := errs[0].Error()
		if !errors.Is(errs[0], tt.want) || !strings.Contains(got, tt.text) || strings.ContainsAny(got, "\n\x1b\u202e") {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.text)
		}
	}
}

func TestDocumentLimits(t *testing.T) {
	many := `{"SessionId":"a","AuditImages":[` + strings.Repeat(`{},`, 64) + `{}]}`
	for _, tt := range []struct {
		doc    string
		limits decode.Limits
		want   string
	}{
		{exampleDocument, decode.Limits{Document: 100}, decode.LimitDocument},
		{exampleDocument, decode.Limits{Document: int64(len(exampleDocument))}, ""},
		{exampleDocument, decode.Limits{Depth: 3}, decode.LimitDepth},
		{exampleDocument, decode.Limits{Depth: 4}, ""},
		{exampleDocument, decode.Limits{Values: 10}, decode.LimitValues},
		{many, decode.Limits{}, decode.LimitFrames},
		{many, decode.Limits{Frames: 65}, ""},
		{strings.Repeat("[", 1e6), decode.Limits{}, decode.LimitDepth},
		{strings.Repeat(`{"a":`, 1e6), decode.Limits{}, decode.LimitDepth},
	} {
		_, errs := all(decode.Sessions(strings.NewReader(tt.doc), &decode.Options{Limits: tt.limits}))
		if got := limitOf(errors.Join(errs...)); got != tt.want {
			t.Errorf("%.40s with %+v: got %q, want the limit %q", tt.doc, tt.limits, got, tt.want)
		}
	}
}

// A byte array of a large image must not cost much more memory than its text.
func TestBulkMemory(t *testing.T) {
	for _, element := range []string{"255,", "null,"} {
		doc := `{"SessionId":"a","Status":"b","X":[` + strings.Repeat(element, 200_000) + `0]}`
		_, bytes := measured(func() []*decode.Session {
			sessions, _ := all(decode.Sessions(strings.NewReader(doc), nil))
			return sessions
		})
		most := uint64(8 * len(doc))
		if element == "255," && bytes > most {
			t.Errorf("%d bytes were allocated for a document of %d, want at most %d", bytes, len(doc), most)
		}
		if element == "null," && bytes < most {
			t.Errorf("the measure is blind: %d bytes for a tree of 200,000 values", bytes)
		}
	}
}

func TestReadError(t *testing.T) {
	broken := errors.New("disk on fire")
	r := io.MultiReader(strings.NewReader(`{"SessionId`), iotest.ErrReader(broken))
	if _, errs := all(decode.Sessions(r, nil)); len(errs) != 1 || !errors.Is(errs[0], broken) {
		t.Errorf("got %v, want %v", errs, broken)
	}
}

// shared returns the folder of test data that several projects use.
func shared(tb testing.TB) string {
	tb.Helper()
	dir := os.Getenv("LVTOOL_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared")
	}
	dir = filepath.Join(dir, "data")
	if _, err := os.Stat(dir); err != nil {
		tb.Skip("no shared test data: set LVTOOL_SHARED to the folder that holds data/")
	}
	return dir
}

// Real photographs in answers of the service must load, all of them.
func TestWire(t *testing.T) {
	dir := filepath.Join(shared(t), "wire")
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	opts := &decode.LoadOptions{Objects: decode.DirObjects(os.DirFS(filepath.Join(dir, "s3")))}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sessions, errs := all(decode.Sessions(bytes.NewReader(data), nil))
		if len(sessions) != 1 || errs != nil {
			t.Errorf("%s: %d sessions, %v", file, len(sessions), errs)
			continue
		}
		s := sessions[0]
		if s.Source.SHA256 != sha256.Sum256(data) {
			t.Errorf("%s: the digest is not that of the file", file)
		}
		frames, err := decode.Load(t.Context(), s, opts)
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		for _, f := range frames {
			if size := f.Size(); size.X != 480 || size.Y != 640 || f.Problems != nil {
				t.Errorf("%s: %s is %v, problems %v", file, f.Name, size, f.Problems)
			}
		}
	}
}

func BenchmarkSessions(b *testing.B) {
	img := base64.StdEncoding.EncodeToString(jpegFile(b, picture(480, 640)))
	one := `{"Bytes":"` + img + `","BoundingBox":{"Width":0.4,"Height":0.4,"Left":0.3,"Top":0.3}}`
	doc := `{"SessionId":"a","Status":"SUCCEEDED","ReferenceImage":` + one +
		`,"AuditImages":[` + strings.Repeat(one+",", 3) + one + `]}`
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, errs := all(decode.Sessions(strings.NewReader(doc), nil)); errs != nil {
			b.Fatal(errs)
		}
	}
}
