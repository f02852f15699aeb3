package browser_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/lvtool/lvtool/export/review"
)

// program builds lvtool, once.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "lvtool-browser-")
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, "lvtool")
	cmd := exec.Command("go", "build", "-o", name, "./cmd/lvtool")
	cmd.Dir = filepath.Join("..", "..")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return string(out), err
	}
	return name, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if name, err := program(); err == nil && name != "" {
		_ = os.RemoveAll(filepath.Dir(name))
	}
	os.Exit(code)
}

// A server is lvtool review serve, at work.
type server struct {
	dir     string // of the sessions
	address string
	cmd     *exec.Cmd
}

// serve converts samples and gives out their page.
func serve(t *testing.T, samples ...string) *server {
	t.Helper()
	name, err := program()
	if err != nil {
		t.Fatalf("%v: %s", err, name)
	}
	s := &server{dir: filepath.Join(t.TempDir(), "out")}
	args := []string{"convert", "-q", "--threshold", "90", "-o", s.dir}
	for _, sample := range samples {
		args = append(args, filepath.Join("..", "..", "samples", sample))
	}
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	s.cmd = exec.CommandContext(t.Context(), name, "review", "serve", s.dir)
	out, err := s.cmd.StdoutPipe()
	if err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.end)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	s.address = strings.TrimSpace(line)
	return s
}

// end ends it, as Ctrl-C does.
func (s *server) end() {
	_ = s.cmd.Process.Signal(os.Interrupt) // fails when it has ended
	_ = s.cmd.Wait()
}

// origin is the address without path.
func (s *server) origin() string {
	return s.address[:strings.Index(s.address[len("http://"):], "/")+len("http://")]
}

// saved returns the decisions that are kept with the sessions.
func (s *server) saved(t *testing.T) []review.Entry {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(s.dir, review.LogName))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	entries, err := review.ReadLog(data)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// name enters a reviewer's name.
func (b *tab) name(reviewer string) {
	b.t.Helper()
	b.press("e")
	b.is("#toast", "Enter your name first: the file says whose decisions it holds.")
	b.press(reviewer)
	b.do(chromedp.KeyEvent("\u001b"))
}

// guarded reports whether the page asks before it is closed.
func (b *tab) guarded() bool {
	b.t.Helper()
	return eval[bool](b, `!dispatchEvent(new Event("beforeunload", { cancelable: true }))`)
}

// TestProgram saves from the page into the folder of the program that serves it,
// from two tabs; is refused when the files have changed, and loses nothing then,
// nor when the program has ended.
func TestProgram(t *testing.T) {
	s := serve(t, "tiny.json", "expired.json", "outside.json")
	b := newTab(t)
	b.served = s.origin()
	b.do(chromedp.Navigate(s.address))
	b.is("#saved", "")
	b.press("a")
	b.is("#saved", "Not saved yet")
	if !b.guarded() {
		t.Error("the page may be closed with decisions that are nowhere else")
	}
	b.name("Ada")
	b.press("e")
	b.becomes("#toast", "Saved.")
	b.is("#saved", "Saved")
	if b.guarded() {
		t.Error("the page asks though all is saved")
	}
	if got := s.saved(t); len(got) != 1 || got[0].Choice != review.Approve || got[0].Reviewer != "Ada" {
		t.Fatalf("got %+v, want one decision", got)
	}

	second := b.another()
	second.do(chromedp.Navigate(s.address + "#s=2"))
	second.is("#tally", "1 of 3 decided: approve 1")
	second.press("r")
	b.becomes("#tally", "2 of 3 decided: approve 1, reject 1")
	b.becomes("#saved", "Not saved yet")
	b.press("jjs")
	second.becomes("#tally", "3 of 3 decided: approve 1, reject 1, resubmit 1")
	second.press("e")
	second.becomes("#toast", "Saved.")
	b.becomes("#saved", "Saved")
	if got := s.saved(t); len(got) != 3 {
		t.Fatalf("got %+v, want three decisions", got)
	}

	b.do(chromedp.Reload())
	b.is("#tally", "3 of 3 decided: approve 1, reject 1, resubmit 1")
	refused(t, b, s)

	s.end()
	b.press("ka")
	b.expected = "ERR_CONNECTION_REFUSED"
	b.press("e")
	b.becomes("#saved", "Not saved")
	const gone = "Not saved: lvtool does not answer any more. Nothing is lost: "
	if got := b.text("#toast"); !strings.HasPrefix(got, gone) {
		t.Errorf("got %q", got)
	}
	if !b.guarded() {
		t.Error("the page may be closed with decisions that are nowhere else")
	}
	if d := b.download(t, func() { b.do(chromedp.Click(chromedp.CSS("#export-file"))) }); len(d.Decisions) != 3 ||
		d.Reviewer != "Ada" {
		t.Errorf("got %+v", d)
	}
	b.is("#saved", "Saved")
}

// refused has a save refused because a file has changed, and repeats it when that
// is mended.
func refused(t *testing.T, b *tab, s *server) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(s.dir, "*", "originals", "reference.jpg"))
	if err != nil || len(files) == 0 {
		t.Fatalf("got %q, %v", files, err)
	}
	good := map[string][]byte{}
	for _, name := range files {
		if good[name], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, append(slices.Clip(good[name]), 0), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.expected = "409"
	b.press("r")
	b.press("e")
	b.becomes("#saved", "Not saved")
	got := b.text("#toast")
	if !strings.HasPrefix(got, "Not saved: ") || !strings.HasSuffix(got, "Your decisions are still on this page.") ||
		!strings.Contains(got, "reference.jpg") {
		t.Errorf("got %q", got)
	}
	for name, data := range good {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := len(s.saved(t))
	b.press("e")
	b.becomes("#toast", "Saved.")
	if got := s.saved(t); len(got) != before+1 {
		t.Errorf("got %d decisions, want %d", len(got), before+1)
	}
}

// TestTouch decides, pans and zooms by fingers.
func TestTouch(t *testing.T) {
	s := serve(t, "edges.json")
	b := newTab(t)
	b.served = s.origin()
	b.look(390, 844, "light")
	b.touchable()
	b.do(chromedp.Navigate(s.address))
	b.tap(`.choice[data-choice="reject"]`)
	b.becomes("#tally", "1 of 1 decided: reject 1")
	b.tap(".session.current .open")
	b.becomes("#zoom", "100 %")
	b.pinch("#stage", 60, 180)
	b.becomes("#zoom", "300 %")
	const view = `document.querySelector("#stage svg").getAttribute("viewBox")`
	before := eval[string](b, view)
	b.drag("#stage", 80)
	if eval[string](b, view) == before {
		t.Error("a finger moves nothing")
	}
	b.tap(`#viewer [data-do="close"]`)
	b.tap("#more summary")
	b.becomes("#state", "Decision: reject")
	b.tap(`.reasons input[value="blurred"]`)
	b.becomes("#state", "Decision: reject · 1 reason")
	b.tap("#undo")
	b.becomes("#state", "Decision: reject")
	if got := eval[float64](b, `document.documentElement.scrollWidth`); got > 390 {
		t.Errorf("the page is %v wide, more than the screen", got)
	}
}
