package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/lvtool/lvtool/decode/s3source"
)

// uploads returns how many objects are in the making.
func (s *server) uploads(t *testing.T) int {
	t.Helper()
	out, err := s.root.ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: &s.bucket})
	if err != nil {
		t.Fatal(err)
	}
	return len(out.Uploads)
}

// What is written in parts is one object, with a checksum of each part, on the same
// conditions as any other.
func TestPutParts(t *testing.T) {
	t.Parallel()
	srv := start(t)
	s := s3source.New(srv.config("root"), &s3source.Options{PartSize: s3source.MinPart})
	o := srv.object("large.json")
	data := bytes.Repeat([]byte("large\n"), 2<<20)
	for _, version := range []int{1, 2, 3} {
		data[0] = byte('0' + version)
		opts := &s3source.PutOptions{Force: version > 1}
		err := s.PutFile(t.Context(), o, bytes.NewReader(data), int64(len(data)), opts)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Put(t.Context(), o, data, nil); err != nil {
			t.Errorf("again: %v", err)
		}
	}
	head, err := srv.root.HeadObject(t.Context(), &s3.HeadObjectInput{
		Bucket: &o.Bucket, Key: &o.Name, ChecksumMode: "ENABLED",
	})
	if err != nil || !strings.HasSuffix(aws.ToString(head.ChecksumSHA256), "-3") {
		t.Errorf("got checksum %s, %v, want one of three parts", aws.ToString(head.ChecksumSHA256), err)
	}
	if got, err := s.Object(t.Context(), o, 16<<20); err != nil || !bytes.Equal(got.Data, data) {
		t.Errorf("got %v", err)
	}
	other := bytes.Repeat([]byte("other\n"), 2<<20)
	if err := s.Put(t.Context(), o, other, nil); !errors.Is(err, s3source.ErrExists) {
		t.Errorf("got %v, want ErrExists", err)
	}
	replace := func(etag string) error {
		return s.Replace(t.Context(), o, bytes.NewReader(other), int64(len(other)), etag)
	}
	if err := replace("0123"); !errors.Is(err, s3source.ErrChanged) {
		t.Errorf("got %v, want ErrChanged", err)
	}
	if err := replace(strings.Trim(*head.ETag, `"`)); err != nil {
		t.Error(err)
	}
	if got, err := s.Object(t.Context(), o, 16<<20); err != nil || !bytes.Equal(got.Data, other) {
		t.Errorf("got %v", err)
	}
	if n := srv.uploads(t); n != 0 {
		t.Errorf("%d uploads are left", n)
	}
}

// More than one request can write, 5 GiB, is written in bounded memory. It takes as
// much disk and some minutes, so that LVTOOL_E2E_LARGE must ask for it.
func TestPutLarge(t *testing.T) {
	if os.Getenv("LVTOOL_E2E_LARGE") == "" {
		t.Skip("LVTOOL_E2E_LARGE is not set")
	}
	srv := start(t)
	const size = 5<<30 + 12345
	f, err := os.Create(filepath.Join(t.TempDir(), "large"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(size); err != nil { // a hole, which reads as zeros
		t.Fatal(err)
	}
	o := srv.object("run/index.json")
	if err := srv.store().PutFile(t.Context(), o, f, size, nil); err != nil {
		t.Fatal(err)
	}
	head, err := srv.root.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &o.Bucket, Key: &o.Name})
	if err != nil || *head.ContentLength != size || srv.uploads(t) != 0 {
		t.Errorf("got %+v, %v", head, err)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	t.Logf("%d MiB were taken from the system", m.Sys>>20)
	if m.Sys > 128<<20 {
		t.Errorf("%d MiB were taken from the system, want 128 at most", m.Sys>>20)
	}
}

// A run whose index is larger than a part is merged in S3, as in a folder, again
// without sending it, and by force.
func TestMergeParts(t *testing.T) {
	t.Parallel()
	srv := start(t)
	const n = 30_000
	u := srv.as("root")
	srv.bigRun(t, u, n)
	merge := []string{"batch", "merge", "--s3-part-size", "5M", "s3://evidence/run/"}
	for range 2 {
		r := u.lvtool(t, "", merge...)
		if r.want(t, 0); !strings.Contains(r.stdout, fmt.Sprintf("%d sessions, 0 incomplete, 0 failed", n)) {
			t.Errorf("got %s", r.stdout)
		}
	}
	o := srv.object("run/index.json")
	head, err := srv.root.HeadObject(t.Context(), &s3.HeadObjectInput{
		Bucket: &o.Bucket, Key: &o.Name, ChecksumMode: "ENABLED",
	})
	if err != nil || *head.ContentLength < 6<<20 || !strings.Contains(aws.ToString(head.ChecksumSHA256), "-") {
		t.Fatalf("got %+v, %v, want an index in parts", head, err)
	}
	got, err := srv.store().Object(t.Context(), o, 64<<20)
	if err != nil {
		t.Fatal(err)
	}
	var index struct{ Sessions []struct{ Folder string } }
	if err := json.Unmarshal(got.Data, &index); err != nil || len(index.Sessions) != n {
		t.Errorf("got an index of %d sessions, %v", len(index.Sessions), err)
	}
	srv.put(t, "run/index.json", []byte("{}"))
	u.lvtool(t, "", merge...).want(t, 1, "exists with other content")
	u.lvtool(t, "", append(merge, "--force")...).want(t, 0)
	again, err := srv.store().Object(t.Context(), o, 64<<20)
	if err != nil || sha256.Sum256(again.Data) != sha256.Sum256(got.Data) || srv.uploads(t) != 0 {
		t.Errorf("got another index, %v, or uploads that are left", err)
	}
}

// bigRun plans n documents, and writes what workers would have written.
func (s *server) bigRun(t *testing.T, u user, n int) {
	t.Helper()
	var list strings.Builder
	for i := range n {
		fmt.Fprintf(&list, "s3://evidence/in/%s.json\n", sessionID(i))
	}
	file := filepath.Join(t.TempDir(), "list.txt")
	if err := os.WriteFile(file, []byte(list.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	u.lvtool(t, "", "batch", "plan", "--shards", "4", "-o", "s3://evidence/run/", "@"+file).want(t, 0)
	got, err := s.store().Object(t.Context(), s.object("run/plan.json"), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	var plan struct {
		Run    string
		Shards []struct{ Entries int }
	}
	if err := json.Unmarshal(got.Data, &plan); err != nil {
		t.Fatal(err)
	}
	session := 0
	for shard, is := range plan.Shards {
		var b bytes.Buffer
		for entry := range is.Entries {
			id := sessionID(session)
			session++
			fmt.Fprintf(&b, `{"schema":"lvtool.result/1","entry":%d,"session":{"id":%q,"folder":%q,`+
				`"status":"SUCCEEDED","confidence":97.5,"source":{"name":"s3://evidence/in/%s.json"},`+
				`"frames":{"inside":5},"problems":[]}}`+"\n", entry, id, id, id)
		}
		sum := fmt.Sprintf("%x", sha256.Sum256(b.Bytes()))
		s.put(t, fmt.Sprintf("run/results/%05d-%.16s.jsonl", shard, sum), b.Bytes())
		s.put(t, fmt.Sprintf("run/done/%05d.json", shard), fmt.Appendf(nil,
			`{"schema":"lvtool.shard/1","run":%q,"shard":%d,"entries":%d,"sessions":%[3]d,"sha256":%q}`,
			plan.Run, shard, is.Entries, sum))
	}
}
