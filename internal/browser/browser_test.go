package browser_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/lvtool/lvtool/internal/need"
)

// patience is how long one test may take of a machine that others use too.
const patience = 10 * time.Minute

// soon is how long the page may take for what comes from elsewhere.
const soon = 30 * time.Second

// A tab is a page in the browser. It notes what the page must not do.
type tab struct {
	t   testing.TB
	ctx context.Context

	mu       sync.Mutex
	messages []string // of the console, and exceptions
	requests []string // that left the page
	served   string   // where requests may go, "" for nowhere
	expected string   // what the console may have, "" for nothing
}

// newTab opens an empty page. When the test ends, the page must have written
// nothing to the console, and sent no request.
func newTab(t testing.TB) *tab {
	t.Helper()
	opts := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(need.Program(t, "chromium")), chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()))
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox) // the sandbox refuses to run for root
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, opts...)
	t.Cleanup(cancel)
	return openTab(ctx, t)
}

// another opens one more tab of the same browser.
func (b *tab) another() *tab {
	b.t.Helper()
	other := openTab(b.ctx, b.t)
	other.served = b.served
	return other
}

// openTab opens a tab.
func openTab(ctx context.Context, t testing.TB) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx}
	b.do(chromedp.Navigate("about:blank"))
	if err := chromedp.Listen(ctx, b.note); err != nil {
		t.Fatal(err)
	}
	call(b, runtime.Enable, cdp.Empty{})
	call(b, log.Enable, cdp.Empty{})
	call(b, network.Enable, network.EnableParams{})
	t.Cleanup(b.quiet)
	return b
}

// leave is the answer to a page that asks whether it may be left.
var leave = page.HandleJavaScriptDialogParams{Accept: true}

// note keeps what a page must not do.
func (b *tab) note(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		b.messages = append(b.messages, fmt.Sprint(e.Type, " ", e.Args))
	case *runtime.EventExceptionThrown:
		b.messages = append(b.messages, fmt.Sprint(e.ExceptionDetails.Text, " ", e.ExceptionDetails.Exception))
	case *log.EventEntryAdded:
		if b.expected != "" && strings.Contains(e.Entry.Text, b.expected) {
			return
		}
		b.messages = append(b.messages, fmt.Sprint(e.Entry.Level, " ", e.Entry.Text))
	case *page.EventJavascriptDialogOpening:
		// A page that asks whether to leave it waits for an answer, and so would
		// the test.
		go func() { _, _ = chromedp.Call(b.ctx, page.HandleJavaScriptDialog, leave) }()
	case *network.EventRequestWillBeSent:
		for _, harmless := range []string{"file:", "data:", "blob:", "about:"} {
			if strings.HasPrefix(e.Request.URL, harmless) {
				return
			}
		}
		if b.served != "" && strings.HasPrefix(e.Request.URL, b.served+"/") {
			return
		}
		b.requests = append(b.requests, e.Request.URL)
	}
}

// quiet holds that the page did nothing that it must not do.
func (b *tab) quiet() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.messages) > 0 {
		b.t.Errorf("the console has %q", b.messages)
	}
	if len(b.requests) > 0 {
		b.t.Errorf("the page asked for %q", b.requests)
	}
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// open opens a file, with what stands behind # in its address.
func (b *tab) open(file, hash string) {
	b.t.Helper()
	b.do(chromedp.Navigate("file://" + filepath.ToSlash(file) + hash))
}

// press presses keys, one after the other. As in a window, a key writes only
// where the page does not take it for something else.
func (b *tab) press(keys string) {
	b.t.Helper()
	for _, r := range keys {
		k := string(r)
		down := input.DispatchKeyEventParams{Type: "keyDown", Key: k, Text: k, UnmodifiedText: k}
		call(b, input.DispatchKeyEvent, down)
		call(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: "keyUp", Key: k})
	}
}

// text returns what an element says.
func (b *tab) text(selector string) string {
	b.t.Helper()
	return eval[string](b, fmt.Sprintf("document.querySelector(%q).textContent", selector))
}

// is compares what an element says.
func (b *tab) is(selector, want string) {
	b.t.Helper()
	if got := b.text(selector); got != want {
		b.t.Errorf("%s: got %q, want %q", selector, got, want)
	}
}

// becomes waits until an element says what is wanted: for what the page does
// after an answer from elsewhere.
func (b *tab) becomes(selector, want string) {
	b.t.Helper()
	for end := time.Now().Add(soon); b.text(selector) != want; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			b.t.Fatalf("%s: got %q, want %q", selector, b.text(selector), want)
		}
	}
}

// eval returns the value of an expression.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%.200s: %v", expression, err)
	}
	return v
}

// before runs a script in every page before its own.
func (b *tab) before(script string) {
	b.t.Helper()
	call(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
}

// look sets the size of the window, in CSS pixels, and the colours it asks for.
func (b *tab) look(width, height int64, scheme string) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, height))
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
}
