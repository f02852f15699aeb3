package s3source_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/internal/s3fault"
)

// replacing are the options of a caller whose marks are lists of files.
func replacing() *s3source.PutOptions {
	files := func(mark []byte) map[string]string {
		var m map[string]string
		_ = json.Unmarshal(mark, &m)
		return m
	}
	return &s3source.PutOptions{
		Own:   func(_ string, data []byte) bool { return files(data) != nil },
		Files: files,
	}
}

// replaceFolder commits a folder of files that hold their own names.
func replaceFolder(t *testing.T, srv *s3fault.Server, files ...string) error {
	t.Helper()
	f := s3source.New(srv.Config(), quick()).
		Folder(decode.S3Object{Bucket: "bucket", Name: "id/"}, "mark", replacing())
	sums := map[string]string{}
	for _, file := range files {
		name, data, _ := strings.Cut(file, "=")
		sum := sha256.Sum256([]byte(data))
		sums[name] = hex.EncodeToString(sum[:])
		if err := f.Put(name, []byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	mark, err := json.Marshal(sums)
	if err != nil {
		t.Fatal(err)
	}
	return errors.Join(f.Put("mark", mark), f.Commit(t.Context()))
}

// wantKeys holds what is in the bucket.
func wantKeys(t *testing.T, srv *s3fault.Server, want ...string) {
	t.Helper()
	if got := srv.Keys("bucket"); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A folder is replaced with its files, also where a server cannot delete on a
// condition, or loses its answers.
func TestFolderReplaced(t *testing.T) {
	for _, fault := range []string{"", "503", "reset"} {
		for _, no := range []bool{false, true} {
			srv := s3fault.New(t)
			srv.NoDeleteIf = no
			srv.Fault = func(n int, _ *http.Request) string {
				if n%3 == 0 {
					return fault
				}
				return ""
			}
			err := errors.Join(replaceFolder(t, srv, "a=1", "old=1"), replaceFolder(t, srv, "a=2", "b=2"))
			if err != nil {
				t.Errorf("%q: %v", fault, err)
			}
			wantKeys(t, srv, "id/a", "id/b", "id/mark")
		}
	}
}

// A mark that another run has written since this one decided to replace an older
// one stays.
func TestFolderReplacedMeanwhile(t *testing.T) {
	for _, step := range []string{"PUT /bucket/id/mark", "DELETE /bucket/id/mark"} {
		srv := s3fault.New(t)
		if err := replaceFolder(t, srv, "a=1"); err != nil {
			t.Fatal(err)
		}
		won := []byte(`{"a":"of another run"}`)
		srv.Fault = func(_ int, r *http.Request) string {
			if r.Method+" "+r.URL.Path == step {
				srv.Set("bucket", "id/mark", won)
			}
			return ""
		}
		if err := replaceFolder(t, srv, "a=2"); !errors.Is(err, s3source.ErrExists) {
			t.Errorf("%s: got %v, want ErrExists", step, err)
		}
		if got, _ := srv.Get("bucket", "id/mark"); string(got) != string(won) {
			t.Errorf("%s: got the mark %q", step, got)
		}
		if got, _ := srv.Get("bucket", "id/a"); string(got) != "1" {
			t.Errorf("%s: a file was overwritten with %q", step, got)
		}
	}
}

// A note, or a file of the replaced folder, that another run has written since it
// was looked at stays.
func TestFolderClearMeanwhile(t *testing.T) {
	const note = "id/mark.replacing"
	for _, tt := range []struct{ name, method, key string }{
		{"note, before it is looked at", http.MethodGet, note},
		{"note, after it was looked at", http.MethodDelete, note},
		{"file, before it is looked at", http.MethodGet, "id/old"},
		{"file, after it was looked at", http.MethodDelete, "id/old"},
	} {
		srv := s3fault.New(t)
		if err := replaceFolder(t, srv, "a=1", "old=1"); err != nil {
			t.Fatal(err)
		}
		done := false
		srv.Fault = func(_ int, r *http.Request) string {
			now, _ := srv.Get("bucket", "id/a")
			if string(now) == "2" && r.Method == tt.method && r.URL.Path == "/bucket/"+tt.key {
				srv.Set("bucket", tt.key, []byte("of another run"))
				done = true
			}
			return ""
		}
		if err := replaceFolder(t, srv, "a=2"); err != nil || !done {
			t.Errorf("%s: got %v, %v", tt.name, err, done)
		}
		if got, _ := srv.Get("bucket", tt.key); string(got) != "of another run" {
			t.Errorf("%s: it is %q", tt.name, got)
		}
	}
}

// A run that was killed at any request is completed by the same run, or by one with
// other files: nothing is left over.
func TestFolderReplaceKilled(t *testing.T) {
	for _, next := range [][]string{{"a=2", "b=2"}, {"a=3", "c=3"}} {
		for n := 1; ; n++ {
			srv := s3fault.New(t)
			if err := replaceFolder(t, srv, "a=1", "old=1"); err != nil {
				t.Fatal(err)
			}
			start := len(srv.Log())
			srv.Fault = func(i int, _ *http.Request) string {
				if i >= start+n {
					return "403"
				}
				return ""
			}
			err := replaceFolder(t, srv, "a=2", "b=2")
			killed := len(srv.Log()) >= start+n
			srv.Fault = nil
			if again := replaceFolder(t, srv, next...); again != nil {
				t.Errorf("killed at request %d (%v): %v", n, err, again)
			}
			wantKeys(t, srv, "id/a", "id/"+next[1][:1], "id/mark")
			if !killed {
				break
			}
		}
	}
}
