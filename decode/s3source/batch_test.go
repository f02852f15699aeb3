package s3source_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/internal/s3fault"
)

// Of a thousand sessions whose images lie in S3, where one request in a hundred
// fails in each of ten ways, none is lost and none is wrong.
func TestBatch(t *testing.T) {
	t.Parallel()
	const sessions = 1000
	srv := s3fault.New(t)
	kinds := []string{"503", "500", "502-html", "429", "reset", "cut", "cut-chunked", "crc32", "short", "stall"}
	srv.Fault = func(n int, _ *http.Request) string {
		if n%10 != 0 {
			return ""
		}
		return kinds[n/10%len(kinds)]
	}
	for i := range sessions {
		srv.Set("bucket", fmt.Sprintf("%d/reference.jpg", i), picture(t, i))
	}
	opts := quick()
	opts.Tries, opts.TryTimeout = 8, 500*time.Millisecond
	s := s3source.New(srv.Config(), opts)

	const workers = 8
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			for i := worker; i < sessions; i += workers {
				checkSession(t, s, i)
			}
		})
	}
	group.Wait()
	stats := s.Stats()
	t.Logf("%+v", stats)
	if stats.Retries < 80 || stats.Requests != sessions+stats.Retries {
		t.Errorf("got %+v, want a request for each session and retry, and at least 80 of these", stats)
	}
}

// picture returns an image that differs from all others in its pixel.
func picture(t *testing.T, i int) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 1, 1))
	copy(m.Pix, []byte{byte(i), byte(i >> 8), 0, 255})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// checkSession loads session i, and makes sure that its picture is its own.
func checkSession(t *testing.T, s *s3source.Store, i int) {
	t.Helper()
	doc := fmt.Sprintf(`{"SessionId": "%d", "Status": "SUCCEEDED",
		"ReferenceImage": {"S3Object": {"Bucket": "bucket", "Name": "%d/reference.jpg"}}}`, i, i)
	for session, err := range decode.Sessions(strings.NewReader(doc), nil) {
		if err != nil {
			t.Error(err)
			return
		}
		frames, err := decode.Load(t.Context(), session, &decode.LoadOptions{Objects: s})
		if err != nil {
			t.Error(err)
			return
		}
		if pix := frames[0].Pixels.Pix; int(pix[0])|int(pix[1])<<8 != i {
			t.Errorf("session %d: got another's picture", i)
		}
		if frames[0].Origin.Checksum == "" {
			t.Errorf("session %d: got origin %+v", i, frames[0].Origin)
		}
	}
}

func BenchmarkObject(b *testing.B) {
	srv := s3fault.New(b)
	data := bytes.Repeat([]byte("jpeg"), 180_000/4) // the mean of 720 × 1280
	srv.Set("bucket", "reference.jpg", data)
	s := s3source.New(srv.Config(), nil)
	o := decode.S3Object{Bucket: "bucket", Name: "reference.jpg"}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Object(b.Context(), o, 1<<20); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReader(b *testing.B) {
	srv := s3fault.New(b)
	data := large()
	srv.Set("bucket", "results.ndjson", data)
	s := s3source.New(srv.Config(), nil)
	o := decode.S3Object{Bucket: "bucket", Name: "results.ndjson"}
	buffer := make([]byte, 64<<10)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		r, err := s.Open(b.Context(), o, 1<<30)
		if err != nil {
			b.Fatal(err)
		}
		for err == nil {
			_, err = r.Read(buffer)
		}
		r.Close()
	}
}
