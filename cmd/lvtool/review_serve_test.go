package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/export/review"
)

// serving runs review serve on a folder, and returns the address of the page and
// what ends it, which returns the exit code.
func serving(t *testing.T, dir string) (address string, end func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"lvtool", "review", "serve", dir}, nil, w, io.Discard)
		_ = w.Close()
	}()
	lines := bufio.NewScanner(r)
	if !lines.Scan() {
		cancel()
		t.Fatal("got no address, exit code", <-code)
	}
	address = lines.Text()
	go func() { _, _ = io.Copy(io.Discard, r) }()
	return address, func() int { cancel(); return <-code }
}

func TestReviewServe(t *testing.T) {
	dir := t.TempDir()
	args := []string{"lvtool", "convert", "-o", dir, "../../samples/tiny.json"}
	if code := run(t.Context(), args, nil, io.Discard, io.Discard); code != exitDone {
		t.Fatalf("convert: got exit code %d", code)
	}
	address, end := serving(t, dir)
	if !regexp.MustCompile(`^http://127\.0\.0\.1:\d+/[A-Z2-7]{26}/review\.html$`).MatchString(address) {
		t.Fatalf("got the address %q", address)
	}
	origin := address[:strings.Index(address[7:], "/")+7]
	save := strings.TrimSuffix(address, "review.html") + review.SaveName
	good := decisionsOn(t, dir, review.Reject)
	large := io.LimitReader(neverEnding{}, maxPosted+1)
	for _, test := range []struct {
		name, method, url, host, origin string
		body                            io.Reader
		want                            int
	}{
		{"the page", "GET", address, "", "", nil, 200},
		{"posting to the page", "POST", address, "", origin, nil, 405},
		{"wrong token", "GET", origin + "/AAAAAAAAAAAAAAAAAAAAAAAAAA/review.html", "", "", nil, 404},
		{"no token", "GET", origin + "/review.html", "", "", nil, 404},
		{"another file", "GET", strings.Replace(address, "review.html", "../x", 1), "", "", nil, 404},
		{"another name for this machine", "GET", address, "evil.example", "", nil, 421},
		{"saving under another name", "POST", save, "evil.example", "http://evil.example", bytes.NewReader(good), 421},
		{"saving from another page", "POST", save, "", "http://evil.example", bytes.NewReader(good), 403},
		{"saving from a file", "POST", save, "", "null", bytes.NewReader(good), 403},
		{"saving from nowhere", "POST", save, "", "", bytes.NewReader(good), 403},
		{"reading what is saved", "GET", save, "", origin, nil, 405},
		{"saving without token", "POST", origin + "/save", "", origin, bytes.NewReader(good), 404},
		{"too large", "POST", save, "", origin, large, 413},
		{"no decisions", "POST", save, "", origin, strings.NewReader("{}"), 409},
		{"about other images", "POST", save, "", origin, bytes.NewReader(otherImages(good)), 409},
	} {
		if got, text := ask(t, test.method, test.url, test.host, test.origin, test.body); got != test.want {
			t.Errorf("%s: got %d (%.100s), want %d", test.name, got, text, test.want)
		}
	}
	log := filepath.Join(dir, review.LogName)
	if _, err := os.Stat(log); err == nil {
		t.Fatal("something was saved that should have been refused")
	}
	for range 2 { // the second time there is nothing new
		if got, text := ask(t, "POST", save, "", origin, bytes.NewReader(good)); got != 204 {
			t.Fatalf("got %d (%s), want that the decision is saved", got, text)
		}
	}
	data, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if entries, err := review.ReadLog(data); err != nil || len(entries) != 1 || entries[0].Choice != review.Reject {
		t.Errorf("got %+v, %v, want one decision", entries, err)
	}
	if code := end(); code != exitInterrupted {
		t.Errorf("got exit code %d, want %d", code, exitInterrupted)
	}
}

// neverEnding is white space without end.
type neverEnding struct{}

func (neverEnding) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

var imageDigest = regexp.MustCompile(`("name": "[^"]*",\s*"sha256": ")[0-9a-f]{64}`)

// otherImages returns decisions about other images.
func otherImages(data []byte) []byte {
	return imageDigest.ReplaceAll(data, []byte("${1}"+strings.Repeat("0", 64)))
}

// ask sends a request, and returns the status and the text of the answer.
func ask(t *testing.T, method, url, host, origin string, body io.Reader) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	r.Header.Set("Content-Type", "application/json")
	if origin != "" {
		r.Header.Set("Origin", origin)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}
