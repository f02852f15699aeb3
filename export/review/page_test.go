package review_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/export/review"
)

var allSamples = []string{
	"session.json", "edges.json", "outside.json", "tiny.json", "exif-rotated.json", "expired.json", "created.json",
	"no-reference.json", "low-confidence.json", "s3.json", "inside.json",
}

func allSessions(t testing.TB) []*review.Session {
	t.Helper()
	var sessions []*review.Session
	for _, name := range allSamples {
		sessions = append(sessions, session(t, name))
	}
	return sessions
}

func TestPageSameBytes(t *testing.T) {
	once, again := page(t, nil, allSessions(t)...), page(t, nil, allSessions(t)...)
	if once != again {
		t.Error("two runs gave different bytes")
	}
}

var (
	styleElement  = regexp.MustCompile(`(?s)<style>(.*?)</style>`)
	scriptElement = regexp.MustCompile(`(?s)<script>(.*?)</script>`)
	policy        = regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`)
	dataURI       = regexp.MustCompile(`href="data:image/(jpeg|png|webp);base64,([A-Za-z0-9+/=]*)"`)
	address       = regexp.MustCompile(`(?i)(href|src|srcset|action|poster|formaction|background|data)="([^"]{0,20})`)
)

// TestPagePolicy holds that the page's policy allows just the style and script
// that it has, and that nothing in it asks for anything else.
func TestPagePolicy(t *testing.T) {
	text := page(t, nil, allSessions(t)...)
	got := html.UnescapeString(policy.FindStringSubmatch(text)[1])
	var want strings.Builder
	want.WriteString("default-src 'none'; base-uri 'none'; form-action 'none'; style-src")
	for _, m := range styleElement.FindAllStringSubmatch(text, -1) {
		want.WriteString(hashOf(m[1]))
	}
	want.WriteString("; img-src data:; script-src")
	for _, m := range scriptElement.FindAllStringSubmatch(text, -1) {
		want.WriteString(hashOf(m[1]))
	}
	want.WriteString("; require-trusted-types-for 'script'; trusted-types 'none'")
	if got != want.String() {
		t.Errorf("got  %s\nwant %s", got, want.String())
	}
	if n := strings.Count(strings.ToLower(text), "<script"); n != 3 {
		t.Errorf("got %d script elements, want two and the data", n)
	}
	for _, m := range address.FindAllStringSubmatch(text, -1) {
		if !strings.HasPrefix(m[2], "#") && !strings.HasPrefix(m[2], "data:image/") {
			t.Errorf("the page points to %s", m[0])
		}
	}
	for _, bad := range []string{"http://", "https://", "@import", "url(//", " style=", " onclick=", "ZgotmplZ"} {
		if text := strings.ReplaceAll(text, "http://www.w3.org/2000/svg", ""); strings.Contains(text, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// TestPageImages holds that the page has every image once, byte for byte.
func TestPageImages(t *testing.T) {
	sessions := allSessions(t)
	var want [][]byte
	for _, s := range sessions {
		for _, f := range s.Frames {
			if f.Data != nil {
				want = append(want, f.Data)
			}
		}
	}
	var got [][]byte
	for _, m := range dataURI.FindAllStringSubmatch(page(t, nil, sessions...), -1) {
		data, err := base64.StdEncoding.DecodeString(m[2])
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, data)
	}
	if !slices.EqualFunc(got, want, bytes.Equal) {
		t.Errorf("got %d images, want the %d of the sessions, as they are", len(got), len(want))
	}
}

// TestPageWords holds what the page says of sessions that have everything, and
// of those that lack it.
func TestPageWords(t *testing.T) {
	text := html.UnescapeString(dataURI.ReplaceAllString(page(t, nil, allSessions(t)...), ""))
	for _, want := range []string{
		"Confidence 97.3 ≥ threshold 90", "confidence 97.30000305175781 ≥ threshold 90",
		"Confidence 45.2 < threshold 90",
		"SUCCEEDED: the check was completed", "The result has no image.", "status_expired",
		"clipped, 78.9 % in the frame", "beyond it: left 47 px", "turned upright (EXIF", "no picture to show",
		`viewBox="-63 0 543 640"`, `<rect class="box beyond" x="-47" y="172" width="225" height="296"/>`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, never := range []string{">live<", "Live person", "Approved", "approved"} {
		if strings.Contains(text, never) {
			t.Errorf("the page says %q", never)
		}
	}
}

// hostile is markup that must come out as text wherever it goes in.
const hostile = `"'><img src=x onerror=alert(1)></script><script>alert(2)</script><!--&lt;\u2028` + "\u2028\x00\u202e"

func TestPageHostile(t *testing.T) {
	document := result(t, "tiny.json", map[string]any{
		"SessionId": hostile, "Status": hostile, "Feedback": []any{map[string]any{"Code": hostile, "Message": hostile}},
		"Challenge": map[string]any{"Type": hostile, "Version": hostile}, hostile: hostile,
	})
	s := read(t, folderOf(t, document), hostile)
	opts := &review.Options{
		Title: hostile, Reasons: []review.Reason{{Code: "x", Text: hostile}},
		Earlier: []review.Entry{{Reviewer: hostile, Decision: review.Decision{
			Binding: s.Binding(), Choice: review.Reject, Note: hostile, Time: hostile, Reasons: []string{hostile},
		}}},
	}
	text := page(t, opts, s)
	for _, bad := range []string{"<img", "<script>alert", "alert(2)</script>", "ZgotmplZ", "<!--"} {
		if strings.Contains(text, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if n := strings.Count(text, "onerror"); n < 10 {
		t.Errorf("got the text %d times, which cannot be everywhere it went in", n)
	}
	if n := strings.Count(text, "</script>"); n != 3 {
		t.Errorf("got %d ends of scripts, want 3", n)
	}
}

// TestAudiences holds that a copy without score has none, whatever way it could
// have come in.
func TestAudiences(t *testing.T) {
	const score, threshold = "83.71250915527344", "82.4375"
	document := result(t, "tiny.json", map[string]any{
		"Confidence": 83.71250915527344, "Score": 83.71250915527344,
		"Feedback": []any{map[string]any{"Code": "X", "Message": "got 83.71250915527344"}},
	})
	fsys := folderOf(t, document)
	replace(`"value": 90`, `"value": `+threshold)(t, fsys)
	s := read(t, fsys, "x")
	b := s.Binding()
	entry := review.Entry{
		Reviewer: "First Reviewer", Decision: review.Decision{Binding: b, Choice: review.Reject, Note: "first note"},
	}
	const first, note, form = "First Reviewer", "first note", `data-choice="approve"`
	for _, test := range []struct {
		name           string
		opts           review.Options
		holds, without []string
	}{
		{
			"reviewer",
			review.Options{},
			[]string{score, threshold, first, note, b.Report, b.Source, form},
			nil,
		},
		{
			"auditor",
			review.Options{Audience: review.Auditor},
			[]string{score, threshold, first, note, b.Report, b.Source},
			[]string{form},
		},
		{
			"blind",
			review.Options{Blind: true},
			[]string{b.Report, b.Source, form},
			[]string{"83.7", "8371", "82.4", first, note, "data-met"},
		},
		{
			"subject",
			review.Options{Audience: review.Subject},
			nil,
			[]string{
				"83.7", "8371", "82.4", first, note, b.Report, b.Source, form, "data-met",
				"Laplacian (", "report.json</summary>",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.opts.Earlier = []review.Entry{entry}
			text := dataURI.ReplaceAllString(page(t, &test.opts, s), "")
			text = styleElement.ReplaceAllString(scriptElement.ReplaceAllString(text, ""), "")
			for _, want := range test.holds {
				if !strings.Contains(text, want) {
					t.Errorf("the page does not hold %q", want)
				}
			}
			for _, bad := range test.without {
				if strings.Contains(text, bad) {
					t.Errorf("the page holds %q", bad)
				}
			}
		})
	}
}

func TestPages(t *testing.T) {
	sessions := allSessions(t)
	again := session(t, "session.json")
	again.Name = "again"
	pages, made := write(t, &review.Options{PageSessions: 4, Name: "q.html"}, append(sessions, again)...)
	if want := []string{"q.html", "q-1.html", "q-2.html", "q-3.html"}; !slices.Equal(made.Files, want) {
		t.Errorf("got %q, want %q", made.Files, want)
	}
	if made.Sessions != len(sessions) || !slices.Equal(made.Repeated, []string{"again"}) {
		t.Errorf("got %d sessions, repeated %q", made.Sessions, made.Repeated)
	}
	for i, s := range sessions {
		title := *s.Report.Session.ID
		link := fmt.Sprintf(`<a href="q-%d.html#s%d"><span class="id" dir="auto">%s</span>`, i/4+1, i%4+1, title)
		if !strings.Contains(pages["q.html"], link) {
			t.Errorf("the index has no %s", link)
		}
		id := fmt.Sprintf(`<h2 id="h%d" dir="auto">%s</h2>`, i%4+1, title)
		for n := range 3 {
			if got := strings.Contains(pages[fmt.Sprintf("q-%d.html", n+1)], id); got != (n == i/4) {
				t.Errorf("page %d: session %d is on it: %t", n+1, i, got)
			}
		}
	}
	for name, links := range map[string]string{
		"q-1.html": `<a href="q.html">All pages</a> <a href="q-2.html">Next page →</a>`,
		"q-2.html": `<a href="q-1.html">← Previous page</a> <a href="q-3.html">Next page →</a>`,
		"q-3.html": `<a href="q.html">All pages</a> <a href="q-2.html">← Previous page</a></p>`,
	} {
		if !strings.Contains(pages[name], links) {
			t.Errorf("%s has no %s", name, links)
		}
	}
}

func TestPagesByBytes(t *testing.T) {
	_, made := write(t, &review.Options{PageBytes: 300_000}, session(t, "session.json"), session(t, "edges.json"))
	if len(made.Files) != 3 {
		t.Errorf("got %q, want an index and two pages", made.Files)
	}
}

func TestNoSessions(t *testing.T) {
	if text := page(t, nil); !strings.Contains(text, "There is no session to show.") {
		t.Error("the page does not say that there is nothing")
	}
}

func TestWriteFails(t *testing.T) {
	broken := errors.New("broken")
	s := session(t, "tiny.json")
	if _, err := review.Write(list(s), nil, func(string, []byte) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("got %v, want the error of put", err)
	}
	fails := func(yield func(*review.Session, error) bool) { yield(nil, broken) }
	if _, err := review.Write(fails, nil, func(string, []byte) error { return nil }); !errors.Is(err, broken) {
		t.Errorf("got %v, want the error of the sessions", err)
	}
	for _, opts := range []*review.Options{
		{Audience: "public"},
		{Blind: true, Audience: review.Subject},
		{PageBytes: -1},
		{Reasons: []review.Reason{{Code: "A B", Text: "x"}}},
	} {
		if _, err := review.Write(list(s), opts, nil); !errors.Is(err, review.ErrOptions) {
			t.Errorf("%+v: got %v, want bad options", opts, err)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	s := session(b, "session.json")
	b.ReportAllocs()
	for b.Loop() {
		page(b, nil, s)
	}
}

func BenchmarkRead(b *testing.B) {
	fsys := folder(b, "session.json")
	b.ReportAllocs()
	for b.Loop() {
		read(b, fsys, "x")
	}
}
