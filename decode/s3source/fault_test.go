package s3source_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/internal/s3fault"
)

const limit = 1 << 20

// quick are options under which no test waits.
func quick() *s3source.Options {
	return &s3source.Options{
		Tries:      4,
		TryTimeout: 20 * time.Second,
		Backoff:    func(int) time.Duration { return 0 },
	}
}

// impatient are options for servers that do not answer.
func impatient() *s3source.Options {
	opts := quick()
	opts.Tries, opts.TryTimeout = 2, 700*time.Millisecond
	return opts
}

// faults is what becomes of every failure that a server can have.
var faults = []struct {
	name     string
	opts     func() *s3source.Options
	requests int   // for the key, redirected and tried again
	want     error // nil where the object is got
	text     string
}{
	{name: "ok", requests: 1},
	{name: "307", requests: 1},

	{name: "301", requests: 2},
	{name: "400-region", requests: 2},
	{name: "400-region-text", requests: 2, want: s3source.ErrRegion, text: "AuthorizationHeaderMalformed"},
	{name: "once-400-region-text", requests: 2},
	{name: "400-region-silent", requests: 2, want: s3source.ErrRegion, text: "malformed"},
	{name: "once-400-region-silent", requests: 2},
	{name: "400-region-evil", requests: 2, want: s3source.ErrRegion},
	{name: "400-location", requests: 2},

	{name: "400-expired", requests: 1, want: s3source.ErrExpiredToken, text: "ExpiredToken, request REQUEST1"},
	{name: "400-ssec", requests: 1, want: s3source.ErrCustomerKey},
	{name: "400-version", requests: 1, want: s3source.ErrNoSuchVersion},
	{name: "400-odd", requests: 1, want: s3source.ErrRefused, text: "refused: red\uFFFDtxt (Odd\uFFFD[31m, request"},
	{name: "403", requests: 1, want: s3source.ErrDenied, text: "denied: Access Denied (AccessDenied, request R"},
	{name: "403-kms", requests: 1, want: s3source.ErrKey, text: "kms:Decrypt"},
	{name: "403-key", requests: 1, want: s3source.ErrBadCredentials},
	{name: "403-secret", requests: 1, want: s3source.ErrBadCredentials},
	{name: "403-archived", requests: 1, want: s3source.ErrArchived},
	{name: "403-html", requests: 1, want: s3source.ErrDenied},
	{name: "403-clock", requests: 2, want: s3source.ErrClock},
	{name: "once-403-clock", requests: 2},
	{name: "404", requests: 1, want: decode.ErrNotFound, text: "object not found"},
	{name: "404-bucket", requests: 1, want: s3source.ErrNoSuchBucket},
	{name: "404-version", requests: 1, want: s3source.ErrNoSuchVersion},
	{name: "404-marker", requests: 1, want: s3source.ErrDeleteMarker},
	{name: "405-marker", requests: 1, want: s3source.ErrDeleteMarker},

	{name: "429", requests: 4, want: s3source.ErrThrottled},
	{name: "500", requests: 4, want: s3source.ErrServer, text: "InternalError, 4 tries"},
	{name: "502-html", requests: 4, want: s3source.ErrServer},
	{name: "503", requests: 4, want: s3source.ErrThrottled, text: "SlowDown, 4 tries"},
	{name: "once-500", requests: 2},
	{name: "once-502-html", requests: 2},
	{name: "twice-503", requests: 3},
	{name: "reset", requests: 4, want: s3source.ErrNetwork, text: "EOF"},
	{name: "once-reset", requests: 2},
	{name: "silent", opts: impatient, requests: 2, want: s3source.ErrTimeout},
	{name: "once-silent", opts: impatient, requests: 2},

	{name: "cut", requests: 4, want: s3source.ErrNetwork, text: "unexpected EOF"},
	{name: "cut-chunked", requests: 4, want: s3source.ErrNetwork, text: "unexpected EOF"},
	{name: "once-cut", requests: 2},
	{name: "twice-cut-chunked", requests: 3},
	{name: "stall", opts: impatient, requests: 2, want: s3source.ErrTimeout},
	{name: "once-stall", opts: impatient, requests: 2},
	{name: "crc32", requests: 3, want: s3source.ErrChecksum, text: "CRC32"},
	{name: "crc64", requests: 3, want: s3source.ErrChecksum, text: "CRC64NVME"},
	{name: "short", requests: 3, want: s3source.ErrChecksum},
	{name: "once-crc32", requests: 2},
	{name: "once-crc64", requests: 2},
	{name: "once-short", requests: 2},
	{name: "huge", requests: 1, want: decode.ErrTooLarge},
	{name: "endless", requests: 1, want: decode.ErrTooLarge},
	{name: "other-version", requests: 1},
}

func TestObjectFaults(t *testing.T) {
	for _, tt := range faults {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			opts := quick
			if tt.opts != nil {
				opts = tt.opts
			}
			srv := s3fault.New(t)
			s := s3source.New(srv.Config(), opts())
			o := decode.S3Object{Bucket: "bucket", Name: "a/b/" + tt.name}
			got, err := s.Object(t.Context(), o, limit)
			if n := srv.Requests(o.Name); n != tt.requests && !reset(tt.name, n, tt.requests) {
				t.Errorf("got %d requests, want %d", n, tt.requests)
			}
			if tt.want == nil && (err != nil || string(got.Data) != s3fault.Body) {
				t.Fatalf("got %+v, %v, want the object", got, err)
			}
			if tt.want != nil && (!errors.Is(err, tt.want) || got != nil || !strings.Contains(err.Error(), tt.text)) {
				t.Errorf("got %+v, %v, want %v with %q", got, err, tt.want, tt.text)
			}
			if tt.want != nil && s3source.Advice(err) == "" && !errors.Is(err, s3source.ErrRefused) &&
				!errors.Is(err, decode.ErrTooLarge) {
				t.Errorf("no advice on %v", err)
			}
		})
	}
}

// reset allows for net/http, which itself repeats a request where a connection
// that it kept alive was reset.
func reset(name string, got, want int) bool {
	return strings.HasSuffix(name, "reset") && got > want && got <= 2*want
}

// A version that is not the one asked for is not handed out.
func TestObjectVersion(t *testing.T) {
	srv := s3fault.New(t)
	s := s3source.New(srv.Config(), quick())
	o := decode.S3Object{Bucket: "bucket", Name: "other-version", Version: "v1"}
	if _, err := s.Object(t.Context(), o, limit); !errors.Is(err, s3source.ErrNoSuchVersion) {
		t.Errorf("got %v, want another version refused", err)
	}
	o.Name = "ok"
	got, err := s.Object(t.Context(), o, limit)
	if err != nil || got.Origin.Version != "v1" || len(got.Problems) > 0 {
		t.Errorf("got %+v, %v, want version v1", got, err)
	}
	for _, r := range srv.Log() {
		if id := r.URL.Query().Get("versionId"); id != "v1" {
			t.Errorf("got a request for version %q, want v1", id)
		}
	}
	o.Name = "unversioned"
	got, err = s.Object(t.Context(), o, limit)
	if err != nil || len(got.Problems) != 1 || got.Problems[0].Code != "version_unchecked" {
		t.Errorf("got %+v, %v, want a doubt about the version", got, err)
	}
}

func TestObjectOrigin(t *testing.T) {
	srv := s3fault.New(t)
	s := s3source.New(srv.Config(), quick())
	got, err := s.Object(t.Context(), decode.S3Object{Bucket: "bucket", Name: "a/ok"}, limit)
	if err != nil {
		t.Fatal(err)
	}
	want := decode.Origin{
		Kind: "s3", Bucket: "bucket", Key: "a/ok", Version: "v1",
		ETag:         "398533d48111e9f664b1f64cb10c4b63",
		LastModified: "2026-11-01T12:00:00Z",
		Checksum:     "sha256:RPg1RJSlugO6F5Ko0+nFNMR6kYGYD956P0SwbvKufH8=",
		Encryption:   "AES256",
	}
	if got.Origin != want {
		t.Errorf("got %+v, want %+v", got.Origin, want)
	}
}

func TestOriginTold(t *testing.T) {
	srv := s3fault.New(t)
	s := s3source.New(srv.Config(), quick())
	for name, want := range map[string]decode.Origin{
		"told-kms":      {Encryption: "aws:kms arn:aws:kms:us-east-1:123456789012:key/k"},
		"told-customer": {Encryption: "SSE-C AES256"},
		"told-parts":    {Checksum: "sha256:AAAA-3"}, // of the parts, so that it cannot be compared
	} {
		want.Kind, want.Bucket, want.Key = "s3", "bucket", name
		got, err := s.Object(t.Context(), decode.S3Object{Bucket: "bucket", Name: name}, limit)
		if err != nil || got.Origin != want {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, err, want)
		}
	}
}

// The limit is of bytes, to the byte.
func TestObjectLimit(t *testing.T) {
	srv := s3fault.New(t)
	s := s3source.New(srv.Config(), quick())
	o := decode.S3Object{Bucket: "bucket", Name: "ok"}
	n := int64(len(s3fault.Body))
	if got, err := s.Object(t.Context(), o, n); err != nil || int64(len(got.Data)) != n {
		t.Errorf("limit %d: %v", n, err)
	}
	_, err := s.Object(t.Context(), o, n-1)
	e, ok := errors.AsType[*decode.LimitError](err)
	if !ok || e.Got != n || e.Max != n-1 {
		t.Errorf("got %v, want a LimitError", err)
	}
	if stats := s.Stats(); stats.Received != n {
		t.Errorf("got %d bytes received, want %d: the length was known before", stats.Received, n)
	}
}

// A bucket elsewhere costs one more request once, and every object from it says
// so, the first as well as those after.
func TestRegion(t *testing.T) {
	srv := s3fault.New(t)
	s := s3source.New(srv.Config(), quick())
	for i := range 3 {
		got, err := s.Object(t.Context(), decode.S3Object{Bucket: "bucket", Name: "301"}, limit)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Problems) != 1 || got.Problems[0].Code != "bucket_region" ||
			!strings.Contains(got.Problems[0].Message, "in eu-west-1, the region set is us-east-1") {
			t.Errorf("object %d: got problems %v", i, got.Problems)
		}
	}
	want := s3source.Stats{Requests: 4, Redirects: 1, Received: int64(3 * len(s3fault.Body))}
	if got := s.Stats(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// Many that learn at once where a bucket is get there all.
func TestRegionTogether(t *testing.T) {
	srv := s3fault.New(t)
	s := s3source.New(srv.Config(), quick())
	o := decode.S3Object{Bucket: "bucket", Name: "400-region"}
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if _, err := s.Object(t.Context(), o, limit); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := s.Stats(); got.Requests != 50+got.Redirects || got.Retries != 0 {
		t.Errorf("got %+v, want a request for each object and redirection", got)
	}
}

// The number of tries is that of the AWS settings, unless it is set here.
func TestTries(t *testing.T) {
	for _, tt := range []struct{ aws, own, want int }{{0, 0, 8}, {2, 0, 2}, {2, 3, 3}, {1, 0, 1}} {
		srv := s3fault.New(t)
		cfg, opts := srv.Config(), quick()
		cfg.RetryMaxAttempts, opts.Tries = tt.aws, tt.own
		_, err := s3source.New(cfg, opts).Object(t.Context(), decode.S3Object{Bucket: "bucket", Name: "503"}, limit)
		if e, ok := errors.AsType[*s3source.Error](err); !ok || e.Tries != tt.want || srv.Requests("503") != tt.want {
			t.Errorf("%+v: got %v after %d requests", tt, err, srv.Requests("503"))
		}
	}
}

// The pauses grow by chance, within bounds.
func TestBackoff(t *testing.T) {
	for n, most := range map[int]time.Duration{
		1: 100 * time.Millisecond, 2: 200 * time.Millisecond, 8: 12800 * time.Millisecond, 100: 20 * time.Second,
	} {
		for range 100 {
			if got := s3source.Backoff(n); got < 0 || got >= most {
				t.Fatalf("try %d: got %v, want less than %v", n, got, most)
			}
		}
	}
}

// Without a region there is none to differ from.
func TestNoRegion(t *testing.T) {
	srv := s3fault.New(t)
	cfg := srv.Config()
	cfg.Region = ""
	got, err := s3source.New(cfg, quick()).Object(t.Context(), decode.S3Object{Bucket: "bucket", Name: "301"}, limit)
	if err != nil || len(got.Problems) > 0 {
		t.Errorf("got %+v, %v", got, err)
	}
}

// hosts is a connection that remembers which hosts were asked, and for which
// region.
type hosts []string

func (h *hosts) RoundTrip(r *http.Request) (*http.Response, error) {
	region := ""
	if scope := strings.Split(r.Header.Get("Authorization"), "/"); len(scope) > 2 {
		region = scope[2]
	}
	*h = append(*h, region+" "+r.URL.Host+r.URL.EscapedPath())
	return &http.Response{
		StatusCode: http.StatusOK, ContentLength: 1, Body: io.NopCloser(strings.NewReader("x")), Request: r,
	}, nil
}

// Requests go to the host, and are signed for the region, that a bucket has.
func TestHosts(t *testing.T) {
	const point = "arn:aws:s3:eu-west-1:123456789012:accesspoint/audit"
	endpoint := "https://s3.example.com"
	for _, tt := range []struct {
		bucket, key string
		endpoint    *string
		virtual     bool
		want        string
		problems    int
	}{
		{"bucket", "a//é+%.jpg", nil, false, "us-east-1 bucket.s3.us-east-1.amazonaws.com/a//%C3%A9%2B%25.jpg", 0},
		{"my.bucket", "../k", nil, false, "us-east-1 s3.us-east-1.amazonaws.com/my.bucket/../k", 0},
		{"bucket", "k", &endpoint, false, "us-east-1 s3.example.com/bucket/k", 0},
		{"bucket", "k", &endpoint, true, "us-east-1 bucket.s3.example.com/k", 0},
		{point, "k", nil, false, "eu-west-1 audit-123456789012.s3-accesspoint.eu-west-1.amazonaws.com/k", 1},
		{point, "k", &endpoint, false, "eu-west-1 audit-123456789012.s3.example.com/k", 1},
	} {
		var asked hosts
		cfg := s3fault.New(t).Config()
		cfg.BaseEndpoint, cfg.HTTPClient = tt.endpoint, &http.Client{Transport: &asked}
		opts := quick()
		opts.VirtualHosts = tt.virtual
		o := decode.S3Object{Bucket: tt.bucket, Name: tt.key}
		got, err := s3source.New(cfg, opts).Object(t.Context(), o, limit)
		if err != nil {
			t.Errorf("%s: %v", o, err)
			continue
		}
		if !slices.Equal(asked, []string{tt.want}) || len(got.Problems) != tt.problems {
			t.Errorf("%s: got %q, %v, want %q", o, []string(asked), got.Problems, tt.want)
		}
	}
}

func TestCanceled(t *testing.T) {
	srv := s3fault.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	opts := quick()
	opts.Backoff = func(int) time.Duration { cancel(); return time.Hour }
	_, err := s3source.New(srv.Config(), opts).Object(ctx, decode.S3Object{Bucket: "bucket", Name: "503"}, limit)
	if !errors.Is(err, context.Canceled) || srv.Requests("503") != 1 {
		t.Errorf("got %v after %d requests, want canceled", err, srv.Requests("503"))
	}
	_, err = s3source.New(srv.Config(), opts).Object(ctx, decode.S3Object{Bucket: "bucket", Name: "ok"}, limit)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want canceled", err)
	}
}

// All tries together have a deadline of their own, and say what kept failing.
func TestTimeout(t *testing.T) {
	srv := s3fault.New(t)
	opts := quick()
	// Time for an answer, also where the machine is busy, but not for another attempt.
	opts.Timeout, opts.Backoff = 2*time.Second, func(int) time.Duration { return time.Hour }
	o := decode.S3Object{Bucket: "bucket", Name: "503"}
	_, err := s3source.New(srv.Config(), opts).Object(t.Context(), o, limit)
	if !errors.Is(err, s3source.ErrThrottled) {
		t.Errorf("got %v, want throttled", err)
	}
	opts.Timeout = 30 * time.Millisecond
	o.Name = "silent"
	_, err = s3source.New(srv.Config(), opts).Object(t.Context(), o, limit)
	if !errors.Is(err, s3source.ErrTimeout) {
		t.Errorf("got %v, want timed out", err)
	}
}
