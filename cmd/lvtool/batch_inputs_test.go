package main

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/export/plan"
	"github.com/lvtool/lvtool/internal/s3fault"
)

// plannedIn returns the inputs of all shards of a run in a folder, in order; a
// listed one has a star.
func plannedIn(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "shards", "*"))
	check(t, err)
	var all []string
	for _, name := range files {
		data, err := os.ReadFile(name)
		check(t, err)
		for line := range bytes.Lines(data) {
			var e plan.Entry
			check(t, json.Unmarshal(line, &e))
			if e.Listed {
				e.Input += "*"
			}
			all = append(all, e.Input)
		}
	}
	return strings.Join(all, " ")
}

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	check(t, err)
	check(t, w.Close())
	return b.Bytes()
}

// A list, here or in S3, is planned line by line; its lines may name objects as
// S3 does, and prefixes, which are listed.
func TestBatchPlanList(t *testing.T) {
	srv := s3Server(t)
	s3Documents(t, srv, 2)
	list := "a.json\n" +
		`{"Bucket":"bucket","Key":"x/é?.json","VersionId":"v7"}` + "\n\n" +
		"s3://bucket/in/\n" +
		`{"schema":"lvtool.failed/1","input":"sub/b.json","label":"b","error":"cut"}` + "\r\n"
	srv.Set("bucket", "list.jsonl.gz", zipped(t, list))
	const want = "a.json s3://bucket/x/é?.json?versionId=v7 s3://bucket/in/000.json* " +
		"s3://bucket/in/001.json* sub/b.json"
	for _, name := range []string{save(t, "list.jsonl", list), "s3://bucket/list.jsonl.gz"} {
		dir := t.TempDir() + "/run"
		lvtool(t, "batch", "plan", "--sessions-per-shard", "2", "-o", dir, "@"+name).want(t, 0)
		if got := plannedIn(t, dir); got != want {
			t.Errorf("%s: got %s\nwant %s", name, got, want)
		}
	}
	for text, said := range map[string]string{
		"": "the list is empty", "{": "line 1: neither a name", `{"input":"stdin"}`: "cannot be read again",
	} {
		dir := t.TempDir() + "/run"
		lvtool(t, "batch", "plan", "-o", dir, "@"+save(t, "list", text)).want(t, 1, said)
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%q: there is a plan", text)
		}
	}
}

// inventoryOf puts an inventory into a server, and returns its address.
func inventoryOf(t *testing.T, srv *s3fault.Server, text string) string {
	t.Helper()
	data := zipped(t, text)
	srv.Set("inventory", "inv/bucket/all/data/1.csv.gz", data)
	srv.Set("inventory", "inv/bucket/all/2026-11-22T01-00Z/manifest.json", fmt.Appendf(nil, `{"sourceBucket":"bucket",
		"destinationBucket":"arn:aws:s3:::inventory","version":"2016-11-30","fileFormat":"CSV",
		"fileSchema":"Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size","files":[
		{"key":"inv/bucket/all/data/1.csv.gz","size":%d,"MD5checksum":"%x"}]}`, len(data), md5.Sum(data)))
	return "s3://inventory/inv/bucket/all/2026-11-22T01-00Z/manifest.json"
}

const inventoryText = `"bucket","in/000.json","v1","true","false","9"
"bucket","in/sub/a%2B+b.json","v3","true","false","9"
"bucket","in/sub/a%2B+b.json","v2","false","false","9"
"bucket","in/gone.json","v4","true","true",""
"bucket","in/picture.jpg","","true","false","9"
"bucket","in/.hidden.json","","true","false","9"
"bucket","inner/x.json","null","true","false","9"
`

// An inventory is planned as it was listed: the newest versions, with no delete
// marker, of what may be a result, below the prefixes that are wanted.
func TestBatchPlanInventory(t *testing.T) {
	srv := s3Server(t)
	s3Documents(t, srv, 1)
	manifest := inventoryOf(t, srv, inventoryText)
	const below = "s3://bucket/in/000.json?versionId=v1* s3://bucket/in/sub/a+ b.json?versionId=v3*"
	copied := t.TempDir()
	for key, name := range map[string]string{
		"inv/bucket/all/2026-11-22T01-00Z/manifest.json": "day/manifest.json",
		"inv/bucket/all/data/1.csv.gz":                   "data/1.csv.gz",
	} {
		data, _ := srv.Get("inventory", key)
		check(t, os.MkdirAll(filepath.Dir(filepath.Join(copied, name)), 0o700))
		check(t, os.WriteFile(filepath.Join(copied, name), data, 0o600))
	}
	for _, tt := range []struct {
		want string
		args []string
	}{
		{below + " s3://bucket/inner/x.json*", []string{manifest}},
		{below, []string{manifest, "s3://bucket/in/"}},
		{below, []string{copied + "/day/manifest.json", "s3://bucket/in/"}},
	} {
		dir := t.TempDir() + "/run"
		lvtool(t, append([]string{"batch", "plan", "-o", dir, "--inventory"}, tt.args...)...).want(t, 0)
		if got := plannedIn(t, dir); got != tt.want {
			t.Errorf("%q: got %s\nwant %s", tt.args, got, tt.want)
		}
	}
	lvtool(t, "batch", "run", "-q", "-o", t.TempDir()+"/run", "--inventory", manifest, "s3://bucket/in/0").
		want(t, 2, "give a prefix")
	dir := t.TempDir() + "/run"
	first, _, _ := strings.Cut(inventoryText, "\n")
	for _, tt := range []struct {
		key, said string
		data      []byte
	}{
		{"data/1.csv.gz", "1 fields, not 6", zipped(t, "x")},
		{"data/1.csv.gz", "not what the manifest says: its MD5", zipped(t, first)},
		{"2026-11-22T01-00Z/manifest.json", "not the manifest.json", []byte("[]")},
	} {
		srv.Set("inventory", "inv/bucket/all/"+tt.key, tt.data)
		lvtool(t, "batch", "plan", "-o", dir, "--inventory", manifest).want(t, 1, tt.said)
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s: there is a plan", tt.said)
		}
	}
}
