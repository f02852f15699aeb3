package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lvtool/lvtool/internal/need"
)

// The packs of a run are those that pack makes, byte for byte, in a folder and
// in S3; the key is the worker's, and the plan can ask for one.
func TestBatchPack(t *testing.T) {
	srv := s3Server(t)
	s3Documents(t, srv, 3)
	t.Setenv("SOURCE_DATE_EPOCH", "1800000000")
	key := sshKey(t)
	same := []string{
		"--case", "K 1", "--info", "Source=old", "--info", "Box=7", "--sheet-tile", "80", "s3://bucket/in/",
	}
	clean := filepath.Join(t.TempDir(), "clean")
	lvtool(t, append([]string{"pack", "-q", "--sign", key, "-o", clean}, same...)...).want(t, 0)
	want := tree(t, clean)
	if len(want) < 3*10 {
		t.Fatalf("pack made %d files", len(want))
	}
	for _, run := range []string{t.TempDir() + "/run", "s3://bucket/run"} {
		plan := append([]string{"batch", "plan", "--pack", "--signed", "--shards", "2", "-o", run}, same...)
		lvtool(t, plan...).want(t, 0)
		os.Unsetenv("SOURCE_DATE_EPOCH") // the time of the plan holds
		ctx := withClock(t.Context(), func() time.Time { return time.Unix(1_900_000_000, 0) })
		var out bytes.Buffer
		if code := runIn(ctx, &out, plan...); code != 0 {
			t.Errorf("the same plan at another time: exit code %d\n%s", code, &out)
		}
		work := []string{"batch", "work", "-q", "--plan", run + "/plan.json", "--shard"}
		lvtool(t, append(work, "0")...).want(t, exitConfig, "must be signed: give --sign")
		lvtool(t, append(work, "0", "--sign", key)...).want(t, 0)
		t.Setenv("LVTOOL_SIGN", key)
		lvtool(t, append(work, "1")...).want(t, 0)
		t.Setenv("LVTOOL_SIGN", "")
		t.Setenv("SOURCE_DATE_EPOCH", "1800000000")
		lvtool(t, "batch", "merge", run).want(t, 0)
		got := map[string]string{}
		if isS3(run) {
			for name, data := range filesBelow(t, srv, "run/sessions/") {
				got[name] = string(data)
			}
		} else {
			got = tree(t, filepath.Join(run, "sessions"))
		}
		files := 0
		for name, data := range got {
			if strings.Contains(name, "/") {
				_, rest, _ := strings.Cut(name, "/")
				if want[rest] != data {
					t.Errorf("%s: %s is not what pack makes", run, name)
				}
				files++
			}
		}
		if files != len(want) {
			t.Errorf("%s: %d files, want %d", run, files, len(want))
		}
	}
	onlyOnce(t, srv, "run/sessions/")
}

// sshKey makes a key of Ed25519, whose signatures are the same each time.
func sshKey(t *testing.T) string {
	t.Helper()
	key := filepath.Join(t.TempDir(), "key")
	made := exec.CommandContext(t.Context(), need.Program(t, "ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", key)
	if out, err := made.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return key
}

// runIn runs a command line in a context.
func runIn(ctx context.Context, out io.Writer, args ...string) int {
	return run(ctx, append([]string{"lvtool"}, args...), nil, out, out)
}

// What a killed attempt left of a pack is made anew, another attempt's pack
// stays, and options of packs are refused where none are made.
func TestBatchPackAttempts(t *testing.T) {
	srv := s3Server(t)
	s3Documents(t, srv, 2)
	lvtool(t, "batch", "plan", "--case", "1", "-o", s3Run1, "s3://bucket/in/").want(t, 2, "--case is about packs")
	lvtool(t, "batch", "plan", "--pack", "--info", "x", "-o", s3Run1, "s3://bucket/in/").want(t, 2, "want KEY=VALUE")
	t.Setenv("SOURCE_DATE_EPOCH", "1800000000")
	lvtool(t, "batch", "plan", "--pack", "-o", s3Run1, "s3://bucket/in/").want(t, 0)
	half := "run/sessions/00000/" + fetchID(0) + "/"
	srv.Set("bucket", half+"custody.jsonl", []byte("of a killed attempt"))
	work := []string{"batch", "work", "-q", "--plan", s3Run1 + "plan.json", "--shard", "0"}
	lvtool(t, work...).want(t, 0)
	lvtool(t, "verify", "s3://bucket/"+half).want(t, 0)
	srv.Delete("bucket", "run/done/00000.json")
	was := srv.Version("bucket", half+"custody.jsonl")
	lvtool(t, work...).want(t, 0)
	if now := srv.Version("bucket", half+"custody.jsonl"); now != was || was != 2 {
		t.Errorf("the pack was written %d times, then %d", was, now)
	}
}
