package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lvtool/lvtool/internal/s3fault"
)

// duePack packs a sample into S3 below packs/NAME, to be kept until a day of 2020
// unless args say otherwise.
func duePack(t *testing.T, srv *s3fault.Server, name string, args ...string) {
	t.Helper()
	setPack(srv, name, packFiles(t, args...))
}

// packFiles returns the files of a pack that [duePack] puts.
func packFiles(t *testing.T, args ...string) map[string]string {
	t.Helper()
	t.Setenv("SOURCE_DATE_EPOCH", "1577836800")
	dir := t.TempDir()
	all := append([]string{"pack", "-q", "-o", dir + "/new", "../../samples/tiny.json"}, args...)
	if len(args) == 0 {
		all = append(all, "--retain-until", "2020-02-01")
	}
	lvtool(t, all...).want(t, exitDone)
	return tree(t, dir+"/new")
}

func setPack(srv *s3fault.Server, name string, files map[string]string) {
	for file, data := range files {
		_, file, _ = strings.Cut(file, "/")
		srv.Set("bucket", "packs/"+name+"/"+file, []byte(data))
	}
}

// expire runs the command by the clock.
func expire(t *testing.T, args ...string) ran {
	t.Helper()
	var out, complaints bytes.Buffer
	args = append([]string{"lvtool", "pack", "expire"}, args...)
	code := run(withClock(t.Context(), time.Now), args, nil, &out, &complaints)
	return ran{out.String(), complaints.String(), code}
}

// deletedIn returns what a receipt says.
func deletedIn(t *testing.T, file string) []deletedPack {
	t.Helper()
	data, err := os.ReadFile(file)
	check(t, err)
	var r receipt
	check(t, json.Unmarshal(data, &r))
	return r.Packs
}

// Packs in S3 are listed as in a folder, and those that are due are deleted in all
// versions; a pack with an object that it does not list stays.
func TestExpireS3(t *testing.T) {
	for _, versioned := range []bool{false, true} {
		srv := s3Server(t)
		srv.Versioned, srv.PageSize = versioned, 7
		duePack(t, srv, "due")
		duePack(t, srv, "due") // all objects anew: older versions
		duePack(t, srv, "held", "--retain-until", "2020-02-01", "--legal-hold")
		duePack(t, srv, "retained", "--retain-until", "2999-01-01")
		duePack(t, srv, "undated", "--case", "x")
		duePack(t, srv, "more")
		srv.Set("bucket", "packs/more/data/extra", []byte("x"))
		zip := filepath.Join(t.TempDir(), "one.zip")
		lvtool(t, "pack", "-q", "--retain-until", "2020-02-01", "-o", zip, "../../samples/created.json").
			want(t, exitDone)
		data, err := os.ReadFile(zip)
		check(t, err)
		for _, name := range []string{"one.zip", "one.zip", "one.zipped", "note.txt"} {
			srv.Set("bucket", "packs/"+name, data)
		}
		before := srv.Versions("bucket", "packs/")
		listed := "s3://bucket/packs/due/  due, to be kept until 2020-02-01\n" +
			"s3://bucket/packs/held/  held, to be kept until 2020-02-01\n" +
			"s3://bucket/packs/more/  unverified\n" +
			"s3://bucket/packs/one.zip  due, to be kept until 2020-02-01\n" +
			"s3://bucket/packs/retained/  retained, to be kept until 2999-01-01\n" +
			"s3://bucket/packs/undated/  undated\n"
		for _, address := range []string{"s3://bucket/packs/", "s3://bucket/packs"} {
			r := expire(t, address)
			if r.want(t, exitVerify, "1 of 6 packs did not pass"); r.stdout != listed {
				t.Errorf("got\n%s", r.stdout)
			}
		}
		receipt := filepath.Join(t.TempDir(), "receipt.json")
		r := expire(t, "--delete", "--receipt", receipt, "s3://bucket/packs/")
		r.want(t, exitVerify, "1 of 6 packs did not pass")
		gone := deletedIn(t, receipt)
		if len(gone) != 2 || gone[0].RetainUntil != "2020-02-01" {
			t.Fatalf("got %+v", gone)
		}
		if all := gone[0].Versions + gone[1].Versions; all != before-srv.Versions("bucket", "packs/") || all < 17 ||
			!strings.Contains(r.stdout, fmt.Sprintf("due/  due, to be kept until 2020-02-01: deleted, %d versions\n",
				max(gone[0].Versions, gone[1].Versions))) {
			t.Errorf("%+v of %d versions, left are %d\n%s", gone, before, srv.Versions("bucket", "packs/"), r.stdout)
		}
		if n := srv.Versions("bucket", "packs/due/") + srv.Versions("bucket", "packs/.") +
			srv.Versions("bucket", "packs/one.zip"); n != 1 { // one.zipped
			t.Errorf("%d versions are left, want 1: %q", n, srv.Keys("bucket"))
		}
		expire(t, "--delete", "--receipt", receipt, "s3://bucket/packs/").want(t, exitFailed, "there already")
	}
}

// A run that is stopped at any request leaves packs that are whole, or known as half
// deleted, and any later run deletes the rest: with its plan, or on another machine
// without it.
func TestExpireS3Killed(t *testing.T) {
	const prefix = "s3://bucket/packs/"
	packs := map[string]map[string]string{}
	for _, name := range []string{"a", "b"} {
		packs[name] = packFiles(t, "--retain-until", "2020-02-01", "--case", name, "--outputs", "report")
	}
	for step, same := range map[int]bool{1: true, 4: false} {
		states := map[string]int{}
		for n := 0; ; n += step {
			srv := s3Server(t)
			srv.Versioned = true
			for name, files := range packs {
				setPack(srv, name, files)
			}
			all := srv.Versions("bucket", "")
			killed, first := stopAfter(srv, n), t.TempDir()+"/1.json"
			expire(t, "--delete", "--receipt", first, prefix)
			srv.SetFault(nil)
			r := expire(t, prefix)
			r.want(t, exitDone)
			for line := range strings.Lines(r.stdout) {
				_, state, _ := strings.Cut(line, "  ")
				states[state]++
			}
			versions := 0
			for _, file := range []string{first, t.TempDir() + "/2.json"} {
				if _, err := os.Stat(file); err != nil && (same || file != first) {
					expire(t, "--delete", "--receipt", file, prefix).want(t, exitDone)
				}
				if _, err := os.Stat(file); err == nil {
					for _, p := range deletedIn(t, file) {
						versions += p.Versions
					}
				}
			}
			if left := srv.Versions("bucket", ""); left != 0 || same && versions != all {
				t.Fatalf("stopped at request %d: deleted %d of %d, left is %q", n, versions, all, srv.Keys("bucket"))
			}
			if !killed.Load() {
				break
			}
		}
		const half = "due, to be kept until 2020-02-01: half deleted, by a run that was stopped\n"
		if len(states) != 2 || states[half] < 20/step {
			t.Errorf("got states %v", states)
		}
	}
}

// stopAfter lets no request pass after n of those that do not read a pack.
func stopAfter(srv *s3fault.Server, n int) (stopped *atomic.Bool) {
	stopped = &atomic.Bool{}
	var passed atomic.Int64
	srv.SetFault(func(_ int, r *http.Request) string {
		if r.Method != http.MethodGet || r.URL.Query().Has("versions") {
			passed.Add(1)
		}
		if passed.Load() <= int64(n) {
			return ""
		}
		stopped.Store(true)
		return "403-key"
	})
	return stopped
}

// A deletion is refused while others are under way: what they have deleted is known.
func TestExpireS3UnderWay(t *testing.T) {
	const prefix = "s3://bucket/packs/"
	srv := s3Server(t)
	duePack(t, srv, "due")
	before := srv.Versions("bucket", "packs/due/")
	begun, refused := make(chan struct{}), make(chan struct{})
	srv.SetFault(func(_ int, r *http.Request) string {
		switch {
		case r.Method != http.MethodDelete:
			return ""
		case strings.HasSuffix(r.URL.Path, "/VERIFY.txt"): // the first in order
			<-begun
			defer close(refused)
		case strings.HasSuffix(r.URL.Path, "/custody.jsonl"):
			close(begun)
			<-refused
			time.Sleep(100 * time.Millisecond) // for a client that would not wait
			return ""
		default:
			<-refused
		}
		return "403"
	})
	r := expire(t, "--delete", "--receipt", t.TempDir()+"/1.json", prefix)
	r.want(t, exitFailed, "access denied")
	srv.SetFault(nil)
	if left := srv.Versions("bucket", "packs/due/"); left != before-1 {
		t.Errorf("%d of %d objects are left", left, before)
	}
	r = expire(t, prefix)
	if r.want(t, exitDone); !strings.Contains(r.stdout, "half deleted") {
		t.Errorf("got %s", r.stdout)
	}
	expire(t, "--delete", "--receipt", t.TempDir()+"/2.json", prefix).want(t, exitDone)
	if left := srv.Keys("bucket"); len(left) != 0 {
		t.Errorf("left are %q", left)
	}
}

// What cannot be deleted as a whole stays as a whole, and is said.
func TestExpireS3Stays(t *testing.T) {
	for _, tt := range []struct {
		name string
		set  func(srv *s3fault.Server)
		code int
		want []string
	}{
		{
			"locked", func(srv *s3fault.Server) {
				srv.Locked = map[string]time.Time{"/bucket/packs/due/data/sheet.png": time.Now().Add(time.Hour)}
			}, exitFailed,
			[]string{
				"deleting s3://bucket/packs/due/: 1 version: s3://bucket/packs/due/data/sheet.png?versionId=v1 until ",
				"held by S3 Object Lock",
			},
		},
		{
			"an older object", func(srv *s3fault.Server) {
				for range 5 {
					srv.Set("bucket", "packs/due/other", []byte("x"))
				}
				request, _ := http.NewRequest(http.MethodDelete, srv.URL+"/bucket/packs/due/other", nil)
				answer, _ := http.DefaultClient.Do(request)
				answer.Body.Close()
			}, exitFailed,
			[]string{"6 versions: s3://bucket/packs/due/other?versionId=v", " and 3 more: not in the pack"},
		},
		{
			"versions denied", func(srv *s3fault.Server) { srv.SetFault(denying("versions")) }, exitFailed,
			[]string{"nothing was deleted", "which versions would stay", "the caller needs s3:ListBucketVersions"},
		},
		{
			"locks denied", func(srv *s3fault.Server) { srv.SetFault(denying("object-lock")) }, exitFailed,
			[]string{"nothing was deleted", "the caller needs s3:GetBucketObjectLockConfiguration"},
		},
		{
			"deleting denied", func(srv *s3fault.Server) {
				srv.SetFault(func(_ int, r *http.Request) string {
					if r.Method == http.MethodDelete && !strings.Contains(r.URL.Path, "expired") {
						return "403"
					}
					return ""
				})
			}, exitFailed,
			[]string{"deleting s3://bucket/packs/due/", "access denied", "the caller needs s3:DeleteObjectVersion"},
		},
		{
			"a mark that is none", func(srv *s3fault.Server) {
				srv.Set("bucket", "packs/"+expiredName(strings.Repeat("0", 64)), []byte("{}"))
			}, exitFailed,
			[]string{"not the mark of a deletion that was begun: delete it"},
		},
	} {
		srv := s3Server(t)
		srv.Versioned = true
		duePack(t, srv, "due")
		tt.set(srv)
		before := srv.Versions("bucket", "packs/")
		dir := t.TempDir()
		r := expire(t, "--json", "--delete", "--receipt", dir+"/r.json", "s3://bucket/packs/")
		r.want(t, tt.code, tt.want...)
		if left := srv.Versions("bucket", "packs/"); left != before || strings.Contains(r.stdout, `"deleted":true`) {
			t.Errorf("%s: %d of %d versions are left\n%s", tt.name, left, before, r.stdout)
		}
		if names, _ := filepath.Glob(dir + "/*"); len(names) != 0 {
			t.Errorf("%s: got %q", tt.name, names)
		}
	}
}

// denying denies what asks for something.
func denying(query string) func(int, *http.Request) string {
	return func(_ int, r *http.Request) string {
		if r.URL.Query().Has(query) {
			return "403"
		}
		return ""
	}
}

// Where the bucket locks all that is new, the mark is hidden, and not a version of
// the pack is left.
func TestExpireS3LockedMark(t *testing.T) {
	srv := s3Server(t)
	srv.Versioned = true
	duePack(t, srv, "due")
	srv.LockNew, srv.Locked = true, map[string]time.Time{}
	receipt := filepath.Join(t.TempDir(), "r.json")
	expire(t, "--delete", "--receipt", receipt, "s3://bucket/packs/").want(t, exitDone)
	if n := srv.Versions("bucket", "packs/due/"); n != 0 || len(srv.Keys("bucket")) != 0 {
		t.Errorf("%d versions and %q are left", n, srv.Keys("bucket"))
	}
	r := expire(t, "s3://bucket/packs/")
	if r.want(t, exitDone); r.stdout != "" {
		t.Errorf("got %s", r.stdout)
	}
}

// A pack becomes another between the look at it and its deletion; another comes to
// lie where one is being deleted; and a mark beside what was not deleted: none of
// these is deleted.
func TestExpireS3Other(t *testing.T) {
	const prefix = "s3://bucket/packs/"
	t.Run("changed", func(t *testing.T) {
		srv := s3Server(t)
		duePack(t, srv, "due")
		srv.SetFault(func(_ int, r *http.Request) string {
			if r.URL.Query().Has("versions") {
				srv.Set("bucket", "packs/due/data/sheet.png", []byte("other"))
			}
			return ""
		})
		r := expire(t, "--delete", "--receipt", t.TempDir()+"/r", prefix)
		r.want(t, exitFailed, "it is no longer what was verified")
		if len(srv.Keys("bucket")) < 10 {
			t.Errorf("left are %q", srv.Keys("bucket"))
		}
	})
	for _, tt := range []struct {
		name   string
		change func(srv *s3fault.Server)
	}{
		{"an object more", func(srv *s3fault.Server) { srv.Set("bucket", "packs/due/data/more", []byte("x")) }},
		{"a shorter time", func(srv *s3fault.Server) { srv.Set("bucket", "packs/due/bag-info.txt", []byte("x")) }},
		{"another tag manifest", func(srv *s3fault.Server) {
			srv.Set("bucket", "packs/due/tagmanifest-sha256.txt", []byte("x"))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			srv := s3Server(t)
			duePack(t, srv, "due")
			var n atomic.Int64
			srv.SetFault(func(_ int, r *http.Request) string {
				if r.Method == http.MethodDelete && n.Add(1) > 3 || n.Load() > 3 {
					return "403-key"
				}
				return ""
			})
			expire(t, "--delete", "--receipt", t.TempDir()+"/r", prefix).want(t, exitFailed)
			srv.SetFault(nil)
			tt.change(srv)
			keys := srv.Keys("bucket")
			r := expire(t, "--delete", "--receipt", t.TempDir()+"/r", prefix)
			r.want(t, exitVerify, "1 of 1 pack did not pass")
			if left := srv.Keys("bucket"); !slices.Equal(left, keys) {
				t.Errorf("left are %q of %q", left, keys)
			}
		})
	}
}

// Signatures that are asked for cannot be checked of half a pack: it must be known
// from the plan that they were.
func TestExpireS3HalfSigned(t *testing.T) {
	const prefix = "s3://bucket/packs/"
	srv := s3Server(t)
	duePack(t, srv, "due")
	dir := t.TempDir()
	srv.SetFault(func(_ int, r *http.Request) string {
		if r.Method == http.MethodDelete && strings.HasSuffix(r.URL.Path, "/bag-info.txt") {
			return "403"
		}
		return ""
	})
	expire(t, "--delete", "--receipt", dir+"/1", prefix).want(t, exitFailed, "bag-info.txt")
	srv.SetFault(nil)
	strict := []string{"--require-signature", "--delete", "--receipt"}
	expire(t, append(strict, dir+"/2", prefix)...).want(t, exitVerify, "1 of 1 pack did not pass")
	expire(t, append(strict, dir+"/1", prefix)...).want(t, exitDone)
	if len(srv.Keys("bucket")) != 0 {
		t.Errorf("left are %q", srv.Keys("bucket"))
	}
}
