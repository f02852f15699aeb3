package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"reflect"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/review"
)

func newReviewServeCommand() *cli.Command {
	return &cli.Command{
		Name:      "serve",
		Usage:     "give out the page on this machine, and keep what is decided",
		ArgsUsage: "DIR|PACK…",
		Description: `The page is given out at an address of this machine alone, with a secret in it that
is new every time. Its button for exporting saves instead: decisions are checked
and kept as lvtool review import does. Other pages and programs that do not know
the address get nothing. Ctrl-C ends it.

Example:
   lvtool review serve lvtool-packs`,
		Flags: append([]cli.Flag{
			&cli.IntFlag{Name: "port", Usage: "listen on port `N`; 0 for any that is free"},
		}, pageFlags()...),
		Action: serveReview,
	}
}

func serveReview(c *cli.Context) error {
	s, err := newReviewServer(c)
	if err != nil {
		return err
	}
	l, err := listenHere(c.Context, c.Int("port"))
	if err != nil {
		return err
	}
	s.host = l.Addr().String()
	sayf(c.App.Writer, "%s", s.address())
	server := &http.Server{
		Handler: s, MaxHeaderBytes: 1 << 16,
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: readTime, IdleTimeout: 2 * time.Minute,
	}
	stop := context.AfterFunc(c.Context, func() { _ = server.Shutdown(context.WithoutCancel(c.Context)) })
	defer stop()
	err = server.Serve(l)
	s.saving <- struct{}{} // what is being saved is saved
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// listenHere listens at a port of this machine alone.
func listenHere(ctx context.Context, port int) (net.Listener, error) {
	if port < 0 || port > 65535 {
		return nil, usageError("--port %d: want 1 to 65535, or 0 for any that is free", port)
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if failed, ok := errors.AsType[*net.OpError](err); ok {
		err = failed.Err
		if call, ok := errors.AsType[*os.SyscallError](err); ok {
			err = call.Err
		}
	}
	if err != nil {
		return nil, &exitError{
			code: exitFailed, err: fmt.Errorf("--port %d: %w", port, err),
			hint: "give another port, or 0 for any that is free",
		}
	}
	return l, nil
}

// readTime is how long a request may take to come, which is from this machine.
const readTime = 30 * time.Second

// A reviewServer gives out pages and takes decisions.
type reviewServer struct {
	c *cli.Context
	// token is a secret in every address.
	token string
	// host is the address that it listens on.
	host  string
	first string
	pages map[string][]byte
	// reading holds a value for each request whose decisions are read, and saving
	// one while they are saved.
	reading, saving chan struct{}
}

// mostReading is how many requests with decisions are read at a time: each may be
// of maxPosted bytes.
const mostReading = 4

func newReviewServer(c *cli.Context) (*reviewServer, error) {
	s := &reviewServer{
		c: c, token: rand.Text(), pages: map[string][]byte{},
		reading: make(chan struct{}, mostReading), saving: make(chan struct{}, 1),
	}
	r := &reviewer{c: c}
	places, err := sessionPlaces(c, c.Args().Slice())
	if err != nil {
		return nil, err
	}
	opts, err := r.options()
	if err != nil {
		return nil, err
	}
	opts.Served = true
	if opts.Earlier, err = earlier(places); err != nil {
		return nil, err
	}
	made, err := review.Write(r.sessions(places), opts, func(name string, data []byte) error {
		s.pages[name] = bytes.Clone(data)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if made.Sessions == 0 {
		return nil, &exitError{code: exitFailed}
	}
	s.first = made.Files[0]
	return s, nil
}

func (s *reviewServer) address() string { return "http://" + s.host + "/" + s.token + "/" + s.first }

// ServeHTTP answers those who know the address. A page elsewhere that a browser
// shows is told apart by the names it must use: Host is what it took the server
// for, which shows a name that was bound to this machine, and Origin is its own.
func (s *reviewServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "frame-ancestors 'none'")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Host != s.host {
		http.Error(w, "not here", http.StatusMisdirectedRequest)
		return
	}
	name, ok := cutToken(r.URL.Path, s.token)
	page := s.pages[name]
	switch {
	case ok && name == review.SaveName:
		s.post(w, r)
	case !ok || page == nil:
		http.NotFound(w, r)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		http.Error(w, "a page can only be read", http.StatusMethodNotAllowed)
	default:
		h.Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(page) // whoever does not listen misses it
	}
}

// cutToken returns what stands behind the token in a path.
func cutToken(path, token string) (string, bool) {
	n := 1 + len(token) + 1
	if len(path) < n || subtle.ConstantTimeCompare([]byte(path[:n]), []byte("/"+token+"/")) == 0 {
		return "", false
	}
	return path[n:], true
}

// post takes decisions.
func (s *reviewServer) post(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method != http.MethodPost:
		http.Error(w, "decisions are posted", http.StatusMethodNotAllowed)
		return
	case r.Header.Get("Origin") != "http://"+s.host:
		http.Error(w, "not from another page", http.StatusForbidden)
		return
	case r.Header.Get("Content-Type") != "application/json":
		http.Error(w, "want application/json", http.StatusUnsupportedMediaType)
		return
	}
	s.reading <- struct{}{}
	defer func() { <-s.reading }()
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPosted))
	if err != nil {
		http.Error(w, "the decisions cannot be read: "+err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	s.saving <- struct{}{}
	defer func() { <-s.saving }()
	if err := s.save(data); err != nil {
		complain(s.c.App.ErrWriter, err, "")
		http.Error(w, printable(err.Error()), http.StatusConflict)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// maxPosted is how many bytes of decisions are taken at once.
const maxPosted = 64 << 20

// save keeps the decisions that are not kept yet. Everything is read again, since
// it may have changed since the page was made.
func (s *reviewServer) save(data []byte) error {
	d, err := review.ParseDecisions(bytes.NewReader(data))
	if err != nil {
		return err
	}
	m := &importer{c: s.c}
	if err := m.readOptions(); err != nil {
		return err
	}
	if m.places, err = sessionPlaces(s.c, s.c.Args().Slice()); err != nil {
		return err
	}
	kept, err := earlier(m.places)
	if err != nil {
		return err
	}
	d.Decisions = slices.DeleteFunc(d.Decisions, func(one review.Decision) bool {
		return slices.ContainsFunc(kept, func(e review.Entry) bool {
			return e.Reviewer == d.Reviewer && e.Blind == d.Blind && reflect.DeepEqual(e.Decision, one)
		})
	})
	if len(d.Decisions) == 0 {
		return nil
	}
	if err := m.read(); err != nil {
		return err
	}
	return m.take([]reviewFile{{d, "saved", data}})
}
