package s3source_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
)

// pretend returns the settings that lead to a server with one object; a real
// program has them from the SDK's config.LoadDefaultConfig.
func pretend() (cfg aws.Config, stop func()) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/reference.jpg") {
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>")
			return
		}
		w.Header().Set("x-amz-version-id", "3L4kqtJl")
		w.Header().Set("x-amz-checksum-crc32", "NSRBwg==")
		fmt.Fprint(w, "abc")
	}))
	return aws.Config{
		Region:       "eu-west-1",
		BaseEndpoint: &srv.URL,
		Credentials:  credentials.NewStaticCredentialsProvider("key", "secret", ""),
	}, srv.Close
}

func ExampleNew() {
	cfg, stop := pretend()
	defer stop()
	store := s3source.New(cfg, &s3source.Options{Tries: 3, Buckets: []string{"evidence"}})

	result := `{"SessionId": "5f3c1a20", "Status": "SUCCEEDED", "ReferenceImage": {
		"S3Object": {"Bucket": "evidence", "Name": "5f3c1a20/reference.jpg", "Version": "3L4kqtJl"}}}`
	for session, err := range decode.Sessions(strings.NewReader(result), nil) {
		if err != nil {
			fmt.Println(err)
			return
		}
		frames, _ := decode.Load(context.Background(), session, &decode.LoadOptions{Objects: store})
		fmt.Println(len(frames[0].Data), "bytes,", frames[0].Origin.Checksum)
	}
	// Output:
	// 3 bytes, crc32:NSRBwg==
}

// A result that names what is not its session's gets nothing.
func ExampleStore_For() {
	cfg, stop := pretend()
	defer stop()
	images := s3source.New(cfg, nil).For("5f3c1a20-8d4e-4b7a-9c11-2e6f0a7d1b03")
	for _, key := range []string{"5f3c1a20-8d4e-4b7a-9c11-2e6f0a7d1b03/reference.jpg", "people/passport.jpg"} {
		o := decode.S3Object{Bucket: "evidence", Name: key}
		if _, err := images.Object(context.Background(), o, 1<<20); err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(o, "is here")
	}
	// Output:
	// s3://evidence/5f3c1a20-8d4e-4b7a-9c11-2e6f0a7d1b03/reference.jpg is here
	// s3://evidence/people/passport.jpg: not an object of this session: its key does not hold the session's id
}

func ExampleStore_Object() {
	cfg, stop := pretend()
	defer stop()
	store := s3source.New(cfg, nil)

	o := decode.S3Object{Bucket: "evidence", Name: "5f3c1a20/audit_0.jpg"}
	_, err := store.Object(context.Background(), o, 15<<20)
	fmt.Println(errors.Is(err, decode.ErrNotFound))
	fmt.Println("error:", err)
	fmt.Println("hint:", s3source.Advice(err))
	// Output:
	// true
	// error: s3://evidence/5f3c1a20/audit_0.jpg: object not found: The specified key does not exist (NoSuchKey)
	// hint: check the key, letter by letter; a folder ends with a slash
}
