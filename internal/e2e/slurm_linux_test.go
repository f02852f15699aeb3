package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/lvtool/lvtool/internal/need"
)

// A cluster is a Slurm of two nodes of one processor each, on this machine.
type cluster struct {
	t    *testing.T
	dir  string
	env  []string
	user user
	seen map[int]bool // by process, the workers of tasks
}

// impatient starts the controller of a cluster that gives up a node after 6
// seconds, and lets a task run again after 5, where usual ones take minutes.
const impatient = `#!/bin/bash
sed -i -e 's/^AuthInfo=.*/&,cred_expire=5/' -e 's/^SlurmdTimeout=.*/SlurmdTimeout=6/' "$2"
exec %s "$@"
`

// startSlurm returns a cluster, which ends with the test.
func startSlurm(t *testing.T, u user) *cluster {
	t.Helper()
	up := filepath.Join(need.Data(t), "..", "tools", "slurm-up.sh")
	if _, err := os.Stat(up); err != nil {
		t.Skip("no script that starts a Slurm: ", up)
	}
	t.Setenv("PATH", os.Getenv("PATH")+":/usr/sbin:/sbin")
	var controller string
	for _, name := range []string{"slurmctld", "slurmd", "sbatch", "munged"} {
		if path := need.Program(t, name); name == "slurmctld" {
			controller = path
		}
	}
	dir := t.TempDir() // of a short name, since there are sockets in it
	programs := filepath.Join(dir, "programs")
	err := errors.Join(os.Mkdir(programs, 0o755),
		os.WriteFile(filepath.Join(programs, "slurmctld"), fmt.Appendf(nil, impatient, controller), 0o755))
	if err != nil {
		t.Fatal(err)
	}
	port := freePorts(t, 3)
	c := &cluster{t: t, dir: dir, user: u, seen: map[int]bool{}}
	c.env = append(u.environment(t), "PATH="+programs+":"+os.Getenv("PATH"), "SLURM_CONF="+dir+"/slurm/slurm.conf",
		fmt.Sprint("SLURM_CTLD_PORT=", port), fmt.Sprint("SLURM_NODE_PORT=", port+1), "SLURM_NODE_CPUS=1")
	t.Cleanup(func() { c.output("bash", up, "stop", dir) })
	if said := c.output("bash", up, "start", dir); !strings.Contains(said, "ready") {
		t.Fatalf("the Slurm did not start: %s", said)
	}
	return c
}

// freePorts returns the first of n ports that are free.
func freePorts(t *testing.T, n int) int {
	t.Helper()
	for range 100 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		first := l.Addr().(*net.TCPAddr).Port
		l.Close()
		free := first+n <= 1<<16
		for port := first; port < first+n && free; port++ {
			l, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", port))
			if free = err == nil; free {
				l.Close()
			}
		}
		if free {
			return first
		}
	}
	t.Fatal("no free ports")
	return 0
}

// output runs a program of the cluster, and returns what it said. What it starts
// in the background must not hold on to it, so it says it to a file.
func (c *cluster) output(name string, args ...string) string {
	c.t.Helper()
	f, err := os.CreateTemp(c.dir, "said-")
	if err != nil {
		c.t.Fatal(err)
	}
	defer f.Close()
	cmd := exec.Command(name, args...) // also when the test is over, to clean up
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = c.env, c.dir, f, f
	err = cmd.Run()
	data, _ := os.ReadFile(f.Name())
	if err != nil {
		return fmt.Sprintf("%s%v", data, err)
	}
	return string(data)
}

// A task is one that runs: its script, whose parent is the node's, and its
// worker.
type task struct{ step, script, worker int }

// task waits for another than before of a node, whose worker has begun. One that was
// killed may still be there.
func (c *cluster) task(node string) task {
	c.t.Helper()
	for range 1200 {
		for _, p := range processes() {
			// The commands that the script calls have other parents than its node's.
			if c.seen[p.id] || !p.has("SLURM_CONF="+c.dir+"/slurm/slurm.conf") || !p.has("SLURMD_NODENAME="+node) ||
				!strings.Contains(p.command, " batch work ") {
				continue
			}
			if script := process(p.parent); script.parent > 1 {
				c.seen[p.id] = true
				return task{step: script.parent, script: p.parent, worker: p.id}
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	c.t.Fatalf("no task on %s: %s", node, c.output("squeue"))
	return task{}
}

// A proc is a process.
type proc struct {
	id, parent           int
	command, environment string
}

func (p proc) has(variable string) bool {
	return strings.Contains("\x00"+p.environment, "\x00"+variable+"\x00")
}

func process(id int) proc {
	read := func(name string) string {
		data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/%s", id, name)) // it may have ended
		return string(data)
	}
	p := proc{id: id, command: strings.ReplaceAll(read("cmdline"), "\x00", " "), environment: read("environ")}
	stat := read("stat")
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) > 1 {
		p.parent, _ = strconv.Atoi(fields[1])
	}
	return p
}

func processes() []proc {
	entries, _ := fs.Glob(os.DirFS("/proc"), "[0-9]*") // it is a good pattern
	var all []proc
	for _, e := range entries {
		id, _ := strconv.Atoi(e)
		all = append(all, process(id))
	}
	return all
}

// kill ends processes as a power failure does.
func (c *cluster) kill(ids ...int) {
	c.t.Helper()
	for _, id := range ids {
		if err := syscall.Kill(id, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
			c.t.Fatal(err)
		}
	}
}

// lose ends all of a node.
func (c *cluster) lose(node string, of task) {
	c.t.Helper()
	data, err := os.ReadFile(filepath.Join(c.dir, "slurm", "run", "slurmd."+node+".pid"))
	if err != nil {
		c.t.Fatal(err)
	}
	daemon, err := strconv.Atoi(string(bytes.TrimSpace(data)))
	if err != nil {
		c.t.Fatal(err)
	}
	c.kill(daemon, of.step, of.script, of.worker)
}

// submit has Slurm do a script, and waits until nothing is left to do.
func (c *cluster) submit(args ...string) {
	c.t.Helper()
	if said := c.output("sbatch", args...); !strings.Contains(said, "Submitted batch job") {
		c.t.Fatalf("sbatch: %s", said)
	}
}

// drained waits until the queue is empty.
func (c *cluster) drained() {
	c.t.Helper()
	for range 3000 {
		if c.output("squeue", "--noheader") == "" {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	c.t.Fatalf("the queue does not end: %s", c.output("squeue"))
}

// An array job of a real Slurm loses two workers and a node, and makes what
// convert makes on one machine, every session once.
func TestSlurm(t *testing.T) {
	const n, shards = 96, 8
	srv := start(t)
	u := srv.as("root")
	c := startSlurm(t, u)
	sample, err := os.ReadFile(filepath.Join("..", "..", "samples", "session.json"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		one := bytes.ReplaceAll(sample, []byte("0b6f2c1e-58a4-4d0e-9c37-6a1d2f4e8b90"), []byte(sessionID(i)))
		srv.put(t, fmt.Sprintf("in/%03d.json", i), one)
	}
	u.lvtool(t, "", "batch", "plan", "--shards", fmt.Sprint(shards), "-o", "s3://evidence/run/", "s3://evidence/in/").
		want(t, 0)
	name, err := program()
	if err != nil {
		t.Fatal(err)
	}
	manifest := u.lvtool(t, "", "batch", "manifest", "slurm", "--plan", "s3://evidence/run/plan.json",
		"--program", name, "--log", c.dir)
	manifest.want(t, 0)
	script := filepath.Join(c.dir, "job.sh")
	if err := os.WriteFile(script, []byte(manifest.stdout), 0o755); err != nil {
		t.Fatal(err)
	}

	c.submit(script)
	c.kill(c.task("n1").worker) // its script has it tried again
	crashed := c.task("n2")
	c.kill(crashed.script, crashed.worker) // Slurm does not try it again
	c.lose("n2", c.task("n2"))             // Slurm does
	c.drained()
	c.finish(script)
	c.compare(srv, n)
}

// finish submits again what is missing, and merges.
func (c *cluster) finish(script string) {
	t := c.t
	t.Helper()
	log := c.log()
	t.Logf("the tasks said:\n%s", log)
	if !strings.Contains(log, "exit code 137, to be tried again") || !strings.Contains(log, "attempt 2, on n1") {
		t.Error("no task was tried again after its worker was killed")
	}
	status := c.user.lvtool(t, "", "batch", "status", "s3://evidence/run/").stdout
	t.Logf("after the first job:\n%s", status)
	_, missing, found := strings.Cut(status, "missing: ")
	if !found {
		t.Fatal("the crashed task was not missing")
	}
	missing, _, _ = strings.Cut(missing, "\n")
	c.submit("--array="+missing, script)
	c.drained()
	got := c.user.lvtool(t, "", "batch", "status", "s3://evidence/run/")
	if !strings.Contains(got.stdout, "8 of 8 shards done") {
		t.Errorf("got %s%s", got.stdout, got.stderr)
	}
	c.user.lvtool(t, "", "batch", "merge", "s3://evidence/run/").want(t, 0)
}

// log returns what all tasks have said.
func (c *cluster) log() string {
	c.t.Helper()
	files, err := filepath.Glob(filepath.Join(c.dir, "*_*.out"))
	if err != nil {
		c.t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			c.t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			if strings.Contains(line, "shard") {
				all.WriteString(line)
			}
		}
	}
	return all.String()
}

// compare holds that the run has n sessions, each once, byte for byte those of
// convert on one machine.
func (c *cluster) compare(srv *server, n int) {
	t := c.t
	t.Helper()
	c.user.lvtool(t, "", "convert", "-q", "-o", "s3://evidence/clean/", "s3://evidence/in/").want(t, 0)
	clean, seen, files := srv.below(t, "clean/"), map[string]string{}, 0
	for name, data := range srv.below(t, "run/sessions/") {
		shard, rest, _ := strings.Cut(name, "/")
		session, _, _ := strings.Cut(rest, "/")
		if other, ok := seen[session]; ok && other != shard {
			t.Errorf("session %s is in shard %s and %s", session, other, shard)
		}
		seen[session] = shard
		if files++; !bytes.Equal(data, clean[rest]) {
			t.Errorf("%s is another than convert's", name)
		}
	}
	want := 0
	for name := range clean {
		if strings.Contains(name, "/") {
			want++
		}
	}
	if len(seen) != n || files != want {
		t.Errorf("got %d sessions in %d files, want %d in %d", len(seen), files, n, want)
	}
	t.Logf("%d sessions, each once, %d files the same as those of one machine", len(seen), files)
}
