package tsa_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/lvtool/lvtool/internal/tsa"
)

func serve(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return s.URL + "/tsr"
}

func TestAsk(t *testing.T) {
	var sent string
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		sent = strings.Join([]string{
			r.Method, r.URL.Path, r.Header.Get("Content-Type"), r.Header.Get("User-Agent"), string(body),
		}, " ")
		w.Header().Set("Content-Type", "application/timestamp-reply; charset=binary")
		_, _ = io.WriteString(w, "answer")
	})
	c := tsa.Client{UserAgent: "lvtool", Bytes: 6}
	got, err := c.Ask(t.Context(), address, []byte("query"))
	if err != nil || string(got) != "answer" {
		t.Errorf("got %q, %v, want the answer", got, err)
	}
	if want := "POST /tsr application/timestamp-query lvtool query"; sent != want {
		t.Errorf("got the request %q, want %q", sent, want)
	}
}

func TestAskErrors(t *testing.T) {
	reply := func(status int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"not found":  {reply(404, "text/html", "no"), "it answered 404 not found"},
		"a web page": {reply(200, "text/html", "hello"), `with "text/html", not application/timestamp-reply`},
		"no type":    {reply(200, ";", "hello"), "not application/timestamp-reply"},
		"too long":   {reply(200, "application/timestamp-reply", strings.Repeat("x", 101)), "longer than 100 bytes"},
		"broken off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/timestamp-reply")
			w.Header().Set("Content-Length", "50")
			_, _ = io.WriteString(w, "short")
		}, "broke off"},
		"silent": {func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // or the server would not see the client go
			<-r.Context().Done()
		}, "no answer within 200ms"},
	} {
		t.Run(name, func(t *testing.T) {
			c := tsa.Client{Bytes: 100, Timeout: 200 * time.Millisecond}
			address := strings.Replace(serve(t, test.answer), "http://", "http://anna:secret@", 1)
			got, err := c.Ask(t.Context(), address, []byte("query"))
			if got != nil || err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %q, %v, want …%s…", got, err, test.want)
			}
			if strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "127.0.0.1") {
				t.Errorf("got %v, want an error that names the authority without the password", err)
			}
		})
	}
}

func TestAskAddress(t *testing.T) {
	c := tsa.Client{HTTP: &http.Client{}}
	bad := []string{"", "tsa.example.com", "ftp://tsa.example.com", "https://", "http://[", "file:///x"}
	for _, address := range bad {
		if _, err := c.Ask(t.Context(), address, nil); err == nil || !strings.Contains(err.Error(), "should be like") {
			t.Errorf("got %v of %q, want what it should be like", err, address)
		}
	}
	gone := httptest.NewServer(nil)
	gone.Close()
	if _, err := c.Ask(t.Context(), gone.URL, nil); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("got %v of a server that is gone, want that it refused", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Ask(ctx, gone.URL, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}
