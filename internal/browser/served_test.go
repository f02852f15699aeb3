package browser_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/lvtool/lvtool/export/review"
)

// TestServed posts decisions from a page that is served, to a server that is slow
// and refuses some: the page says what becomes of them, posts what is decided
// meanwhile, and loses nothing.
func TestServed(t *testing.T) {
	file := write(t, &review.Options{Served: true}, queue(t, 3))[0]
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	posted := make(chan *review.Decisions, 9)
	answers := make(chan func(http.ResponseWriter), 9)
	origin := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/"+filepath.Base(file):
			w.Header().Set("Referrer-Policy", "same-origin")
			_, _ = w.Write(page)
		case r.Header.Get("Origin") != origin || r.Header.Get("Content-Type") != "application/json" ||
			r.Header.Get("Referer") != "":
			http.Error(w, "not from the page", http.StatusForbidden)
		default:
			d, err := review.ParseDecisions(r.Body)
			if err != nil {
				t.Error(err)
			}
			posted <- d
			(<-answers)(w)
		}
	}))
	defer server.Close()
	saved := func(w http.ResponseWriter) { w.WriteHeader(http.StatusNoContent) }
	refuse := func(status int, words string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { http.Error(w, words, status) }
	}
	origin = server.URL
	b := newTab(t)
	b.served, b.expected = origin, "Failed to load resource"
	b.do(chromedp.Navigate(origin + "/" + filepath.Base(file)))
	b.press("a")
	b.name("Ada")

	b.press("e")
	if d := <-posted; d.Reviewer != "Ada" || len(d.Decisions) != 1 || d.Decisions[0].Choice != review.Approve {
		t.Errorf("got %+v, want one decision by Ada", d)
	}
	b.is("#saved", "Saving…")
	b.press("jree") // meanwhile
	answers <- saved
	if d := <-posted; len(d.Decisions) != 2 {
		t.Errorf("got %+v, want two decisions", d)
	}
	b.is("#saved", "Saving…")
	b.press("js") // which nobody asked to save
	answers <- saved
	b.becomes("#toast", "Saved.")
	b.is("#saved", "Not saved yet")
	if !b.guarded() {
		t.Error("the page may be closed with a decision that is nowhere else")
	}

	for _, test := range []struct {
		answer func(http.ResponseWriter)
		want   string
	}{
		{
			refuse(403, "not from <b>another</b> page"),
			"not from <b>another</b> page. Your decisions are still on this page.",
		},
		{refuse(409, "it changed!"), "it changed! Your decisions are still on this page."},
		{refuse(500, ""), "lvtool answered 500. Your decisions are still on this page."},
	} {
		b.press("e")
		<-posted
		answers <- test.answer
		b.becomes("#toast", "Not saved: "+test.want)
		b.is("#saved", "Not saved")
		b.is("#tally", "3 of 3 decided: approve 1, reject 1, resubmit 1")
	}
	b.press("e")
	if d := <-posted; len(d.Decisions) != 3 {
		t.Errorf("got %+v, want three decisions", d)
	}
	answers <- saved
	b.becomes("#toast", "Saved.")
	b.is("#saved", "Saved")
}

// TestTabs holds that two windows with one page lose nothing of each other, and
// not what is being typed.
func TestTabs(t *testing.T) {
	file := write(t, nil, queue(t, 3))[0]
	b := newTab(t)
	b.open(file, "")
	other := b.another()
	other.open(file, "#s=2")
	other.press("n")
	other.press("half a no")
	b.press("a")
	other.becomes("#tally", "1 of 3 decided: approve 1")
	other.press("te")
	other.do(chromedp.KeyEvent("\u001b"))
	other.press("r")
	b.becomes("#tally", "2 of 3 decided: approve 1, reject 1")
	b.press("j")
	if got := eval[string](b, `document.querySelector("#note").value`); got != "half a note" {
		t.Errorf("got the note %q", got)
	}
	b.press("u") // the last that was done, wherever
	other.becomes("#tally", "1 of 3 decided: approve 1")
	if d := b.export(t, "Zoë"); len(d.Decisions) != 1 || d.Decisions[0].Choice != review.Approve {
		t.Errorf("got %+v", d.Decisions)
	}
}
