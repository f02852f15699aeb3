package rekognition_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/lvtool/lvtool/decode/rekognition"
)

const (
	id     = "5f3c1a20-8d4e-4b7a-9c11-2e6f0a7d1b03"
	key    = "AKIDEXAMPLE"
	secret = "secret"
	region = "eu-west-1"
)

// reply is one answer of the stub. Cut makes it promise more bytes than it sends; drop closes the
// connection without one.
type reply struct {
	status    int
	body      string
	header    map[string]string
	cut, drop bool
	silent    time.Duration
}

func ok(status string) reply {
	return reply{status: 200, body: fmt.Sprintf(`{"SessionId":%q,"Status":%q}`, id, status)}
}

func failed(status int, code, message string) reply {
	body, _ := json.Marshal(map[string]string{"__type": code, "Message": message})
	return reply{status: status, body: string(body)}
}

// stub is the service: it answers in turn, the last answer for ever, and refuses what a client must
// not send.
type stub struct {
	t       *testing.T
	replies []reply
	signed  bool

	mu    sync.Mutex
	count int
}

func (s *stub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Error(err)
	}
	s.check(r, body)
	s.mu.Lock()
	reply := s.replies[min(s.count, len(s.replies)-1)]
	s.count++
	w.Header().Set("X-Amzn-Requestid", fmt.Sprintf("request-%d", s.count))
	s.mu.Unlock()
	select {
	case <-time.After(reply.silent):
	case <-r.Context().Done():
	}
	if reply.drop {
		connection, _, _ := w.(http.Hijacker).Hijack()
		connection.Close()
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	for name, value := range reply.header {
		w.Header().Set(name, value)
	}
	if reply.cut {
		w.Header().Set("Content-Length", fmt.Sprint(len(reply.body)+10))
	}
	w.WriteHeader(reply.status)
	_, _ = io.WriteString(w, reply.body)
}

// check holds the request to AWS JSON 1.1 and signs it once more, to compare.
func (s *stub) check(r *http.Request, body []byte) {
	want := map[string]string{
		"Content-Type": "application/x-amz-json-1.1",
		"X-Amz-Target": "RekognitionService.GetFaceLivenessSessionResults",
	}
	for name, value := range want {
		if got := r.Header.Get(name); got != value {
			s.t.Errorf("%s: got %q, want %q", name, got, value)
		}
	}
	if got := fmt.Sprintf("%s %s %s", r.Method, r.URL.Path, body); got != `POST / {"SessionId":"`+id+`"}` {
		s.t.Errorf("request: got %s", got)
	}
	authorization := r.Header.Get("Authorization")
	if !s.signed {
		if authorization != "" {
			s.t.Errorf("got a signature %q, want none", authorization)
		}
		return
	}
	if expected := sign(s.t, r, body); authorization != expected {
		s.t.Errorf("signature: got %q, want %q", authorization, expected)
	}
}

func sign(t *testing.T, r *http.Request, body []byte) string {
	t.Helper()
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil {
		t.Error(err)
	}
	again, _ := http.NewRequest(r.Method, "http://"+r.Host+r.URL.Path, bytes.NewReader(body))
	_, list, _ := strings.Cut(r.Header.Get("Authorization"), "SignedHeaders=")
	list, _, _ = strings.Cut(list, ",")
	for name := range strings.SplitSeq(list, ";") {
		if name != "host" && name != "content-length" {
			again.Header[http.CanonicalHeaderKey(name)] = r.Header.Values(name)
		}
	}
	sum := sha256.Sum256(body)
	keys := aws.Credentials{AccessKeyID: key, SecretAccessKey: secret}
	digest := hex.EncodeToString(sum[:])
	if err := v4.NewSigner().SignHTTP(t.Context(), keys, again, digest, "rekognition", region, at); err != nil {
		t.Error(err)
	}
	return again.Header.Get("Authorization")
}

// serve starts a stub and returns a client for it that does not wait long between attempts.
func serve(t *testing.T, opts rekognition.Options, replies ...reply) (*rekognition.Client, *stub) {
	t.Helper()
	s := &stub{t: t, replies: replies, signed: true}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	if opts.MaxBackoff == 0 {
		opts.MaxBackoff = time.Millisecond
	}
	return rekognition.New(config(server.URL), opts), s
}

func config(endpoint string) aws.Config {
	return aws.Config{
		Region:       region,
		BaseEndpoint: &endpoint,
		Credentials:  credentials.NewStaticCredentialsProvider(key, secret, ""),
	}
}
