package plan

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

	"github.com/lvtool/lvtool/export"
)

// TotalsSchema is the name of the shape of totals.json.
const TotalsSchema = "lvtool.totals/1"

// maxResult is the most bytes of a line of results.
const maxResult = 16 << 20

// bins is how many ranges a [Totals] has for confidences, from 0 to 100.
const bins = 100

// Totals are what a whole run came to.
type Totals struct {
	Schema string `json:"schema"`
	Run    string `json:"run"`
	Counts
	// Statuses counts sessions by their status, "" where there is none.
	Statuses map[string]int `json:"statuses"`
	// Confidence counts sessions by their confidence: the element n those from n
	// up to n+1, the last one 100 too.
	Confidence [bins]int `json:"confidence"`
	// NoConfidence counts those that have none from 0 to 100.
	NoConfidence int `json:"no_confidence"`
	// Problems counts problems by their code.
	Problems map[string]int `json:"problems"`
	// Repeated are the sessions that are there several times.
	Repeated []Repeat `json:"repeated"`
}

// A Repeat is a session that several results are of: their documents had the
// same session id.
type Repeat struct {
	ID string `json:"id"`
	// Folders are where they are, in the order of the plan.
	Folders []string `json:"folders"`
}

// A merger merges the results of a run.
type merger struct {
	*Watch
	index  *export.IndexWriter
	sample *Sample
	totals *Totals
	ids    repeats
}

// Merge adds the results of all shards to an index, in the order of the plan,
// and returns their totals. [Watch.Look] must have seen all shards. Every entry
// is there once: the error is an [ErrDamaged] where a shard has other results
// than its marker and the plan say, and one for which [fs.ErrNotExist] holds
// where a shard has none. The sample may take of all sessions.
func (w *Watch) Merge(index *export.IndexWriter, sample *Sample) (*Totals, error) {
	m := &merger{Watch: w, index: index, sample: sample, ids: newRepeats(), totals: &Totals{
		Schema: TotalsSchema, Run: w.plan.Run, Statuses: map[string]int{}, Problems: map[string]int{},
	}}
	if err := m.each(m.result, m.totals.Add); err != nil {
		return nil, err
	}
	m.totals.Repeated = []Repeat{}
	if m.ids.settle() {
		if err := m.each(m.ids.name, func(Counts) {}); err != nil {
			return nil, err
		}
		m.totals.Repeated = m.ids.list()
	}
	return m.totals, nil
}

// most is the most entries of a shard whose results are read ahead.
const most = 5000

// each hands all results of a run to use, in the order of the plan, and after
// those of a shard their counts to ended.
func (m *merger) each(use func(r *Result, shard int) error, ended func(Counts)) error {
	names := make([]string, len(m.plan.Shards))
	ahead := true
	for i := range names {
		marker := m.markerOf(i)
		if marker == nil {
			return fmt.Errorf("shard %d is not done: %w", i, fs.ErrNotExist)
		}
		names[i] = ResultsFile(i, marker.SHA256)
		ahead = ahead && marker.Entries <= most
	}
	shard := 0
	of := func(r io.Reader) error {
		got, err := m.shard(shard, r, use)
		if err != nil {
			return fmt.Errorf("%s: %w", names[shard], err)
		}
		ended(got)
		shard++
		return nil
	}
	if !ahead {
		return m.stream(names, of)
	}
	for data, err := range readFiles(m.run, names) {
		if err = firstOf(err, func() error { return of(bytes.NewReader(data)) }); err != nil {
			return err
		}
	}
	return nil
}

// firstOf returns err, or what then returns where that is nil.
func firstOf(err error, then func() error) error {
	if err != nil {
		return err
	}
	return then()
}

// stream hands files to use one by one, none held in memory.
func (m *merger) stream(names []string, use func(io.Reader) error) error {
	for _, name := range names {
		f, err := m.run.Open(name)
		if err != nil {
			return err
		}
		if err := errors.Join(use(f), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// markerOf returns the marker of a shard, nil where none has been seen.
func (w *Watch) markerOf(shard int) *Marker {
	if m, ok := w.seen[DoneFile(shard)]; ok {
		return m.Marker
	}
	return w.seen[FailedFile(shard)].Marker
}

// shard hands the results of a shard to use.
func (m *merger) shard(shard int, r io.Reader, use func(*Result, int) error) (Counts, error) {
	digest := sha256.New()
	got, err := lines(io.TeeReader(r, digest), func(r *Result) error { return use(r, shard) })
	if err != nil {
		return got, err
	}
	marker := m.markerOf(shard)
	if sum := hex.EncodeToString(digest.Sum(nil)); sum != marker.SHA256 || got != marker.Counts ||
		got.Entries != m.plan.Shards[shard].Entries {
		return got, fmt.Errorf("%w: the marker of the shard says otherwise", ErrDamaged)
	}
	return got, nil
}

// lines hands the results of a shard to use; their entries follow one another.
func lines(r io.Reader, use func(*Result) error) (Counts, error) {
	var counts Counts
	last := -1
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxResult)
	for lines.Scan() {
		var r Result
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return counts, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		if r.Entry != last && r.Entry != last+1 || r.Entry < 0 {
			return counts, fmt.Errorf("%w: entry %d stands behind %d", ErrDamaged, r.Entry, last)
		}
		counts.add(&r, last)
		last = r.Entry
		if err := use(&r); err != nil {
			return counts, err
		}
	}
	return counts, lines.Err()
}

// result takes a result.
func (m *merger) result(r *Result, shard int) error {
	switch {
	case r.Session != nil:
		m.totals.session(r.Session)
		m.ids.add(r.Session.ID)
		r.Session.Folder = path.Join(SessionsFolder(shard), r.Session.Folder)
		m.sample.Add(r.Session)
		return m.index.Add(r.Session)
	case !r.Skipped:
		m.index.Fail(export.Failure{Message: r.Failed})
	}
	return nil
}

// session counts a session.
func (t *Totals) session(e *export.IndexEntry) {
	t.Statuses[*cmp.Or(e.Status, new(""))]++
	for _, p := range e.Problems {
		t.Problems[p.Code]++
	}
	confidence, err := e.Confidence.Rat()
	if err == nil {
		if f, _ := confidence.Float64(); f >= 0 && f <= bins {
			t.Confidence[min(int(f), bins-1)]++
			return
		}
	}
	t.NoConfidence++
}
