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

// TestServed posts decisions from a page that is served: its policy allows that,
// and the page says whether they were saved.
func TestServed(t *testing.T) {
	file := write(t, &review.Options{Served: true}, queue(t, 2))[0]
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	posted := make(chan *review.Decisions, 2)
	origin := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/"+filepath.Base(file):
			w.Header().Set("Referrer-Policy", "same-origin")
			_, _ = w.Write(page)
		case r.Header.Get("Origin") != origin || r.Header.Get("Content-Type") != "application/json":
			http.Error(w, "not from the page", http.StatusForbidden)
		default:
			d, err := review.ParseDecisions(r.Body)
			if err != nil || len(d.Decisions) > 1 {
				http.Error(w, "refused <for a reason>", http.StatusConflict)
				return
			}
			posted <- d
			w.WriteHeader(http.StatusNoContent)
		}
	}))
	defer server.Close()
	origin = server.URL
	b := newTab(t)
	b.served = origin
	b.do(chromedp.Navigate(origin + "/" + filepath.Base(file)))
	b.press("a")
	b.press("e")
	b.is("#toast", "Enter your name first: the file says whose decisions it holds.")
	b.press("Ada")
	b.do(chromedp.KeyEvent("\u001b"))
	b.press("e")
	b.becomes("#toast", "Saved.")
	if d := <-posted; d.Reviewer != "Ada" || len(d.Decisions) != 1 || d.Decisions[0].Choice != review.Approve {
		t.Errorf("got %+v, want one decision by Ada", d)
	}
}
