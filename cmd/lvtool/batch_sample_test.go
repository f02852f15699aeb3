package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A sample is shown on an overview and a page, always the same one, and the same
// from a folder, from S3 and from packs, but for what is drawn there.
func TestBatchSample(t *testing.T) {
	srv := s3Server(t)
	s3Documents(t, srv, 9)
	t.Setenv("SOURCE_DATE_EPOCH", "1800000000")
	var first map[string][]byte
	for _, args := range [][]string{
		{"-o", s3Run1}, {"-o", t.TempDir() + "/run"}, {"--pack", "-o", "s3://bucket/packs/"},
	} {
		run := args[len(args)-1]
		lvtool(t, append([]string{"batch", "run", "-q", "--shards", "3", "s3://bucket/in/"}, args...)...).want(t, 0)
		got := lvtool(t, "batch", "merge", "--sample", "4", "--force", run)
		if got.want(t, 0); !strings.Contains(got.stdout, "/review.html: a sample of 4 of 9 sessions\n") {
			t.Errorf("got %s", got.stdout)
		}
		lvtool(t, "batch", "merge", "--sample", "4", run).want(t, 0)
		files := filesBelow(t, srv, strings.TrimPrefix(run, "s3://bucket/"))
		if !isS3(run) {
			for name, data := range tree(t, run) {
				files[name] = []byte(data)
			}
		}
		if !bytes.Contains(files["index.json"], []byte(`"overview": ["overview.png"]`)) {
			t.Errorf("%s: the index does not name the overview", run)
		}
		page := files["review.html"]
		if !bytes.Contains(page, []byte("Sample: 4 of 9 sessions")) {
			t.Errorf("%s: the page has no such title", run)
		}
		if len(args) == 2 && first != nil && !bytes.Equal(files["overview.png"], first["overview.png"]) {
			t.Error("the overview of a folder is another than that of S3")
		}
		if first == nil {
			first = files
		}
	}
	dir := t.TempDir() + "/run"
	in := documents(t, 2)
	command(t, 0, "batch", "run", "-q", "--outputs", "report", "-o", dir, in)
	command(t, exitUsage, "batch", "merge", "--sample", "1", dir)
	command(t, exitUsage, "batch", "merge", "--sample", "-1", dir)
}

// A session whose files are not what its report says is left out of a sample,
// and named.
func TestBatchSampleChanged(t *testing.T) {
	in, dir := documents(t, 2), filepath.Join(t.TempDir(), "run")
	command(t, 0, "batch", "run", "-q", "-o", dir, in)
	files, err := filepath.Glob(filepath.Join(dir, "sessions", "*", "*", "originals", "*"))
	check(t, err)
	check(t, os.WriteFile(files[0], []byte("changed"), 0o600))
	said := command(t, exitSomeFailed, "batch", "merge", "--sample", "5", dir)
	if !strings.Contains(said, "review.html: a sample of 1 of 2 sessions") || !strings.Contains(said, "SHA-256") {
		t.Errorf("got %s", said)
	}
	command(t, 0, "batch", "merge", dir)
	for _, name := range []string{"overview.png", "review.html"} {
		if _, err := os.Lstat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s of an earlier merge is beside an index that does not name it: %v", name, err)
		}
	}
}
