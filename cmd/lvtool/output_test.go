package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/internal/s3fault"
)

const ownReport = `{"schema":"lvtool.report/1"}`

// cloudOf returns the S3 that a server is.
func cloudOf(srv *s3fault.Server) *cloud {
	c := &cloud{store: s3source.New(srv.Config(), nil)}
	c.once.Do(func() {})
	return c
}

// targets are the places to write to, each empty.
func targets(t *testing.T) map[string]target {
	t.Helper()
	dir, err := newDirTarget(filepath.Join(t.TempDir(), "out"), time.Time{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	prefix, err := newS3Target(t.Context(), cloudOf(s3fault.New(t)), "s3://bucket/out", false)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]target{"dir": dir, "s3": prefix}
}

func commit(t *testing.T, to target, name, report string) error {
	t.Helper()
	s, err := to.stage(name)
	if err != nil {
		t.Fatal(err)
	}
	for file, data := range map[string]string{"originals/reference.jpg": "jpeg of " + name, markFile: report} {
		if err := s.put(file, []byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	return s.commit(t.Context())
}

// A folder is there when it has been committed, and not before.
func TestTargetExisting(t *testing.T) {
	for name, to := range targets(t) {
		t.Run(name, func(t *testing.T) {
			existing := func(want string) {
				t.Helper()
				if got, err := to.existing(t.Context(), "a"); string(got) != want || err != nil {
					t.Errorf("got %q, %v, want %q", got, err, want)
				}
			}
			existing("")
			dropped, err := to.stage("a")
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(dropped.put(markFile, []byte(ownReport)), dropped.drop()); err != nil {
				t.Fatal(err)
			}
			existing("")
			for range 2 { // the same again is no error
				if err := commit(t, to, "a", ownReport); err != nil {
					t.Fatal(err)
				}
				existing(ownReport)
			}
		})
	}
}

// Where something is in the way that lvtool did not make, it stays, and the
// folder counts as not there.
func TestTargetTaken(t *testing.T) {
	for name, to := range targets(t) {
		t.Run(name, func(t *testing.T) {
			if err := commit(t, to, "a", "{}"); err != nil {
				t.Fatal(err)
			}
			if got, err := to.existing(t.Context(), "a"); got != nil || err != nil {
				t.Errorf("got %q, %v, want nothing", got, err)
			}
			if err := commit(t, to, "a", ownReport); !isTaken(err) {
				t.Errorf("got %v, want that it is taken", err)
			}
		})
	}
}

// Many folders can be written at once.
func TestTargetConcurrent(t *testing.T) {
	for name, to := range targets(t) {
		t.Run(name, func(t *testing.T) {
			var group sync.WaitGroup
			for i := range 32 {
				group.Go(func() {
					if err := commit(t, to, fmt.Sprint("session-", i), ownReport); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
			for i := range 32 {
				got, err := to.existing(t.Context(), fmt.Sprint("session-", i))
				if string(got) != ownReport || err != nil {
					t.Errorf("%d: got %q, %v", i, got, err)
				}
			}
		})
	}
}

func TestS3TargetForce(t *testing.T) {
	cloud := cloudOf(s3fault.New(t))
	for _, tt := range []struct {
		force bool
		want  error
	}{{false, s3source.ErrExists}, {true, nil}} {
		to, err := newS3Target(t.Context(), cloud, fmt.Sprintf("s3://bucket/%v/", tt.force), tt.force)
		if err != nil {
			t.Fatal(err)
		}
		first := to.put(t.Context(), "index.json", []byte("1"))
		again := to.put(t.Context(), "index.json", []byte("2"))
		if first != nil || !errors.Is(again, tt.want) {
			t.Errorf("force %v: got %v and %v, want %v", tt.force, first, again, tt.want)
		}
	}
}

func TestS3TargetAddress(t *testing.T) {
	for _, address := range []string{"s3://", "s3://b", "s3://bucket/k?versionId=1", "s3:/bucket/k"} {
		if _, err := newS3Target(t.Context(), new(cloud), address, false); exitCode(err) != exitUsage {
			t.Errorf("%s: got %v, want a usage error", address, err)
		}
	}
	to, err := newS3Target(t.Context(), cloudOf(s3fault.New(t)), "s3://bucket", false)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := to.object("a"), (decode.S3Object{Bucket: "bucket", Name: "a"}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}
