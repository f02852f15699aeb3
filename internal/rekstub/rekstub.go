// Package rekstub checks what clients send to Amazon Rekognition, for the
// servers that stand for it in tests: nothing public implements the call.
package rekstub

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// A Check says how requests must be.
type Check struct {
	// Keys are those that requests are signed with. Without, they must not be.
	Keys aws.Credentials
	// Region is the one they are signed for.
	Region string
}

// Request holds a request to AWS JSON 1.1: its method, path, target, type, body
// and signature, which is made once more. It returns the session asked for.
func (c Check) Request(tb testing.TB, r *http.Request) (session string) {
	tb.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		tb.Error(err)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/x-amz-json-1.1",
		"X-Amz-Target": "RekognitionService.GetFaceLivenessSessionResults",
	} {
		if got := r.Header.Get(name); got != want {
			tb.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if r.Method != http.MethodPost || r.URL.Path != "/" {
		tb.Errorf("got %s %s, want POST /", r.Method, r.URL.Path)
	}
	var members map[string]string
	if err := json.Unmarshal(body, &members); err != nil || len(members) != 1 || members["SessionId"] == "" {
		tb.Errorf("got body %s, want the session id alone", body)
	}
	want := ""
	if c.Keys.AccessKeyID != "" {
		want = c.sign(tb, r, body)
	}
	if got := r.Header.Get("Authorization"); got != want {
		tb.Errorf("got signature %q, want %q", got, want)
	}
	return members["SessionId"]
}

// sign returns the signature that a request must have, over the headers that
// its own names.
func (c Check) sign(tb testing.TB, r *http.Request, body []byte) string {
	tb.Helper()
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil {
		tb.Error(err)
	}
	again := r.Clone(tb.Context())
	again.URL.Scheme, again.URL.Host, again.Header = "http", r.Host, http.Header{}
	again.ContentLength = 0 // which would be signed
	_, list, _ := strings.Cut(r.Header.Get("Authorization"), "SignedHeaders=")
	list, _, _ = strings.Cut(list, ",")
	for name := range strings.SplitSeq(list, ";") {
		switch name {
		case "host":
		case "content-length":
			again.ContentLength = int64(len(body))
		default:
			again.Header[http.CanonicalHeaderKey(name)] = r.Header.Values(name)
		}
	}
	sum := sha256.Sum256(body)
	digest := hex.EncodeToString(sum[:])
	if err := v4.NewSigner().SignHTTP(tb.Context(), c.Keys, again, digest, "rekognition", c.Region, at); err != nil {
		tb.Error(err)
	}
	return again.Header.Get("Authorization")
}
