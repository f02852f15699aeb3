package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// documents puts n documents of a session each below in/, and their images.
func (s *server) documents(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		key := "liveness/" + sessionID(i) + "/reference.png"
		s.put(t, key, pixel(t, i))
		one := strings.ReplaceAll(result(s.bucket, key, ""), sessionID(1), sessionID(i))
		s.put(t, fmt.Sprintf("in/%03d.json", i), []byte(one))
	}
}

// below returns the objects below a folder.
func (s *server) below(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	dir := filepath.Join(s.data, s.bucket, filepath.FromSlash(folder))
	if _, err := os.Stat(dir); err != nil {
		return nil
	}
	return filesBelow(t, dir)
}

// written returns how many objects of a pattern there are.
func (s *server) written(pattern string) int {
	files, _ := filepath.Glob(filepath.Join(s.data, s.bucket, filepath.FromSlash(pattern))) // it is a good one
	return len(files)
}

// A run in a real server makes what convert makes, byte for byte, though its
// workers are killed, and two are at each shard at the same time.
func TestBatch(t *testing.T) {
	t.Parallel()
	const n, shards = 24, 4
	srv := start(t)
	srv.documents(t, n)
	u := srv.as("root")
	u.lvtool(t, "", "convert", "-q", "-o", "s3://evidence/clean/", "s3://evidence/in/").want(t, 0)
	u.lvtool(t, "", "batch", "plan", "--shards", fmt.Sprint(shards), "-o", "s3://evidence/run/", "s3://evidence/in/").
		want(t, 0)
	work := func(shard int) []string {
		return []string{"batch", "work", "-q", "--plan", "s3://evidence/run/plan.json", "--shard", fmt.Sprint(shard)}
	}
	killed := 0
	for shard := range shards {
		some := func() bool { return srv.written(fmt.Sprintf("run/sessions/%05d/*/*", shard)) > 3 }
		if u.kill(t, some, work(shard)...) {
			killed++
		}
	}
	half := len(srv.below(t, "run/sessions/"))
	if t.Logf("%d of %d workers were killed, with %d objects written", killed, shards, half); killed == 0 {
		t.Error("no worker was killed")
	}
	u.lvtool(t, "", "batch", "merge", "s3://evidence/run/").want(t, 1, "shards not done: ")
	var attempts sync.WaitGroup
	for i := range 2 * shards {
		attempts.Go(func() { u.lvtool(t, "", work(i/2)...).want(t, 0) })
	}
	attempts.Wait()
	for range 2 {
		u.lvtool(t, "", "batch", "merge", "s3://evidence/run/").want(t, 0)
	}
	got := u.lvtool(t, "", "batch", "status", "s3://evidence/run")
	if !strings.Contains(got.stdout, "4 of 4 shards done") {
		t.Errorf("got %s%s", got.stdout, got.stderr)
	}
	made := srv.below(t, "run/sessions/")
	found := 0
	for name, data := range srv.below(t, "clean/") {
		if !strings.Contains(name, "/") {
			continue // of convert as a whole
		}
		for shard := range shards {
			if is, ok := made[path.Join(fmt.Sprintf("%05d", shard), name)]; ok {
				if found++; !bytes.Equal(is, data) {
					t.Errorf("%s is another than convert's", name)
				}
			}
		}
	}
	if found != len(made) || found < 3*n {
		t.Errorf("%d objects of %d are those of convert", found, len(made))
	}
}

// kill runs the program, kills it when a condition holds, and reports whether it
// was killed before it ended.
func (u user) kill(t *testing.T, when func() bool, args ...string) bool {
	t.Helper()
	name, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = u.environment(t)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // its error is that of the end
	}()
	for {
		select {
		case <-ended:
			return false
		case <-time.After(time.Millisecond):
		}
		if when() {
			_ = cmd.Process.Signal(os.Kill)
			<-ended
			return !cmd.ProcessState.Exited()
		}
	}
}
