package rekognition_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/lvtool/lvtool/decode/rekognition"
	"github.com/lvtool/lvtool/internal/rekstub"
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
	check := rekstub.Check{Region: region}
	if s.signed {
		check.Keys = aws.Credentials{AccessKeyID: key, SecretAccessKey: secret}
	}
	if got := check.Request(s.t, r); got != id {
		s.t.Errorf("got session %s, want %s", got, id)
	}
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
