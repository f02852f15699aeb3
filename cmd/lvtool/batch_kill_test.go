package main

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/lvtool/lvtool/internal/s3fault"
)

// A stop ends a process when its S3 server gets a request.
type stop struct {
	method, part string
	// after is how many of these requests are let through.
	after int
	// fault is what becomes of the request.
	fault  string
	signal os.Signal

	mu  sync.Mutex
	cmd *exec.Cmd
	at  time.Time
}

// hit is the Fault of a server.
func (s *stop) hit(_ int, r *http.Request) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Method != s.method || !strings.Contains(r.URL.Path, s.part) || s.cmd == nil {
		return ""
	}
	if s.after--; s.after >= 0 {
		return ""
	}
	if s.at.IsZero() {
		s.at = time.Now()
		_ = s.cmd.Process.Signal(s.signal) // it runs: it has just asked
	}
	return s.fault
}

// run runs the program until it ends, and returns its exit code, -1 where it was
// killed, and whether the stop was met.
func (s *stop) run(t *testing.T, srv *s3fault.Server, args ...string) (code int, met bool) {
	t.Helper()
	srv.SetFault(s.hit)
	defer srv.SetFault(nil)
	cmd := exec.CommandContext(t.Context(), "lvtool", args...)
	s.mu.Lock()
	err := cmd.Start()
	s.cmd = cmd
	s.mu.Unlock()
	check(t, err)
	_ = cmd.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return cmd.ProcessState.ExitCode(), !s.at.IsZero()
}

// Killed at any point between its first request and its last, a worker leaves
// what the next makes whole: nothing half is taken for whole, what is whole is
// not made again, and in the end all is as if there had been one attempt.
func TestBatchKill(t *testing.T) {
	const n = 4
	srv := s3Server(t)
	s3Documents(t, srv, n)
	lvtool(t, "convert", "-q", "--sheet-tile", "80", "-o", "s3://bucket/clean/", "s3://bucket/in/").want(t, 0)
	mark := "/" + markFile
	for i, tt := range []struct {
		point string
		stop  *stop
		// whole is how many sessions are whole when the worker is killed, and
		// results whether there are any.
		whole, results int
	}{
		{"reading the plan", &stop{method: "GET", part: "/plan.json"}, 0, 0},
		{"reading the third document", &stop{method: "GET", part: "/in/002.json"}, 2, 0},
		{"reading the first image", &stop{method: "GET", part: fetchID(0) + "/reference.png"}, 0, 0},
		{"writing a picture of the second session", &stop{method: "PUT", part: fetchID(1) + "/sheet.png"}, 1, 0},
		{"writing the third report", &stop{method: "PUT", part: mark, after: 2}, 2, 0},
		{"writing the results", &stop{method: "PUT", part: "/results/"}, n, 0},
		{"writing the marker", &stop{method: "PUT", part: "/done/"}, n, 1},
	} {
		run := fmt.Sprintf("run%d/", i)
		lvtool(t, "batch", "plan", "--sheet-tile", "80", "-o", "s3://bucket/"+run, "s3://bucket/in/").want(t, 0)
		work := []string{"batch", "work", "-q", "-j", "1", "--plan", "s3://bucket/" + run + "plan.json", "--shard", "0"}
		tt.stop.signal, tt.stop.fault = os.Kill, "reset"
		if code, met := tt.stop.run(t, srv, work...); code != -1 || !met {
			t.Errorf("%s: the worker was not killed there: exit code %d", tt.point, code)
		}
		whole := 0
		for name := range filesBelow(t, srv, run+"sessions/") {
			if strings.HasSuffix(name, mark) {
				whole++
			}
		}
		// With one session at a time, the next may have been begun.
		results := len(filesBelow(t, srv, run+"results/"))
		if whole > tt.whole || whole < tt.whole-1 || results != tt.results {
			t.Errorf("%s: %d sessions are whole, with %d results; want %d, %d",
				tt.point, whole, results, tt.whole, tt.results)
		}
		if done := filesBelow(t, srv, run+"done/"); len(done) > 0 {
			t.Errorf("%s: the shard is done", tt.point)
		}
		lvtool(t, work...).want(t, 0)
		lvtool(t, "batch", "merge", "s3://bucket/"+run).want(t, 0)
		sameAsConvert(t, srv, run, "clean/", n)
		onlyOnce(t, srv, run)
	}
}

// Told to end, a worker ends at once, however long S3 keeps it waiting, and says
// try again.
func TestBatchTerminated(t *testing.T) {
	srv := s3Server(t)
	s3Documents(t, srv, 4)
	lvtool(t, "batch", "plan", "-o", s3Run1, "s3://bucket/in/").want(t, 0)
	for _, part := range []string{"/plan.json", "/in/001.json", fetchID(2) + "/reference.png", "/done/"} {
		s := &stop{method: "GET", part: part, fault: "silent", signal: syscall.SIGTERM}
		code, met := s.run(t, srv, "batch", "work", "--plan", s3Run1+"plan.json", "--shard", "0")
		if took := time.Since(s.at); code != exitAgain || !met || took > 20*time.Second {
			t.Errorf("%s: exit code %d after %v, want %d within 25 s", part, code, took, exitAgain)
		}
	}
	lvtool(t, "batch", "work", "-q", "--plan", s3Run1+"plan.json", "--shard", "0").want(t, 0)
	onlyOnce(t, srv, "run/")
}

// In a folder, a worker that is killed when a part of its sessions is there
// leaves these whole and no others, and the next makes only what is missing.
func TestBatchKillFolder(t *testing.T) {
	const n = 40
	in, dir := documents(t, n), filepath.Join(t.TempDir(), "run")
	clean := filepath.Join(t.TempDir(), "clean")
	command(t, 0, "convert", "-q", "-o", clean, in)
	command(t, 0, "batch", "plan", "--shards", "1", "-o", dir, in)
	work := []string{"batch", "work", "-j", "1", "--plan", filepath.Join(dir, "plan.json"), "--shard", "0"}
	made := map[string]os.FileInfo{}
	hits := 0
	for kill := range 3 {
		before := len(made)
		if !killedAfter(t, before+2, work...) {
			break // too late
		}
		wholeOnly(t, filepath.Join(dir, "sessions", "00000"), made, fmt.Sprintf("kill %d", kill))
		if len(made) < before+2 {
			t.Errorf("kill %d fell after %d sessions, and %d before", kill, len(made), before)
		}
		_, err := os.Stat(filepath.Join(dir, "done"))
		if len(made) < n && err == nil {
			t.Errorf("the shard is done with %d sessions", len(made))
		}
		if len(made) < n {
			hits++
		}
	}
	if hits == 0 {
		t.Error("no kill fell between the sessions")
	}
	command(t, 0, work...)
	wholeOnly(t, filepath.Join(dir, "sessions", "00000"), made, "end")
	sameSessions(t, dir, clean, n)
}

// killedAfter runs the program, and kills it when it has said so many lines. It
// reports whether it was killed before it ended.
func killedAfter(t *testing.T, lines int, args ...string) bool {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "lvtool", args...)
	stdout, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	said := bufio.NewScanner(stdout)
	for i := 0; i < lines && said.Scan(); i++ {
		check(t, said.Err())
	}
	_ = cmd.Process.Kill() // which may have ended
	_ = cmd.Wait()
	return !cmd.ProcessState.Exited()
}
