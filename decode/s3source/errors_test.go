package s3source_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/internal/s3fault"
)

func TestAdvice(t *testing.T) {
	get := func(err error, version string) error {
		return &s3source.Error{
			Op: s3source.OpGet, Object: decode.S3Object{Bucket: "bucket", Name: "key", Version: version}, Err: err,
		}
	}
	for _, tt := range []struct {
		err  error
		want string
	}{
		{get(s3source.ErrDenied, ""), "needs s3:GetObject; without s3:ListBucket"},
		{get(s3source.ErrDenied, "1"), "needs s3:GetObjectVersion;"},
		{&s3source.Error{Op: s3source.OpPut, Err: s3source.ErrDenied}, "needs s3:PutObject"},
		{
			&s3source.Error{Op: s3source.OpList, Err: s3source.ErrDenied, Owner: "123456789012"},
			"needs s3:ListBucket; it also says this where 123456789012, as --s3-owner has it, does not own",
		},
		{get(s3source.ErrKey, ""), "kms:Decrypt"},
		{get(s3source.ErrNoSuchVersion, "1"), "the newest"},
		{get(s3source.ErrDeleteMarker, ""), "list-object-versions"},
		{get(decode.ErrNotFound, ""), "check the key"},
		{get(s3source.ErrBucketDots, ""), "in the path"},
		{get(s3source.ErrTLS, ""), "--ca-bundle"},
		{errors.New("anything else"), ""},
	} {
		got := s3source.Advice(tt.err)
		if !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
			t.Errorf("%v: got %q, want %q", tt.err, got, tt.want)
		}
	}
}

// broken is credentials that cannot be had, and why.
type broken string

func (b broken) Retrieve(context.Context) (aws.Credentials, error) {
	return aws.Credentials{}, errors.New(string(b))
}

func TestCredentials(t *testing.T) {
	srv := s3fault.New(t)
	o := decode.S3Object{Bucket: "bucket", Name: "ok"}
	cfg := srv.Config()
	for why, want := range map[broken]string{
		"the SSO session has expired":               "no AWS credentials: failed to refresh cached credentials, the S",
		"no EC2 IMDS role found, operation error …": "s3://bucket/ok: no AWS credentials",
	} {
		cfg.Credentials = aws.NewCredentialsCache(why)
		_, err := s3source.New(cfg, quick()).Object(t.Context(), o, limit)
		if !errors.Is(err, s3source.ErrNoCredentials) || !strings.Contains(err.Error(), want) ||
			strings.Contains(err.Error(), "IMDS") {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	for _, none := range []aws.CredentialsProvider{nil, aws.AnonymousCredentials{}} {
		cfg.Credentials = none
		if _, err := s3source.New(cfg, quick()).Object(t.Context(), o, limit); err != nil {
			t.Errorf("credentials %T: %v, want an unsigned request", none, err)
		}
	}
	signed := func(r *http.Request) bool { return r.Header.Get("Authorization") != "" }
	if log := srv.Log(); len(log) != 2 || slices.ContainsFunc(log, signed) {
		t.Errorf("got %d requests, want 2 that are not signed", len(log))
	}
}

func TestAddressRefused(t *testing.T) {
	srv := s3fault.New(t)
	opts := quick()
	opts.Buckets = []string{"mine"}
	s := s3source.New(srv.Config(), opts)
	for _, tt := range []struct {
		object decode.S3Object
		want   error
	}{
		{decode.S3Object{Bucket: "theirs", Name: "ok"}, s3source.ErrBucketRefused},
		{decode.S3Object{Bucket: "", Name: "ok"}, s3source.ErrAddress},
		{decode.S3Object{Bucket: "evil.example/#", Name: "ok"}, s3source.ErrAddress},
		{decode.S3Object{Bucket: "a..b", Name: "ok"}, s3source.ErrAddress},
		{decode.S3Object{Bucket: "mine", Name: strings.Repeat("k", 1025)}, s3source.ErrAddress},
		{decode.S3Object{Bucket: "mine", Name: "\xff"}, s3source.ErrAddress},
		{decode.S3Object{Bucket: "mine", Name: "ok", Version: "a b"}, s3source.ErrAddress},
		{decode.S3Object{Bucket: "mine"}, s3source.ErrAddress},
		{decode.S3Object{Bucket: "mine", Name: "ok"}, nil},
	} {
		if _, err := s.Object(t.Context(), tt.object, limit); !errors.Is(err, tt.want) {
			t.Errorf("%+v: got %v, want %v", tt.object, err, tt.want)
		}
	}
	if n := len(srv.Log()); n != 1 {
		t.Errorf("got %d requests, want 1", n)
	}
}

// trusting returns a client that reaches only srv, whatever the host, and
// trusts the roots given.
func trusting(srv *httptest.Server, roots *x509.CertPool) aws.HTTPClient {
	return awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.TLSClientConfig = &tls.Config{RootCAs: roots}
		t.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, srv.Listener.Addr().String())
		}
	})
}

func TestTLS(t *testing.T) {
	srv := httptest.NewUnstartedServer(s3fault.New(t))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS() // with a certificate of example.com and *.example.com
	defer srv.Close()
	roots := x509.NewCertPool()
	roots.AddCert(srv.Certificate())
	for _, tt := range []struct {
		name, bucket, endpoint string
		roots                  *x509.CertPool
		virtual                bool
		want                   error
	}{
		{"unknown authority", "bucket", "https://example.com", x509.NewCertPool(), false, s3source.ErrTLS},
		{"other host", "bucket", "https://example.org", roots, false, s3source.ErrTLS},
		{"good", "bucket", "https://example.com", roots, false, nil},
		{"virtual host", "bucket", "https://example.com", roots, true, nil},
		{"dots in the path", "my.bucket", "https://example.com", roots, false, nil},
		{"redirected to dots", "my.bucket", "https://my.bucket.example.com", roots, false, s3source.ErrBucketDots},
		{"plain server", "bucket", s3fault.New(t).URL, nil, false, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := s3fault.New(t).Config()
			cfg.BaseEndpoint = &tt.endpoint
			if tt.roots != nil {
				cfg.HTTPClient = trusting(srv, tt.roots)
			}
			opts := quick()
			opts.VirtualHosts = tt.virtual
			s := s3source.New(cfg, opts)
			name := "ok"
			if tt.virtual {
				name = "virtual/ok" // what is the bucket to the server is in the path
			}
			_, err := s.Object(t.Context(), decode.S3Object{Bucket: tt.bucket, Name: name}, limit)
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if tt.want != nil && s.Stats().Requests != 1 {
				t.Errorf("got %d requests, want 1", s.Stats().Requests)
			}
		})
	}
}

// Nothing listens: tried again, and then said.
func TestRefusedConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	endpoint := "http://" + l.Addr().String()
	l.Close()
	cfg := s3fault.New(t).Config()
	cfg.BaseEndpoint = &endpoint
	s := s3source.New(cfg, quick())
	_, err = s.Object(t.Context(), decode.S3Object{Bucket: "bucket", Name: "ok"}, limit)
	if !errors.Is(err, s3source.ErrNetwork) || s.Stats().Requests != 4 ||
		!strings.Contains(err.Error(), "connection refused") {
		t.Errorf("got %v after %d requests", err, s.Stats().Requests)
	}
}

// A host that does not exist is not asked for again.
func TestNoHost(t *testing.T) {
	cfg := s3fault.New(t).Config()
	cfg.HTTPClient = awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.DialContext = func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.DNSError{Err: "no such host", Name: "s3.eu-wst-1.amazonaws.com", IsNotFound: true}
		}
	})
	s := s3source.New(cfg, quick())
	_, err := s.Object(t.Context(), decode.S3Object{Bucket: "bucket", Name: "ok"}, limit)
	if !errors.Is(err, s3source.ErrEndpoint) || s.Stats().Requests != 1 {
		t.Errorf("got %v after %d requests, want no such endpoint", err, s.Stats().Requests)
	}
}
