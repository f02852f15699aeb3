package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/lvtool/lvtool/export/plan"
	"github.com/lvtool/lvtool/internal/s3fault"
)

const s3Run1 = "s3://bucket/run/"

// s3Documents puts n documents of a session each below in/, and their images.
func s3Documents(t *testing.T, srv *s3fault.Server, n int) {
	t.Helper()
	for i, line := range strings.Split(strings.TrimSpace(s3Sessions(t, srv, n)), "\n") {
		srv.Set("bucket", fmt.Sprintf("in/%03d.json", i), []byte(line))
	}
}

// sameAsConvert holds that a run in S3 has the sessions of a convert, byte for
// byte, and no others.
func sameAsConvert(t *testing.T, srv *s3fault.Server, run, clean string, want int) {
	t.Helper()
	made := filesBelow(t, srv, run+"sessions/")
	sessions := 0
	for name, data := range filesBelow(t, srv, clean) {
		if !strings.Contains(name, "/") {
			continue // of convert as a whole
		}
		found := 0
		for file, is := range made {
			if _, rest, _ := strings.Cut(file, "/"); rest == name && bytes.Equal(is, data) {
				found++
			}
		}
		if found != 1 {
			t.Errorf("%s is there %d times", name, found)
		}
		if path.Base(name) == markFile {
			sessions++
		}
	}
	reports := 0
	for file := range made {
		if path.Base(file) == markFile {
			reports++
		}
	}
	if sessions != want || reports != want {
		t.Errorf("%d sessions of convert and %d of the run, want %d", sessions, reports, want)
	}
}

// A run whose every file is in S3 makes what convert makes, though a tenth of
// all requests fail, and two workers do each shard at the same time; nothing is
// ever overwritten.
func TestBatchS3(t *testing.T) {
	const n, shards = 12, 3
	srv := s3Server(t)
	s3Documents(t, srv, n)
	lvtool(t, "convert", "-q", "--sheet-tile", "80", "-o", "s3://bucket/clean/", "s3://bucket/in/").want(t, 0)
	fault := faultEvery(10, []string{"503", "500", "502-html", "429", "reset", "409", "silent"})
	srv.SetFault(func(i int, r *http.Request) string { return fault(i, r) })
	for range 2 {
		got := lvtool(t, "batch", "plan", "--shards", "3", "--sheet-tile", "80", "--cli-read-timeout", "1",
			"-o", s3Run1, "s3://bucket/in/")
		got.want(t, 0)
		if !strings.HasPrefix(got.stdout, "s3://bucket/run/plan.json: 12 documents in 3 shards") {
			t.Errorf("got %s", got.stdout)
		}
	}
	lvtool(t, "batch", "plan", "--shards", "2", "-o", s3Run1, "s3://bucket/in/",
		"--cli-read-timeout", "1").want(t, 1, "give another RUN")
	lvtool(t, "batch", "merge", "--cli-read-timeout", "1", s3Run1).want(t, 1, "s3://bucket/run/: shards not done: 0-2")
	var attempts sync.WaitGroup
	for shard := range 2 * shards {
		attempts.Go(func() {
			// Processes of their own: two command lines in one have flags in common.
			out, err := exec.CommandContext(t.Context(), "lvtool", "batch", "work", "-q", "--cli-read-timeout", "1",
				"--plan", s3Run1+"plan.json", "--shard", fmt.Sprint(shard/2)).CombinedOutput()
			if err != nil {
				t.Errorf("shard %d: %v\n%s", shard/2, err, out)
			}
		})
	}
	attempts.Wait()
	got := lvtool(t, "batch", "status", "--cli-read-timeout", "1", s3Run1)
	if got.want(t, 0); !strings.Contains(got.stdout, "3 of 3 shards done, 0 failed") {
		t.Errorf("got %s", got.stdout)
	}
	for range 2 {
		lvtool(t, "batch", "merge", "--cli-read-timeout", "1", s3Run1).want(t, 0)
	}
	srv.SetFault(nil)
	sameAsConvert(t, srv, "run/", "clean/", n)
	index, kind := srv.Get("bucket", "run/index.json")
	if bytes.Count(index, []byte(`"folder":"sessions/0000`)) != n || kind != "application/json" {
		t.Errorf("the index is of type %s\n%s", kind, index)
	}
	onlyOnce(t, srv, "run/")
	lvtool(t, "batch", "run", "-q", "--shards", "2", "--sheet-tile", "80",
		"-o", "s3://bucket/again/", "s3://bucket/in/").want(t, 0)
	sameAsConvert(t, srv, "again/", "clean/", n)
}

// onlyOnce holds that no object below a prefix was written twice: its first
// version is the one that is there.
func onlyOnce(t *testing.T, srv *s3fault.Server, prefix string) {
	t.Helper()
	for _, key := range srv.Keys("bucket") {
		if strings.HasPrefix(key, prefix) && srv.Version("bucket", key) != 1 {
			t.Errorf("%s was overwritten", key)
		}
	}
}

// What S3 refuses for now is tried again by the engine, and what it refuses for
// good is not; a session that lacks an image for now is not kept.
func TestBatchS3ExitCodes(t *testing.T) {
	srv := s3Server(t)
	s3Documents(t, srv, 2)
	t.Setenv("AWS_MAX_ATTEMPTS", "2")
	lvtool(t, "batch", "plan", "-o", s3Run1, "s3://bucket/in/").want(t, 0)
	work := []string{"batch", "work", "-q", "--plan", s3Run1 + "plan.json", "--shard", "0"}
	fails := func(part, fault string) {
		srv.SetFault(func(_ int, r *http.Request) string {
			if strings.Contains(r.URL.Path, part) {
				return fault
			}
			return ""
		})
	}
	for _, tt := range []struct {
		part, fault string
		code        int
		said        string
	}{
		{"/run/plan.json", "503", exitAgain, "throttled"},
		{"/run/plan.json", "403", exitConfig, "access denied"},
		{"/run/shards/", "503", exitAgain, "throttled"},
		{"/in/001.json", "503", exitAgain, "throttled"},
		{fetchID(1) + "/reference.png", "503", exitAgain, "throttled"},
		{"/results/", "503", exitAgain, "throttled"},
		{"/run/done/", "503", exitAgain, "throttled"},
	} {
		fails(tt.part, tt.fault)
		lvtool(t, work...).want(t, tt.code, tt.said)
		if strings.Contains(tt.part, "reference.png") {
			if _, ok := filesBelow(t, srv, "run/sessions/")["00000/"+fetchID(1)+"/"+markFile]; ok {
				t.Error("a session was kept that lacks its image for now")
			}
		}
		if len(filesBelow(t, srv, "run/done/")) > 0 {
			t.Fatalf("%s: the shard is done", tt.part)
		}
	}
	srv.SetFault(nil)
	lvtool(t, append(work, "--plan", "s3://bucket/none/plan.json")...).want(t, exitConfig, "not found")
	lvtool(t, work...).want(t, 0)
	lvtool(t, "batch", "merge", s3Run1).want(t, 0)
	onlyOnce(t, srv, "run/")
}

// A worker that has no credentials, or none that S3 knows, is told so at once: no
// session is written without its images.
func TestBatchNoCredentials(t *testing.T) {
	srv := s3Server(t)
	results := save(t, "one.jsonl", s3Sessions(t, srv, 1))
	dir := t.TempDir() + "/run"
	lvtool(t, "batch", "plan", "-o", dir, results).want(t, 0)
	work := []string{"batch", "work", "-q", "--plan", dir + "/plan.json", "--shard", "0"}
	srv.SetFault(func(int, *http.Request) string { return "403-key" })
	lvtool(t, work...).want(t, exitConfig, "not accepted")
	srv.SetFault(nil)
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	lvtool(t, work...).want(t, exitConfig, "no AWS credentials")
	if made, _ := filepath.Glob(dir + "/sessions/*/*"); len(made) > 0 {
		t.Errorf("got %q", made)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	lvtool(t, work...).want(t, 0)
}

// Where an earlier attempt met other faults and was killed, what it left is
// made anew; what it finished stays as it is, with its own results.
func TestBatchS3OtherAttempt(t *testing.T) {
	srv := s3Server(t)
	s3Documents(t, srv, 2)
	lvtool(t, "batch", "plan", "-o", s3Run1, "s3://bucket/in/").want(t, 0)
	work := []string{"batch", "work", "-q", "--plan", s3Run1 + "plan.json", "--shard", "0"}
	srv.SetFault(func(_ int, r *http.Request) string { // the first image is denied; the marker cannot be written
		switch {
		case strings.Contains(r.URL.Path, fetchID(0)+"/reference.png"):
			return "403"
		case strings.Contains(r.URL.Path, "/done/") && r.Method == http.MethodPut:
			return "403"
		}
		return ""
	})
	lvtool(t, work...).want(t, exitConfig, "access denied")
	srv.SetFault(nil)
	was := filesBelow(t, srv, "run/sessions/00000/"+fetchID(0)+"/")
	if len(was) < 2 || was["originals/reference.png"] != nil {
		t.Fatalf("the first attempt made %d files", len(was))
	}
	lvtool(t, work...).want(t, 0)
	now := filesBelow(t, srv, "run/sessions/00000/"+fetchID(0)+"/")
	if !bytes.Equal(now[markFile], was[markFile]) {
		t.Error("what the first attempt finished was overwritten")
	}
	got := lvtool(t, "batch", "merge", s3Run1)
	got.want(t, exitSomeFailed)
	if !strings.Contains(got.stdout, "2 sessions, 1 incomplete, 0 failed") {
		t.Errorf("got %s", got.stdout)
	}

	s3Documents(t, srv, 2)
	lvtool(t, "batch", "plan", "-o", "s3://bucket/half/", "s3://bucket/in/").want(t, 0)
	half := "half/sessions/00000/" + fetchID(0) + "/"
	srv.Set("bucket", half+"sheet.png", []byte("of a killed attempt"))
	lvtool(t, "batch", "work", "-q", "--plan", "s3://bucket/half/plan.json", "--shard", "0").want(t, 0)
	if sheet, _ := srv.Get("bucket", half+"sheet.png"); !bytes.HasPrefix(sheet, []byte("\x89PNG")) {
		t.Errorf("the half session was left: %.30q", sheet)
	}
}

// What failed in a run in S3 is done by another, and merged into the first.
func TestBatchS3Resume(t *testing.T) {
	srv := s3Server(t)
	s3Documents(t, srv, 5)
	lvtool(t, "batch", "plan", "--shards", "2", "-o", s3Run1, "s3://bucket/in/").want(t, 0)
	srv.SetFault(func(_ int, r *http.Request) string {
		if strings.Contains(r.URL.Path, "/in/001.json") {
			return "403"
		}
		return ""
	})
	lvtool(t, "batch", "work", "-q", "--plan", s3Run1+"plan.json", "--shard", "0").want(t, 0)
	srv.SetFault(nil)
	lvtool(t, "batch", "plan", "--resume", s3Run1, "-o", "s3://bucket/rest").want(t, 0)
	lvtool(t, "batch", "work", "-q", "--plan", "s3://bucket/rest/plan.json", "--shard", "0").want(t, 0)
	lvtool(t, "batch", "merge", s3Run1).want(t, 1, "shards not done: 1")
	lvtool(t, "batch", "merge", s3Run1, s3Run1).want(t, 1, "shards not done")
	got := lvtool(t, "batch", "merge", "--sample", "5", s3Run1, "s3://bucket/rest/")
	if got.want(t, 0); !strings.Contains(got.stdout, "5 sessions, 0 incomplete, 0 failed") {
		t.Errorf("got %s", got.stdout)
	}
	index, _ := srv.Get("bucket", "run/index.json")
	if bytes.Count(index, []byte(`"folder":"sessions/`)) != 1 ||
		bytes.Count(index, []byte(`"folder":"s3://bucket/rest/sessions/`)) != 4 {
		t.Errorf("got %s", index)
	}
	onlyOnce(t, srv, "run/")
	srv.Delete("bucket", keyBelow(t, srv, "run/results/00000"))
	lvtool(t, "batch", "plan", "--resume", s3Run1, "-o", "s3://bucket/all").
		want(t, 0, s3Run1+"results/00000", "not there: shard 0 is planned again as a whole, 2 documents")
}

// Sessions of the same id in several shards are named.
func TestBatchRepeated(t *testing.T) {
	in, dir := documents(t, 2), t.TempDir()+"/run"
	said := command(t, 0, "batch", "run", "-q", "--shards", "4", "-o", dir, in, in)
	if strings.Count(said, "is there 2 times: sessions/0000") != 2 {
		t.Errorf("got %s", said)
	}
	var totals plan.Totals
	check(t, json.Unmarshal([]byte(tree(t, dir)["totals.json"]), &totals))
	if len(totals.Repeated) != 2 || len(totals.Repeated[0].Folders) != 2 || totals.Sessions != 4 {
		t.Errorf("got %+v", totals)
	}
}

// A worker that is told to end while S3 keeps it waiting says try again.
func TestBatchS3Interrupted(t *testing.T) {
	srv := s3Server(t)
	s3Documents(t, srv, 2)
	lvtool(t, "batch", "plan", "-o", s3Run1, "s3://bucket/in/").want(t, 0)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	srv.SetFault(func(_ int, r *http.Request) string {
		if strings.Contains(r.URL.Path, "/reference.png") && r.Method == http.MethodGet {
			cancel()
			return "silent"
		}
		return ""
	})
	var out bytes.Buffer
	args := []string{"lvtool", "batch", "work", "--plan", s3Run1 + "plan.json", "--shard", "0"}
	if code := run(ctx, args, nil, &out, &out); code != exitAgain {
		t.Errorf("got exit code %d, want %d\n%s", code, exitAgain, &out)
	}
}
