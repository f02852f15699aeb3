package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lvtool/lvtool/export/review"
)

// served converts a sample, serves it, and returns the folder and the address.
func served(t *testing.T) (dir, address string) {
	t.Helper()
	dir = t.TempDir()
	args := []string{"lvtool", "convert", "-o", dir, "../../samples/tiny.json"}
	if code := run(t.Context(), args, nil, io.Discard, io.Discard); code != exitDone {
		t.Fatalf("convert: got exit code %d", code)
	}
	address, end := serving(t, dir)
	t.Cleanup(func() { end() })
	return dir, address
}

// raw sends the text of a request, and returns the status of the answer, 0 where
// there is none.
func raw(t *testing.T, host, request string) int {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, request); err != nil {
		return 0
	}
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return 0
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

// TestServeAttacks holds that who does not know the address, or speaks in another
// name, gets nothing, however the request is put.
func TestServeAttacks(t *testing.T) {
	dir, address := served(t)
	host, rest, _ := strings.Cut(strings.TrimPrefix(address, "http://"), "/")
	token, _, _ := strings.Cut(rest, "/")
	secret, err := filepath.Glob(filepath.Join(dir, "*", "report.json"))
	if err != nil || len(secret) != 1 {
		t.Fatal(secret, err)
	}
	below := filepath.ToSlash(secret[0])
	get := func(path, host string) string { return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n" }
	post := func(head string) string {
		return "POST /" + token + "/save HTTP/1.1\r\nHost: " + host + "\r\n" + head + "\r\n\r\n{}"
	}
	page := "/" + token + "/review.html"
	for _, test := range []struct {
		name, request string
		want          int
	}{
		{"the page", get(page, host), 200},
		{"rebound name", get(page, "evil.example"), 421},
		{"rebound name with the port", get(page, "evil.example"+host[strings.Index(host, ":"):]), 421},
		{"localhost", get(page, strings.Replace(host, "127.0.0.1", "localhost", 1)), 421},
		{"another spelling of the address", get(page, strings.Replace(host, "127.0.0.1", "127.1", 1)), 421},
		{"no port", get(page, "127.0.0.1"), 421},
		{"whole address of another host", get("http://evil.example"+page, host), 421},
		{"no host", "GET " + page + " HTTP/1.0\r\n\r\n", 421},
		{"two hosts", "GET " + page + " HTTP/1.1\r\nHost: " + host + "\r\nHost: x\r\n\r\n", 400},
		{"root", get("/", host), 404},
		{"token alone", get("/"+token, host), 404},
		{"token and slash", get("/"+token+"/", host), 404},
		{"token in another case", get(strings.ToLower(page), host), 404},
		{"token cut short", get("/"+token[:25]+"/review.html", host), 404},
		{"slash twice", get("/"+page, host), 404},
		{"up and down", get("/"+token+"/../"+token+"/review.html", host), 404},
		{"up", get("/"+token+"/../../../etc/passwd", host), 404},
		{"up in escapes", get("/"+token+"/%2e%2e/%2e%2e/etc/passwd", host), 404},
		{"up with backslashes", get("/"+token+`/..\..\etc\passwd`, host), 404},
		{"a file of the folder", get("/"+token+"/"+filepath.Base(filepath.Dir(below))+"/report.json", host), 404},
		{"a file by its whole name", get("/"+token+"/"+below, host), 404},
		{"page with a zero", get(page+"%00.html", host), 404},
		{"page with a slash", get(page+"/", host), 404},
		{"deleting", "DELETE " + page + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 405},
		{"asking what is allowed", "OPTIONS /" + token + "/save HTTP/1.1\r\nHost: " + host +
			"\r\nOrigin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\n\r\n", 405},
		{"a form of another page", post("Origin: http://evil.example\r\n" +
			"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2"), 403},
		{"a form of this page", post("Origin: http://" + host + "\r\n" +
			"Content-Type: text/plain\r\nContent-Length: 2"), 415},
		{"origin of another port", post("Origin: http://127.0.0.1:1\r\n" +
			"Content-Type: application/json\r\nContent-Length: 2"), 403},
		{"origin that begins alike", post("Origin: http://" + host +
			".evil.example\r\nContent-Type: application/json\r\nContent-Length: 2"), 403},
		{"two origins", post("Origin: null\r\nOrigin: http://" + host +
			"\r\nContent-Type: application/json\r\nContent-Length: 2"), 403},
		{"JSON by another name", post("Origin: http://" + host +
			"\r\nContent-Type: application/json; charset=x\r\nContent-Length: 2"), 415},
		{"large headers", "GET " + page + " HTTP/1.1\r\nHost: " + host + "\r\nX: " + strings.Repeat("x", 1<<17) +
			"\r\n\r\n", 431},
		{"no HTTP", "hello\r\n\r\n", 400},
	} {
		if got := raw(t, host, test.request); got != test.want {
			t.Errorf("%s: got %d, want %d", test.name, got, test.want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, review.LogName)); err == nil {
		t.Error("something was saved")
	}
}

// TestServeHeaders holds what a browser is told: to keep nothing, to give the
// address to nobody, and to let no page in or around.
func TestServeHeaders(t *testing.T) {
	_, address := served(t)
	for _, url := range []string{address, address + "x"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if err := answer.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "Content-Security-Policy": "frame-ancestors 'none'",
			"Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
			"Referrer-Policy": "same-origin", "X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "",
		} {
			if got := answer.Header.Get(name); got != want {
				t.Errorf("%s: got %s %q, want %q", url, name, got, want)
			}
		}
		token := strings.Split(address, "/")[3]
		if bytes.Contains(body, []byte(token)) {
			t.Errorf("%s: the page holds the secret of its address", url)
		}
	}
}

// TestServeManyConnections holds that connections that say nothing, and bodies that
// do not end, keep nobody from saving, nor fill the memory.
func TestServeManyConnections(t *testing.T) {
	dir, address := served(t)
	host, rest, _ := strings.Cut(strings.TrimPrefix(address, "http://"), "/")
	token, _, _ := strings.Cut(rest, "/")
	var open []net.Conn
	defer func() {
		for _, c := range open {
			_ = c.Close()
		}
	}()
	dial := func(request string) {
		c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", host)
		if err == nil {
			_, err = io.WriteString(c, request)
		}
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, c)
	}
	for range 100 {
		dial("GET /" + token)
	}
	for range mostReading - 1 { // who knows the address, and is slow
		dial(fmt.Sprintf("POST /%s/save HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\n"+
			"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n{", token, host, host, maxPosted))
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	good := decisionsOn(t, dir, review.Approve)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			save := "http://" + host + "/" + token + "/save"
			if got, text := ask(t, "POST", save, "", "http://"+host, bytes.NewReader(good)); got != 204 {
				t.Errorf("got %d (%s)", got, text)
			}
		})
	}
	wait.Wait()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > maxPosted {
		t.Errorf("memory grew by %d bytes", grown)
	}
	data, err := os.ReadFile(filepath.Join(dir, review.LogName))
	if err != nil {
		t.Fatal(err)
	}
	if entries, err := review.ReadLog(data); err != nil || len(entries) != 1 {
		t.Errorf("got %+v, %v, want one decision", entries, err)
	}
}
