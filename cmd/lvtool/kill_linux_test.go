package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestDiskFull holds that a full disk is one clear error, leaves whole folders
// only, and that the same command goes on when there is room.
func TestDiskFull(t *testing.T) {
	disk := t.TempDir()
	if err := unix.Mount("tmpfs", disk, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("no file system of its own to fill: mounting a tmpfs: %v", err)
	}
	t.Cleanup(func() { check(t, unix.Unmount(disk, 0)) })
	b := newBatch(t, killSessions)
	clean := filepath.Join(t.TempDir(), "clean")
	program(t, 0, "convert", "-o", clean, b.file)
	dir := filepath.Join(disk, "out")
	stderr := program(t, exitFailed, "convert", "-o", dir, b.file)
	if strings.Count(stderr, "no space left on device") != 1 || !strings.Contains(stderr, "hint: make room") {
		t.Errorf("got\n%s\nwant one error, and what to do", stderr)
	}
	made := map[string]os.FileInfo{}
	wholeOnly(t, dir, made, "full")
	if len(made) == 0 || len(made) == len(b.ids) {
		t.Errorf("%d sessions were made, want some", len(made))
	}
	if left, err := filepath.Glob(filepath.Join(dir, workPrefix+"*")); len(left) != 0 || err != nil {
		t.Errorf("got %q, %v, want nothing left", left, err)
	}
	check(t, unix.Mount("tmpfs", disk, "tmpfs", unix.MS_REMOUNT, "size=200m"))
	program(t, 0, "convert", "-o", dir, b.file)
	wholeOnly(t, dir, made, "end")
	sameTree(t, dir, tree(t, clean))
}

// TestSignal holds that the first Ctrl-C ends a run in order.
func TestSignal(t *testing.T) {
	b := newBatch(t, killSessions)
	cmd := exec.CommandContext(t.Context(), "lvtool", "convert", "-o", filepath.Join(t.TempDir(), "out"), b.file)
	stdout, err := cmd.StdoutPipe()
	check(t, err)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	check(t, cmd.Start())
	_, err = stdout.Read(make([]byte, 1)) // the first session is whole
	check(t, err)
	check(t, cmd.Process.Signal(os.Interrupt))
	_, err = io.Copy(io.Discard, stdout)
	check(t, err)
	_ = cmd.Wait()
	ran{code: cmd.ProcessState.ExitCode(), stderr: stderr.String()}.want(t, exitInterrupted,
		"lvtool: stopped after ", "; what has a folder is whole", "the same command again", "lvtool: interrupted")
}

// TestFileTooLarge holds the same for a limit on the size of files.
func TestFileTooLarge(t *testing.T) {
	b := newBatch(t, 3)
	dir := filepath.Join(t.TempDir(), "out")
	const script = `ulimit -f 8; exec lvtool convert -o "$0" "$1"`
	limited := exec.CommandContext(t.Context(), "sh", "-c", script, dir, b.file)
	stderr := programIn(t, exitFailed, limited)
	if strings.Count(stderr, "file too large") != 1 || strings.Count(stderr, "\n") > 4 {
		t.Errorf("got\n%s\nwant one error", stderr)
	}
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want nothing there", err)
	}
	program(t, 0, "convert", "-o", dir, b.file)
}
