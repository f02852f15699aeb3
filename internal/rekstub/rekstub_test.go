package rekstub_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/rekognition"

	"github.com/lvtool/lvtool/internal/rekstub"
)

// A recorder is a test that notes what it was told.
type recorder struct {
	testing.TB
	told []string
}

func (r *recorder) Helper() {}

func (r *recorder) Context() context.Context { return context.Background() }

func (r *recorder) Error(args ...any) { r.told = append(r.told, fmt.Sprint(args...)) }

func (r *recorder) Errorf(format string, args ...any) { r.Error(fmt.Sprintf(format, args...)) }

// The SDK's own requests are as they must be, and one that differs is not.
func TestRequest(t *testing.T) {
	keys := aws.Credentials{AccessKeyID: "key", SecretAccessKey: "secret"}
	for _, tt := range []struct {
		name   string
		check  rekstub.Check
		change func(*http.Request)
		want   string // in what is told; "" for nothing
	}{
		{"right", rekstub.Check{Keys: keys, Region: "eu-west-1"}, nil, ""},
		{"region", rekstub.Check{Keys: keys, Region: "eu-west-2"}, nil, "signature"},
		{"secret", rekstub.Check{
			Keys: aws.Credentials{AccessKeyID: "key", SecretAccessKey: "other"}, Region: "eu-west-1",
		}, nil, "signature"},
		{"signed", rekstub.Check{}, nil, "signature"},
		{"target", rekstub.Check{Keys: keys, Region: "eu-west-1"}, func(r *http.Request) {
			r.Header.Set("X-Amz-Target", "RekognitionService.DetectFaces")
		}, "X-Amz-Target"},
		{"path", rekstub.Check{Keys: keys, Region: "eu-west-1"}, func(r *http.Request) {
			r.URL.Path = "/x"
		}, "POST /x"},
		{"type", rekstub.Check{Keys: keys, Region: "eu-west-1"}, func(r *http.Request) {
			r.Header.Set("Content-Type", "application/json")
		}, "Content-Type"},
		{"body", rekstub.Check{Keys: keys, Region: "eu-west-1"}, func(r *http.Request) {
			r.Body = http.NoBody
		}, "session id alone"},
	} {
		told := &recorder{TB: t}
		session := ""
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if tt.change != nil {
				tt.change(r)
			}
			session = tt.check.Request(told, r)
			_, _ = w.Write([]byte("{}"))
		}))
		client := rekognition.New(rekognition.Options{
			Region: "eu-west-1", BaseEndpoint: &srv.URL,
			Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
		})
		_, err := client.GetFaceLivenessSessionResults(t.Context(),
			&rekognition.GetFaceLivenessSessionResultsInput{SessionId: aws.String("id")})
		srv.Close()
		all := strings.Join(told.told, "\n")
		if err != nil || (tt.want == "") != (all == "") || !strings.Contains(all, tt.want) {
			t.Errorf("%s: got %q, %v, want %q", tt.name, all, err, tt.want)
		}
		if tt.name != "body" && session != "id" {
			t.Errorf("%s: got session %q", tt.name, session)
		}
	}
}
