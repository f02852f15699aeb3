package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/internal/pipeline"
)

// TestTakePanic holds that a panic over one session is that session's failure,
// and one in the reading is the end.
func TestTakePanic(t *testing.T) {
	var said bytes.Buffer
	list := filepath.Join(t.TempDir(), "failed")
	failed, err := newFailedList(list)
	check(t, err)
	v := &converter{
		console: &console{err: &said}, failed: failed,
		records: indexRecorder{export.NewIndexWriter(io.Discard, export.Tool{})},
	}
	it := &item{from: &input{name: "a.jsonl"}, id: "evil\x1b", line: 7, name: "folder"}
	caught := &pipeline.PanicError{Item: it, Value: "oh", Where: "somewhere (a.go:1)"}
	check(t, v.take(nil, caught))
	if got, want := said.String(), "lvtool: a.jsonl:7: session evil\\x1b: panic: oh, in somewhere (a.go:1);"+
		" this is a mistake in lvtool\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	check(t, failed.publish())
	if data, err := os.ReadFile(list); !bytes.Contains(data, []byte(`"input":"a.jsonl"`)) || v.tally.failed != 1 {
		t.Errorf("got %d failed and %s, %v", v.tally.failed, data, err)
	}
	caught.Item = nil
	if err := v.take(nil, caught); !errors.Is(err, caught) {
		t.Errorf("got %v, want the panic of the reading", err)
	}
}
