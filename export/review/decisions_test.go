package review_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lvtool/lvtool/export/review"
)

const when = "2026-11-22T16:00:00Z"

// decide returns decisions about sessions, one for each choice given.
func decide(reviewer string, about []review.Binding, choices ...review.Choice) *review.Decisions {
	d := &review.Decisions{Schema: review.DecisionsSchema, Page: strings.Repeat("a", 64), Reviewer: reviewer}
	for i, c := range choices {
		d.Decisions = append(d.Decisions, review.Decision{
			Binding: about[i], Choice: c, Reasons: []string{"blurred"}, Note: "¿qué?\n", Time: when,
		})
	}
	return d
}

func file(t testing.TB, d *review.Decisions) []byte {
	t.Helper()
	data, err := d.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func bindings(t testing.TB, documents ...string) []review.Binding {
	t.Helper()
	var list []review.Binding
	for _, name := range documents {
		list = append(list, session(t, name).Binding())
	}
	return list
}

func TestParseDecisions(t *testing.T) {
	about := bindings(t, "tiny.json", "expired.json")
	want := decide("Zoë Ångström", about, review.Approve, review.Resubmit)
	got, err := review.ParseDecisions(bytes.NewReader(file(t, want)))
	if err != nil {
		t.Fatal(err)
	}
	if string(file(t, got)) != string(file(t, want)) {
		t.Errorf("got %s", file(t, got))
	}
}

func TestParseDecisionsRefuses(t *testing.T) {
	good := string(file(t, decide("R", bindings(t, "tiny.json", "expired.json"), review.Reject, review.Approve)))
	digest := bindings(t, "tiny.json")[0].Report
	for _, test := range []struct{ name, old, with, want string }{
		{"schema", "lvtool.review/1", "lvtool.review/2", "/schema"},
		{"page", strings.Repeat("a", 64), "abc", "/page"},
		{"nobody", `"reviewer": "R"`, `"reviewer": " "`, "/reviewer"},
		{"choice", `"reject"`, `"maybe"`, "/decisions/0/decision"},
		{"choice of another case", `"reject"`, `"Reject"`, "/decisions/0/decision"},
		{"time", when, "yesterday", "/decisions/0/time"},
		{"reason", `"blurred"`, `"Too Blurred"`, "/decisions/0/reasons/0"},
		{"digest", digest, strings.ToUpper(digest), "/decisions/0/report_sha256"},
		{"unknown member", `"page"`, `"more": 1, "page"`, "more"},
		{"member twice", `"reviewer"`, `"reviewer": "X", "reviewer"`, "stands twice"},
		{"name in another case", `"reviewer"`, `"Reviewer"`, "Reviewer"},
		{"not UTF-8", `"R"`, "\"\xff\"", "UTF-8"},
		{"more behind", "\n}\n", "\n}\n{}", "more stands behind"},
		{"nothing", good, "", "it is empty"},
		{"not JSON", good, "decisions: none", "it is not JSON"},
		{"a list", good, "[" + good + "]", "a list, where an object belongs"},
		{"reviewer with a control character", `"R"`, `"R\u0007"`, "/reviewer"},
		{"reviewer on two lines", `"R"`, `"R\nS"`, "/reviewer"},
		{"reviewer that reads backwards", `"R"`, `"\u202eR"`, "/reviewer"},
		{"reviewer of more than a line", `"R"`, `"` + strings.Repeat("R", 401) + `"`, "/reviewer"},
		{"reviewer that is a number", `"R"`, "7", "/reviewer"},
		{"note with a control character", `¿qué?`, `\u0000`, "/decisions/0/note"},
		{"note in a terminal's words", `¿qué?`, `\u009b31m`, "/decisions/0/note"},
		{"huge note", `¿qué?`, strings.Repeat("a", 20_001), "/decisions/0/note"},
		{"half a character", `¿qué?`, `\ud800`, "half of a character"},
		{"reason twice", `"blurred"`, `"blurred","blurred"`, "/decisions/0/reasons/1"},
		{"reason that is no text", `"blurred"`, `{}`, "/decisions/0/reasons/0"},
		{"no reasons list", `"reasons": [`, `"reasons": "x", "more": [`, "/decisions/0/reasons"},
		{"time without a zone", when, "2026-11-22T16:00:00", "/decisions/0/time"},
		{"time that is none", when, "2026-02-30T16:00:00Z", "/decisions/0/time"},
		{"unknown member of a decision", `"note"`, `"score": 1, "note"`, "score"},
		{"unknown member of an image", `"name"`, `"box": 1, "name"`, "box"},
		{"digest of an image", `"sha256": "`, `"sha256": "x`, "/decisions/0/images/0/sha256"},
		{"source cut short", `"source_sha256": "`, `"source_sha256": "", "x": "`, "x"},
		{"blind that is a word", `"blind": false`, `"blind": "no"`, "/blind"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Replace(good, test.old, test.with, 1)
			d, err := review.ParseDecisions(strings.NewReader(text))
			if d != nil || !errors.Is(err, review.ErrDecisions) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, %v, want it to name %s", d, err, test.want)
			}
		})
	}
	d := decide("R", bindings(t, "tiny.json", "tiny.json"), review.Reject, review.Approve)
	if _, err := review.ParseDecisions(bytes.NewReader(file(t, d))); err == nil {
		t.Error("two decisions about one report were taken")
	}
}

func TestCheck(t *testing.T) {
	about := bindings(t, "tiny.json", "edges.json", "expired.json")
	backwards := slices.Clone(about)
	slices.Reverse(backwards)
	found, err := review.Check(decide("R", backwards, review.Approve, review.Reject, review.Approve), about, nil)
	if err != nil || !slices.Equal(found, []int{2, 1, 0}) {
		t.Errorf("got %v, %v, want all three, backwards", found, err)
	}
}

// TestCheckTampered holds that every way to bend a decision is refused, each for
// the right reason, and takes nothing.
func TestCheckTampered(t *testing.T) {
	about := bindings(t, "tiny.json", "edges.json")
	other := strings.Repeat("0", 64)
	now, err := time.Parse(time.RFC3339, when)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		tamper func(d *review.Decision)
		code   review.Code
	}{
		{"another report", func(d *review.Decision) { d.Report = other }, review.CodeReport},
		{"unknown", func(d *review.Decision) { d.Report, d.Source = other, other }, review.CodeUnknown},
		{"another source", func(d *review.Decision) { d.Source = other }, review.CodeSource},
		{"another session", func(d *review.Decision) { d.Session = new("x") }, review.CodeSession},
		{"no session", func(d *review.Decision) { d.Session = nil }, review.CodeSession},
		{"image changed", func(d *review.Decision) { d.Images[1].SHA256 = other }, review.CodeImages},
		{"image renamed", func(d *review.Decision) { d.Images[1].Name = "audit-7" }, review.CodeImages},
		{"image left out", func(d *review.Decision) { d.Images = d.Images[1:] }, review.CodeImages},
		{"image added", func(d *review.Decision) { d.Images = append(d.Images, d.Images[0]) }, review.CodeImages},
		{"images exchanged", func(d *review.Decision) { slices.Reverse(d.Images) }, review.CodeImages},
		{"reason", func(d *review.Decision) { d.Reasons = []string{"made_up"} }, review.CodeReason},
		{"tomorrow", func(d *review.Decision) { d.Time = "2026-11-23T16:00:00Z" }, review.CodeTime},
		{"later elsewhere", func(d *review.Decision) { d.Time = "2026-11-22T16:00:00-05:00" }, review.CodeTime},
		{"of another decision", func(d *review.Decision) {
			d.Binding = bindings(t, "tiny.json")[0]
			d.Source = other
		}, review.CodeSource},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := decide("R", bindings(t, "tiny.json", "edges.json"), review.Approve, review.Reject)
			test.tamper(&d.Decisions[1])
			found, err := review.Check(d, about, &review.CheckOptions{Reasons: review.DefaultReasons(), Now: now})
			got, ok := errors.AsType[*review.MismatchError](err)
			if found != nil || !ok || got.Code != test.code || !strings.HasPrefix(got.Where, "decision 2, ") {
				t.Errorf("got %v, %v, want %s of decision 2", found, err, test.code)
			}
		})
	}
}

// decisions returns as many decisions of two reviewers as a table says.
func decisions(table [3][3]int) (a, b *review.Decisions) {
	a, b = decide("A", nil), decide("B", nil)
	for i, row := range table {
		for j, n := range row {
			for range n {
				about := review.Binding{Report: fmt.Sprintf("%064x", len(a.Decisions))}
				a.Decisions = append(a.Decisions, review.Decision{Binding: about, Choice: review.Choices()[i]})
				b.Decisions = append(b.Decisions, review.Decision{Binding: about, Choice: review.Choices()[j]})
			}
		}
	}
	return a, b
}

func TestCompare(t *testing.T) {
	for _, test := range []struct {
		name    string
		table   [3][3]int
		share   float64
		kappa   float64
		defined bool
	}{
		{"none", [3][3]int{}, 0, 0, false},
		{"one choice only", [3][3]int{{7}}, 1, 0, false},
		{"full", [3][3]int{{5}, {0, 3}, {0, 0, 2}}, 1, 1, true},
		// p_o = 35/50, p_e = (25·30 + 25·20)/50² = 0.5, worked by hand.
		{"two choices", [3][3]int{{20, 5}, {10, 15}}, 0.7, 0.4, true},
		{"as by chance", [3][3]int{{4, 4}, {4, 4}}, 0.5, 0, true},
		{"against each other", [3][3]int{{0, 5}, {5, 0}}, 0, -1, true},
		// p_o = 70/100, p_e = (50·60 + 30·30 + 20·10)/100² = 0.41.
		{"three choices", [3][3]int{{44, 5, 1}, {7, 20, 3}, {9, 5, 6}}, 0.7, 0.29 / 0.59, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, b := decisions(test.table)
			g, err := review.Compare(a, b)
			if err != nil {
				t.Fatal(err)
			}
			near := math.Abs(g.Kappa-test.kappa) < 1e-15
			if g.Table != test.table || g.Share != test.share || !near || g.Defined != test.defined {
				t.Errorf("got %+v, want share %v, kappa %v", g, test.share, test.kappa)
			}
			if len(g.Differ) != g.Both-g.Agreed {
				t.Errorf("got %d differences of %d decisions, %d agreed", len(g.Differ), g.Both, g.Agreed)
			}
		})
	}
}

func TestCompareParts(t *testing.T) {
	a, b := decisions([3][3]int{{1, 1}, {1, 1}})
	a.Decisions, b.Decisions = a.Decisions[1:], b.Decisions[:2]
	g, err := review.Compare(a, b)
	if err != nil || g.Both != 1 || g.OnlyA != 2 || g.OnlyB != 1 {
		t.Errorf("got %+v, %v", g, err)
	}
	b.Reviewer = a.Reviewer
	if _, err := review.Compare(a, b); err == nil {
		t.Error("a reviewer was compared with themselves")
	}
}

func TestLog(t *testing.T) {
	about := bindings(t, "tiny.json", "edges.json")
	first := decide("A", about, review.Approve, review.Reject)
	second := decide("B", about, review.Approve)
	log, err := review.Append(nil, file(t, first), first)
	if err != nil {
		t.Fatal(err)
	}
	if log, err = review.Append(log, file(t, second), second); err != nil {
		t.Fatal(err)
	}
	entries, err := review.ReadLog(log)
	if err != nil || len(entries) != 3 || entries[2].Reviewer != "B" || entries[1].Choice != review.Reject {
		t.Fatalf("got %+v, %v", entries, err)
	}
	if _, err := review.Append(log, file(t, first), first); !errors.Is(err, review.ErrImported) {
		t.Errorf("got %v, want the file to be known", err)
	}
}

// TestLogTampered holds that no line can be changed, moved or taken out, but for
// the last, without showing.
func TestLogTampered(t *testing.T) {
	about := bindings(t, "tiny.json", "edges.json", "expired.json")
	d := decide("A", about, review.Approve, review.Reject, review.Approve)
	log, err := review.Append(nil, file(t, d), d)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(log, []byte("\n"))
	for name, bad := range map[string][]byte{
		"changed":   bytes.Replace(log, []byte(`"reject"`), []byte(`"approve"`), 1),
		"first out": bytes.Join(lines[1:], nil),
		"taken out": slices.Concat(lines[0], lines[2]),
		"moved":     slices.Concat(lines[1], lines[0], lines[2]),
		"cut":       log[:len(log)-1],
		"garbage":   []byte("{}\n"),
	} {
		entries, err := review.ReadLog(bad)
		if entries != nil || !errors.Is(err, review.ErrLog) {
			t.Errorf("%s: got %v, %v", name, entries, err)
		}
		if _, err := review.Append(bad, nil, d); !errors.Is(err, review.ErrLog) {
			t.Errorf("%s: got %v from Append", name, err)
		}
	}
	if _, err := review.ReadLog(slices.Concat(lines[0], lines[1])); err != nil {
		t.Errorf("got %v of a log that is whole but for its end, which it cannot know", err)
	}
}

func TestParseReasons(t *testing.T) {
	list, err := review.ParseReasons(strings.NewReader(
		`{"schema":"lvtool.reasons/1","reasons":[{"code":"blurred","text":"Unscharf"}]}`))
	if err != nil || !slices.Equal(list, []review.Reason{{Code: "blurred", Text: "Unscharf"}}) {
		t.Errorf("got %v, %v", list, err)
	}
	for _, bad := range []string{
		``, `{}`, `{"schema":"lvtool.reasons/1","reasons":[]}`,
		`{"schema":"lvtool.reasons/1","reasons":[{"code":"A","text":"x"}]}`,
		`{"schema":"lvtool.reasons/1","reasons":[{"code":"a","text":" "}]}`,
		`{"schema":"lvtool.reasons/1","reasons":[{"code":"a","text":"x"},{"code":"a","text":"y"}]}`,
		`{"schema":"lvtool.reasons/1","reasons":[{"code":"a","text":"x","more":1}]}`,
	} {
		if _, err := review.ParseReasons(strings.NewReader(bad)); !errors.Is(err, review.ErrOptions) {
			t.Errorf("%s: got %v, want bad options", bad, err)
		}
	}
	if err := (&review.Options{Reasons: review.DefaultReasons()}).Validate(); err != nil {
		t.Error(err)
	}
}

// FuzzDecisions holds that what is read once is written and read again as the
// same.
func FuzzDecisions(f *testing.F) {
	f.Add(file(f, decide("R", bindings(f, "tiny.json"), review.Reject)))
	f.Add([]byte(`{"schema":"lvtool.review/1"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := review.ParseDecisions(bytes.NewReader(data))
		if err != nil {
			if d != nil {
				t.Errorf("got decisions and %v", err)
			}
			return
		}
		text := file(t, d)
		again, err := review.ParseDecisions(bytes.NewReader(text))
		if err != nil || !bytes.Equal(file(t, again), text) {
			t.Errorf("got %v for what was written: %s", err, text)
		}
	})
}

// FuzzReadLog holds that a log that reads can be appended to, and still reads.
func FuzzReadLog(f *testing.F) {
	d := decide("A", bindings(f, "tiny.json"), review.Approve)
	log, err := review.Append(nil, []byte("file"), d)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(log)
	f.Fuzz(func(t *testing.T, data []byte) {
		before, err := review.ReadLog(data)
		if err != nil {
			return
		}
		more, err := review.Append(data, []byte("another file"), d)
		if err != nil {
			t.Fatal(err)
		}
		if after, err := review.ReadLog(more); err != nil || len(after) != len(before)+1 {
			t.Errorf("got %d lines and %v after %d", len(after), err, len(before))
		}
	})
}
