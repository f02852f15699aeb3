// Package s3fault is an S3 server for tests that fails on demand.
//
// Where the last element of a key is the name of a fault, such as
// a/b/503, every request for it fails in that way; once-503 fails the first
// time only, twice-503 the first two times. Any other key is an object: what
// has been put there, or else [Body].
//
// The answers imitate S3's; they were not recorded from it.
package s3fault

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

const (
	// Region is where the server's buckets are.
	Region = "us-east-1"
	// Elsewhere is where its redirections lead.
	Elsewhere = "eu-west-1"
)

// Body is what the key ok holds.
var Body = strings.Repeat("x", 1000)

// A Server is a running server. Its buckets exist all, and belong to everybody.
type Server struct {
	URL string
	// Fault, where set before the first request, names the fault of the nth
	// request, from 1, or "" for none. It is called by many goroutines. Between
	// requests, SetFault sets it.
	Fault func(n int, r *http.Request) string
	// Sum is the algorithm of the checksums that objects come with: sha256,
	// which "" means too, sha1, crc64nvme, crc32c or crc32.
	Sum string
	// NoDeleteIf makes the server refuse to delete on a condition, as some do.
	NoDeleteIf bool
	// Versioned makes the buckets keep versions. PageSize is how many a page of
	// their listing has, where it is not 0.
	Versioned bool
	PageSize  int
	// Locked, where it is set, has until when objects are locked, by /BUCKET/KEY;
	// LockNew says that new ones will be.
	Locked  map[string]time.Time
	LockNew bool

	mu      sync.Mutex
	log     []*http.Request
	count   map[string]int
	objects map[string]object
	past    map[string][]past // the older versions, and delete markers, by path
	uploads map[string]*upload
}

// SetFault sets s.Fault for the requests to come.
func (s *Server) SetFault(fault func(n int, r *http.Request) string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Fault = fault
}

// New starts a server that ends with the test.
func New(tb testing.TB) *Server {
	tb.Helper()
	s := &Server{count: map[string]int{}, objects: map[string]object{}, past: map[string][]past{}}
	s.uploads = map[string]*upload{}
	srv := httptest.NewServer(s)
	tb.Cleanup(func() {
		srv.CloseClientConnections()
		srv.Close()
	})
	s.URL = srv.URL
	return s
}

// Config returns settings that lead to the server.
func (s *Server) Config() aws.Config {
	return aws.Config{
		Region:       Region,
		BaseEndpoint: &s.URL,
		Credentials:  credentials.NewStaticCredentialsProvider("key", "secret", ""),
	}
}

// Requests returns how many requests there were for a key, or for a bucket.
func (s *Server) Requests(key string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count[key]
}

// Log returns the requests so far, without their bodies.
func (s *Server) Log() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*http.Request(nil), s.log...)
}

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if key == "" {
		key = bucket
	}
	s.mu.Lock()
	s.log = append(s.log, r)
	all := len(s.log)
	s.count[key]++
	n, planned := s.count[key], s.Fault
	s.mu.Unlock()

	name := scheduled(key[strings.LastIndexByte(key, '/')+1:], n)
	if planned != nil {
		name = planned(all, r)
	}
	if fault, ok := faults[name]; ok {
		_, _ = io.Copy(io.Discard, r.Body)
		fault(w, r)
		return
	}
	if then, ok := halves[name]; ok {
		w = &half{w, func() { then(w, r) }}
	}
	s.serve(w, r, bucket, r.URL.Path)
}

// scheduled returns the fault that the nth request for a key meets.
func scheduled(name string, n int) string {
	for prefix, times := range map[string]int{"once-": 1, "twice-": 2} {
		if rest, ok := strings.CutPrefix(name, prefix); ok && n > times {
			return ""
		} else if ok {
			return rest
		}
	}
	return name
}
