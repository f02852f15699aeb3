package browser_test

import (
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/lvtool/lvtool/export/review"
)

// axeFile is where npm ci puts axe-core.
const axeFile = "node_modules/axe-core/axe.min.js"

// TestAccessible runs axe-core, the checks of accessibility that browsers'
// tools use, on every kind of page and in every state of it.
func TestAccessible(t *testing.T) {
	axe, err := os.ReadFile(axeFile)
	if err != nil {
		const what = "no axe-core: run npm ci in internal/browser"
		if os.Getenv("CI") == "true" {
			t.Fatal(what)
		}
		t.Skip(what)
	}
	sessions := []*review.Session{
		session(t, "session.json", id(1)), session(t, "edges.json", id(2)), session(t, "expired.json", id(3)),
		session(t, "s3.json", strings.Repeat("سلام 写真 ", 12)),
	}
	entry := review.Entry{Reviewer: "First", Decision: review.Decision{
		Binding: sessions[1].Binding(), Choice: review.Reject, Reasons: []string{"blurred"},
		Note: "note", Time: "2026-11-22T16:00:00Z",
	}}
	all := write(t, &review.Options{Earlier: []review.Entry{entry}}, sessions)[0]
	subject := write(t, &review.Options{Audience: review.Subject}, sessions[:1])[0]
	index := write(t, &review.Options{PageSessions: 2}, sessions)[0]
	served := write(t, &review.Options{Served: true}, sessions[:2])[0]
	b := newTab(t)
	for _, test := range []struct {
		name, file, hash, keys string
		width                  int64
		scheme                 string
	}{
		{"light", all, "#s=2", "ajr", 1440, "light"},
		{"dark", all, "#s=2", "ajr", 1440, "dark"},
		{"reasons", all, "#s=1", "sn", 1440, "light"},
		{"phone", all, "#s=4", "a", 390, "dark"},
		{"no image", all, "#s=3", "", 390, "light"},
		{"large view", all, "#s=1", "2+", 1440, "dark"},
		{"keys", all, "#s=1", "?", 1440, "light"},
		{"nothing found", all, "#q=zzz", "", 1440, "light"},
		{"subject", subject, "", "", 1440, "light"},
		{"index", index, "", "", 1440, "dark"},
		{"served", served, "#s=1", "a", 1440, "light"},
		{"served, phone", served, "#s=2", "r", 390, "dark"},
	} {
		b.look(test.width, 900, test.scheme)
		b.do(chromedp.Navigate("about:blank")) // so that the page loads anew
		b.open(test.file, test.hash)
		b.press(test.keys)
		for _, violation := range b.axe(string(axe)) {
			t.Errorf("%s: %s", test.name, violation)
		}
	}
}

// axe returns what axe-core finds, an element a line.
func (b *tab) axe(script string) []string {
	b.t.Helper()
	// The page allows no foreign script; this one runs beside it.
	eval[bool](b, script+"; true")
	return eval[[]string](b, `axe.run().then((found) => found.violations.flatMap((v) => v.nodes.map((n) =>
		v.id + ": " + n.target.join(" ") + ": " + n.failureSummary.replace(/\s+/g, " "))))`)
}

// TestAccessibleServed runs axe-core on the page of the program, in the states
// that only a server brings.
func TestAccessibleServed(t *testing.T) {
	axe, err := os.ReadFile(axeFile)
	if err != nil {
		t.Skip("no axe-core: TestAccessible says more")
	}
	s := serve(t, "tiny.json", "expired.json")
	b := newTab(t)
	b.served, b.expected = s.origin(), "ERR_CONNECTION_REFUSED"
	b.look(1440, 900, "dark")
	b.do(chromedp.Navigate(s.address))
	check := func(state string) {
		t.Helper()
		for _, violation := range b.axe(string(axe)) {
			t.Errorf("%s: %s", state, violation)
		}
	}
	b.press("a")
	b.name("Ada")
	check("not saved yet")
	b.press("e")
	b.becomes("#saved", "Saved")
	check("saved")
	s.end()
	b.press("r")
	b.press("e")
	b.becomes("#saved", "Not saved")
	check("refused")
	b.look(390, 844, "light")
	check("refused, phone")
}
