package plan_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/plan"
)

// entries yields n entries.
func entries(n int) iter.Seq2[plan.Entry, error] {
	return func(yield func(plan.Entry, error) bool) {
		for i := range n {
			if !yield(plan.Entry{Input: fmt.Sprintf("results/%d.json", i)}, nil) {
				return
			}
		}
	}
}

// write plans a run in memory.
func write(t *testing.T, spec *plan.Spec, n int) (*plan.Plan, fstest.MapFS, error) {
	t.Helper()
	spool, err := os.Create(filepath.Join(t.TempDir(), "spool"))
	if err != nil {
		t.Fatal(err)
	}
	defer spool.Close()
	run := fstest.MapFS{}
	p, err := plan.Write(spec, entries(n), spool, func(name string, data []byte) error {
		run[name] = &fstest.MapFile{Data: bytes.Clone(data)}
		return nil
	})
	return p, run, err
}

// Every entry is in one shard, and the order is that of the input.
func TestWrite(t *testing.T) {
	for _, test := range []struct {
		spec            plan.Spec
		entries, shards int
		err             string
	}{
		{plan.Spec{}, 1, 1, ""},
		{plan.Spec{}, 2001, 3, ""},
		{plan.Spec{PerShard: 2}, 7, 4, ""},
		{plan.Spec{Shards: 3}, 10, 3, ""},
		{plan.Spec{Shards: 3}, 2, 2, ""},
		{plan.Spec{PerShard: 1}, 10_001, 0, "10001 documents would make 10001 shards, more than 10000; 2 in a shard"},
		{plan.Spec{Shards: 1}, 100_001, 0, "2 shards would do"},
		{plan.Spec{}, 0, 0, "no document to plan"},
	} {
		p, run, err := write(t, &test.spec, test.entries)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%d entries: got error %v, want %q", test.entries, err, test.err)
			}
			continue
		}
		if err != nil || len(p.Shards) != test.shards {
			t.Fatalf("%+v, %d entries: got %+v, %v, want %d shards", test.spec, test.entries, p, err, test.shards)
		}
		next := 0
		for i := range p.Shards {
			some, err := p.Shard(i, run[plan.ShardFile(i)].Data)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range some {
				if want := fmt.Sprintf("results/%d.json", next); e.Input != want {
					t.Fatalf("shard %d: got %s, want %s", i, e.Input, want)
				}
				next++
			}
		}
		if next != test.entries {
			t.Errorf("%d entries in the shards, want %d", next, test.entries)
		}
	}
}

// The id of a run is that of its content, and a file that was changed is told.
func TestRead(t *testing.T) {
	spec := &plan.Spec{Shards: 2, Options: map[string][]string{"threshold": {"90"}}}
	p, run, err := write(t, spec, 5)
	if err != nil {
		t.Fatal(err)
	}
	got, err := plan.Read(bytes.NewReader(run[plan.File].Data))
	if err != nil || got.Run != p.Run || len(got.Shards) != 2 {
		t.Fatalf("got %+v, %v", got, err)
	}
	if again, _, _ := write(t, spec, 5); again.Run != p.Run {
		t.Errorf("the same input is run %s, then %s", p.Run, again.Run)
	}
	if other, _, _ := write(t, spec, 6); other.Run == p.Run {
		t.Error("another input is the same run")
	}
	changed := bytes.Replace(run[plan.File].Data, []byte(`"90"`), []byte(`"80"`), 1)
	if _, err := plan.Read(bytes.NewReader(changed)); !errors.Is(err, plan.ErrDamaged) {
		t.Errorf("a changed plan: got %v, want ErrDamaged", err)
	}
	shard := bytes.Replace(run[plan.ShardFile(0)].Data, []byte("results/0"), []byte("results/9"), 1)
	if _, err := p.Shard(0, shard); !errors.Is(err, plan.ErrDamaged) {
		t.Errorf("a changed shard: got %v, want ErrDamaged", err)
	}
}

// Merging takes every entry once, and refuses results that lack one.
func TestMerge(t *testing.T) {
	p, run, err := write(t, &plan.Spec{Shards: 2}, 5)
	if err != nil {
		t.Fatal(err)
	}
	do := func(shard int, work func(*plan.ResultWriter)) {
		var b bytes.Buffer
		w := plan.NewResultWriter(&b)
		work(w)
		m, err := w.Close(p, shard)
		if err != nil {
			t.Fatal(err)
		}
		run[plan.ResultsFile(shard, m.SHA256)] = &fstest.MapFile{Data: b.Bytes()}
		run[plan.DoneFile(shard)] = &fstest.MapFile{Data: m.Encode(), ModTime: time.Unix(int64(100*shard), 0)}
	}
	merge := func() (*plan.Totals, error) {
		w := plan.NewWatch(run, p)
		if _, err := w.Look(); err != nil {
			return nil, err
		}
		index := export.NewIndexWriter(&bytes.Buffer{}, export.Tool{})
		return plan.Merge([]plan.Part{{Watch: w}}, index, plan.NewSample(p.Run, 0))
	}
	do(0, func(w *plan.ResultWriter) {
		_ = w.Session(0, &export.IndexEntry{ID: new("A"), Folder: "a", Status: new("SUCCEEDED"), Confidence: "100"})
		_ = w.Session(0, &export.IndexEntry{
			ID: new("B"), Folder: "b", Confidence: "97.5", Frames: map[string]int{"failed": 1},
		})
	})
	if _, err := merge(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a shard is missing: got %v, want ErrNotExist", err)
	}
	do(1, func(w *plan.ResultWriter) {
		_ = w.Fail(1, "cut.json: truncated")
		_ = w.Session(2, &export.IndexEntry{ID: new("A"), Folder: "a"})
	})
	got, err := merge()
	if err != nil {
		t.Fatal(err)
	}
	want := plan.Counts{Entries: 5, Sessions: 3, Incomplete: 1, Failed: 1, Skipped: 2}
	if got.Counts != want || got.Confidence[99] != 1 || got.Confidence[97] != 1 || got.Statuses["SUCCEEDED"] != 1 {
		t.Errorf("got %+v, want %+v", got, want)
	}
	repeated := []plan.Repeat{{ID: "A", Folders: []string{"sessions/00000/a", "sessions/00001/a"}}}
	if !reflect.DeepEqual(got.Repeated, repeated) {
		t.Errorf("got %+v repeated, want %+v", got.Repeated, repeated)
	}
	status, err := plan.NewWatch(run, p).Look()
	if err != nil || status.Done != 2 || !status.Ended() || status.Counts != want || status.Rate != 0.03 {
		t.Errorf("status: got %+v, %v", status, err)
	}
	checkDamaged(t, run, p)
	m, _, err := p.Marker(run, 1)
	if err != nil {
		t.Fatal(err)
	}
	lines := run[plan.ResultsFile(1, m.SHA256)]
	lines.Data = lines.Data[:bytes.LastIndexByte(lines.Data[:len(lines.Data)-1], '\n')+1]
	if _, err := merge(); !errors.Is(err, plan.ErrDamaged) {
		t.Errorf("a result is missing: got %v, want ErrDamaged", err)
	}
}

// checkDamaged holds that a marker that says nothing makes its own shard missing,
// and no other, until it is whole again.
func checkDamaged(t *testing.T, run fstest.MapFS, p *plan.Plan) {
	t.Helper()
	file := run[plan.DoneFile(1)]
	whole := file.Data
	w := plan.NewWatch(run, p)
	for _, data := range []string{"", string(whole[:20]), `{"schema":"lvtool.shard/1","run":"other","shard":1}`} {
		file.Data = []byte(data)
		status, err := w.Look()
		if err != nil || status.Done != 1 || !slices.Equal(status.Missing, []int{1}) ||
			!slices.Equal(status.Damaged, []int{1}) || !errors.Is(w.Damage(1), plan.ErrDamaged) || w.Damage(0) != nil {
			t.Errorf("marker %q: got %+v, %v", data, status, err)
		}
	}
	file.Data = whole
	if status, err := w.Look(); err != nil || !status.Ended() || status.Damaged != nil || w.Damage(1) != nil {
		t.Errorf("whole again: got %+v, %v", status, err)
	}
}

// A sample is the same for the same run, in the order of the plan, and all
// sessions are as likely.
func TestSample(t *testing.T) {
	pick := func(run string, n, of int) []string {
		s := plan.NewSample(run, n)
		for i := range of {
			s.Add(&export.IndexEntry{Folder: fmt.Sprintf("%05d", i)})
		}
		return s.Folders()
	}
	if got := pick("a", 3, 2); !slices.Equal(got, []string{"00000", "00001"}) {
		t.Errorf("got %q of two", got)
	}
	if got := pick("a", 0, 5); len(got) != 0 {
		t.Errorf("got %q, want none", got)
	}
	low := 0
	for run := range 50 {
		got := pick(fmt.Sprint(run), 20, 1000)
		if len(got) != 20 || !slices.IsSorted(got) || !slices.Equal(got, pick(fmt.Sprint(run), 20, 1000)) {
			t.Fatalf("got %q", got)
		}
		for _, folder := range got {
			if folder < "00250" {
				low++
			}
		}
	}
	if low < 200 || low > 300 {
		t.Errorf("%d of 1000 are of the first quarter", low)
	}
}
