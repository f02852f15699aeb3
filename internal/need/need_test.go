package need_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/lvtool/lvtool/internal/need"
)

// A recorder is a test that notes how it ended.
type recorder struct {
	testing.TB
	end string
}

func (r *recorder) Helper() {}

func (r *recorder) Fatal(args ...any) {
	r.end = "failed: " + fmt.Sprint(args...)
	runtime.Goexit()
}

func (r *recorder) Skip(args ...any) {
	r.end = "skipped: " + fmt.Sprint(args...)
	runtime.Goexit()
}

// end returns how a test ends that calls f.
func end(t *testing.T, f func(tb testing.TB)) string {
	t.Helper()
	r := &recorder{TB: t, end: "passed"}
	done := make(chan bool)
	go func() {
		defer close(done)
		f(r)
	}()
	<-done
	return r.end
}

func TestMissing(t *testing.T) {
	shared := t.TempDir()
	t.Setenv("LVTOOL_SHARED", shared)
	t.Setenv("PATH", t.TempDir())
	program := func(tb testing.TB) {
		tb.Helper()
		need.Program(tb, "pngcheck")
	}
	data := func(tb testing.TB) {
		tb.Helper()
		need.Data(tb, "wire", "x.json")
	}
	noProgram := "no program pngcheck on this machine"
	noData := "no test data " + filepath.Join(shared, "data", "wire", "x.json") +
		"; LVTOOL_SHARED may name the folder that holds data"
	for _, test := range []struct {
		ci   string
		use  func(testing.TB)
		want string
	}{
		{"", program, "skipped: " + noProgram},
		{"false", program, "skipped: " + noProgram},
		{"true", program, "failed: " + noProgram},
		{"", data, "skipped: " + noData},
		{"true", data, "skipped: " + noData},
	} {
		t.Setenv("CI", test.ci)
		if got := end(t, test.use); got != test.want {
			t.Errorf("CI=%s: got %q, want %q", test.ci, got, test.want)
		}
	}
}

func TestProgram(t *testing.T) {
	if got := need.Program(t, "go"); !filepath.IsAbs(got) {
		t.Errorf("got %q, want where the go tool lies", got)
	}
}

func TestData(t *testing.T) {
	shared := t.TempDir()
	want := filepath.Join(shared, "data", "wire")
	if err := os.MkdirAll(want, 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("LVTOOL_SHARED", shared)
	if got := need.Data(t, "wire"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Without LVTOOL_SHARED, the data lie beside the project, also for a module
// within it.
func TestBeside(t *testing.T) {
	top := t.TempDir()
	want := filepath.Join(top, "shared", "data", "wire")
	nested := filepath.Join(top, "project", "internal", "e2e")
	for _, dir := range []string{want, nested} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for _, mod := range []string{filepath.Join(top, "project", "go.mod"), filepath.Join(nested, "go.mod")} {
		if err := os.WriteFile(mod, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("LVTOOL_SHARED", "")
	t.Chdir(nested)
	got, err := filepath.EvalSymlinks(need.Data(t, "wire"))
	if err != nil {
		t.Fatal(err)
	}
	if want, err = filepath.EvalSymlinks(want); err != nil || got != want {
		t.Errorf("got %q, want %q (%v)", got, want, err)
	}
}
