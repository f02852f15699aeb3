package browser_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/lvtool/lvtool/export/review"
)

// TestKeyboard decides fifty sessions with keys alone, changes its mind, opens
// the page again, exports, and has the library check what came out.
func TestKeyboard(t *testing.T) {
	sessions := queue(t, 50)
	file := write(t, nil, sessions)[0]
	b := newTab(t)
	b.open(file, "")
	b.is("#tally", "0 of 50 decided")
	for i := range sessions {
		b.press(string("ars"[i%3]))
		b.press("j")
	}
	b.is("#tally", "50 of 50 decided: approve 17, reject 17, resubmit 16")
	b.is("#toast", "This is the last session shown.")
	b.is(".session.current h2", id(50))
	b.press("uu")
	b.is("#tally", "48 of 50 decided: approve 16, reject 16, resubmit 16")
	b.is(".session.current h2", id(49))
	b.press("s")
	b.press("n") // a note, which may hold keys that decide
	const note = "rare \u202e “ü” </script>"
	b.press(note)
	b.do(chromedp.KeyEvent("\u001b"))
	b.do(chromedp.Click(chromedp.CSS(`.reasons input[value="blurred"]`)))

	b.do(chromedp.Reload())
	b.is("#tally", "49 of 50 decided: approve 16, reject 16, resubmit 17")
	b.is(".session.current h2", id(49))
	b.is("#state", "Decision: ask for resubmission · 1 reason · a note · reasons and note")

	d := b.export(t, "Zoë <Ångström>")
	if len(d.Decisions) != 49 {
		t.Fatalf("got %d decisions, want 49", len(d.Decisions))
	}
	last := d.Decisions[48]
	if last.Choice != review.Resubmit || last.Note != note || !slices.Equal(last.Reasons, []string{"blurred"}) {
		t.Errorf("got %+v", last)
	}
	var about []review.Binding
	for _, s := range sessions {
		about = append(about, s.Binding())
	}
	found, err := review.Check(d, about, &review.CheckOptions{Reasons: review.DefaultReasons()})
	if err != nil {
		t.Fatal(err)
	}
	for i, at := range found {
		if at != i {
			t.Errorf("decision %d is about session %d", i, at)
		}
	}
}

// export types a name, exports, and reads the file.
func (b *tab) export(t *testing.T, reviewer string) *review.Decisions {
	t.Helper()
	b.name(reviewer)
	d := b.download(t, func() { b.press("e") })
	if d.Reviewer != reviewer {
		t.Errorf("got the reviewer %q, want %q", d.Reviewer, reviewer)
	}
	return d
}

// download reads the decisions that doing something puts into a file.
func (b *tab) download(t *testing.T, do func()) *review.Decisions {
	t.Helper()
	dir := t.TempDir()
	call(b, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{
		Behavior: "allow", DownloadPath: dir,
	})
	do()
	name := filepath.Join(dir, "review.json")
	for end := time.Now().Add(soon); time.Now().Before(end); b.do(chromedp.Sleep(20 * time.Millisecond)) {
		data, err := os.ReadFile(name)
		if err != nil || !bytes.HasSuffix(data, []byte("}\n")) {
			continue
		}
		d, err := review.ParseDecisions(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	t.Fatal("nothing was exported")
	return nil
}

// TestOpenFile takes exported decisions into another browser's page, and leaves
// those about something else.
func TestOpenFile(t *testing.T) {
	sessions := queue(t, 3)
	file := write(t, nil, sessions)[0]
	d := &review.Decisions{Schema: review.DecisionsSchema, Page: strings.Repeat("a", 64), Reviewer: "Zoë"}
	for i, s := range append(sessions, session(t, "tiny.json", "another")) {
		d.Decisions = append(d.Decisions, review.Decision{
			Binding: s.Binding(), Choice: review.Choices()[i%3], Reasons: []string{}, Time: "2026-11-22T16:00:00Z",
		})
	}
	d.Decisions[0].Images[0].SHA256 = strings.Repeat("0", 64)
	data, err := d.JSON()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "review.json")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	b := newTab(t)
	b.open(file, "")
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{name}))
	b.becomes("#toast", "2 decisions taken, 2 are about something else and were left.")
	b.is("#tally", "2 of 3 decided: reject 1, resubmit 1")
}

// TestWithoutStorage holds that decisions work where the browser keeps nothing,
// and that the page says so.
func TestWithoutStorage(t *testing.T) {
	b := newTab(t)
	b.before(`Object.defineProperty(window, "localStorage", {
		get() { throw new DOMException("off", "SecurityError"); },
	})`)
	b.open(write(t, nil, queue(t, 3))[0], "")
	b.is("#toast", "This browser does not keep decisions: export before you close the page.")
	b.press("ajr")
	b.is("#tally", "2 of 3 decided: approve 1, reject 1")
	b.press("u")
	if d := b.export(t, "Zoë"); len(d.Decisions) != 1 || d.Decisions[0].Choice != review.Approve {
		t.Errorf("got %+v", d.Decisions)
	}
}

// TestAddress holds that what is shown, and how, stands in the address.
func TestAddress(t *testing.T) {
	file := write(t, nil, queue(t, 6))[0]
	b := newTab(t)
	b.open(file, "#s=2&status=EXPIRED&sort=problems")
	b.is("#shown", "2 of 6 sessions")
	b.is(".session.current h2", id(2))
	b.press("j")
	b.is(".session.current h2", id(5))
	b.press("j")
	b.is("#toast", "This is the last session shown.")
	if got := eval[string](b, "location.hash"); got != "#s=5&status=EXPIRED&sort=problems" {
		t.Errorf("got %s", got)
	}
	b.press("/")
	b.press("nothing like it")
	b.is("#shown", "0 of 6 sessions")
	if eval[bool](b, `document.querySelector("#nothing").hidden`) {
		t.Error("the page does not say that nothing matches")
	}
	b.open(file, "#s6") // as links have it that work without script
	b.is(".session.current h2", id(6))
}

// TestHostile holds that markup in a result is text in the page, and that what
// is done with it is still harmless.
func TestHostile(t *testing.T) {
	const name = `"><img src=x onerror="window.ran=1"></script><script>window.ran=1</script>` +
		"{{.}} <!--<script> \u202e &amp; 写真"
	b := newTab(t)
	sessions := []*review.Session{session(t, "tiny.json", name), session(t, "edges.json", name)}
	reasons := []review.Reason{{Code: "blurred", Text: name}}
	entry := review.Entry{Reviewer: name, Decision: review.Decision{
		Binding: sessions[0].Binding(), Choice: review.Reject, Reasons: []string{"blurred"}, Note: name,
		Time: "2026-11-22T16:00:00Z",
	}}
	options := &review.Options{Title: name, Reasons: reasons, Earlier: []review.Entry{entry}}
	b.open(write(t, options, sessions)[0], "")
	b.is(".reasons label", name)
	b.is(".session.current h2", name)
	b.is("h1", name)
	b.press("aj")
	b.is("#toast", "Decision: approve, session 1.")
	b.press("r1")
	b.is("#viewer-title", "reference (1 of 5)")
	if eval[bool](b, "window.ran === 1 || document.images.length > 0") {
		t.Error("what came with the result ran")
	}
	b.do(chromedp.KeyEvent("\u001b"))
	if d := b.export(t, "R"); len(d.Decisions) != 2 || *d.Decisions[0].Session != name {
		t.Errorf("got %+v", d.Decisions)
	}
}

// TestViewer zooms and pans by keys, wheel and mouse.
func TestViewer(t *testing.T) {
	b := newTab(t)
	b.open(write(t, nil, []*review.Session{session(t, "edges.json", id(1))})[0], "")
	const box = `document.querySelector("#stage svg").getAttribute("viewBox")`
	b.press("2")
	b.is("#viewer-title", "audit-0 (2 of 5)")
	b.is("#viewer-words", "480×640 px, jpeg · box at -47,172 of 225×296 px · clipped, 78.9 % in the frame"+
		" · beyond it: left 47 px")
	if got := eval[string](b, box); got != "-63 0 543 640" {
		t.Errorf("got the view %s", got)
	}
	b.press("++")
	b.is("#zoom", "196 %")
	near := eval[string](b, box)
	b.do(chromedp.DragAndDropXY(500, 300, 400, 250))
	if moved := eval[string](b, box); moved == near {
		t.Error("dragging moves nothing")
	}
	b.press("0o")
	b.is("#zoom", "100 %")
	if !eval[bool](b, `getComputedStyle(document.querySelector("#stage .overlay")).display === "none"`) {
		t.Error("the overlay is still shown")
	}
	b.do(chromedp.KeyEvent("\u001b"))
	if got := eval[string](b, `document.activeElement.dataset.frame || ""`); got != "1-1" {
		t.Errorf("closing leaves the focus at %q", got)
	}
	b.press("oa") // the keys decide again
	b.is("#tally", "1 of 1 decided: approve 1")
}

// TestWithoutScript holds that everything can be read where no script runs.
func TestWithoutScript(t *testing.T) {
	file := write(t, nil, queue(t, 4))[0]
	b := newTab(t)
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.open(file, "")
	got := eval[[]int](b, `[
		[...document.querySelectorAll(".session")].filter((e) => e.offsetHeight > 100).length,
		[...document.querySelectorAll("#queue a")].filter((e) => e.offsetHeight > 0).length,
		[...document.querySelectorAll(".js")].filter((e) => e.offsetHeight > 0).length,
		[...document.querySelectorAll("svg.picture")].filter((e) => e.getBoundingClientRect().height > 50).length,
	]`)
	if want := []int{4, 4, 0, 6}; !slices.Equal(got, want) {
		t.Errorf("got %d sessions, links, controls that need script, pictures; want %d", got, want)
	}
}
