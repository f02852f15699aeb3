// Package need finds what tests use that does not come with the module.
//
// Where it is missing, the test is skipped. A missing program fails the test
// where the environment variable CI is "true", since .ci/run installs it, and a
// check that quietly does not run holds nothing.
package need

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Program returns the path of a program.
func Program(tb testing.TB, name string) string {
	tb.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		what := "no program " + name + " on this machine"
		if os.Getenv("CI") == "true" {
			tb.Fatal(what)
		}
		tb.Skip(what)
	}
	return path
}

// Data returns the path of a file or folder of test data that is not the
// module's own, given its parts, such as "wire". It lies in the folder data of
// the folder that the environment variable LVTOOL_SHARED names, else of shared
// beside the project.
func Data(tb testing.TB, parts ...string) string {
	tb.Helper()
	shared := os.Getenv("LVTOOL_SHARED")
	if shared == "" {
		shared = filepath.Join(root(tb), "..", "shared")
	}
	path := filepath.Join(append([]string{shared, "data"}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		tb.Skip("no test data " + path + "; LVTOOL_SHARED may name the folder that holds data")
	}
	return path
}

// root returns the outermost folder around the test that holds a go.mod: the
// project's, also for the modules within it.
func root(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	found := dir
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			found = dir
		}
	}
	return found
}
