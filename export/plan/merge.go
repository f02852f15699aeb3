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
	"github.com/lvtool/lvtool/internal/jsonwords"
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

// A Part is one of the runs that are merged: the first, or one that resumes the
// one before it.
type Part struct {
	// Watch has seen how far the run is.
	Watch *Watch
	// Base is put before the folders of the run's sessions: "" where the index is
	// in the run, else an address that ends with a slash.
	Base string

	// replaced are the entries that the next part does.
	replaced map[Was]bool
}

// A merger merges the results of runs.
type merger struct {
	parts  []Part
	index  *export.IndexWriter
	sample *Sample
	totals *Totals
	ids    repeats
}

// ErrOtherRun says that a run does not resume the one before it.
var ErrOtherRun = errors.New("it does not resume the run before it")

// Merge adds the results of all shards of a run to an index, in the order of the
// plan, and returns their totals. Runs that resume it, each the one before,
// follow: what they do again is taken from them. Every entry is there once: the
// error is an [ErrDamaged] where a shard has other results than its marker and
// the plan say, and one for which [fs.ErrNotExist] holds where a shard has none.
// The sample may take of all sessions.
func Merge(parts []Part, index *export.IndexWriter, sample *Sample) (*Totals, error) {
	m := &merger{parts: parts, index: index, sample: sample, ids: newRepeats(), totals: &Totals{
		Schema: TotalsSchema, Run: parts[0].Watch.plan.Run, Statuses: map[string]int{}, Problems: map[string]int{},
	}}
	for i := range parts[1:] {
		next := parts[i+1].Watch
		if next.plan.Resumes != parts[i].Watch.plan.Run {
			return nil, fmt.Errorf("run %s: %w", next.plan.Run, ErrOtherRun)
		}
		var err error
		if parts[i].replaced, err = next.replaced(); err != nil {
			return nil, err
		}
	}
	var err error
	if m.totals.Counts, err = m.each(m.session, func(*Marker) bool { return true }); err != nil {
		return nil, err
	}
	// What failed stands behind the sessions, and may be too much to be held.
	if _, err := m.each(m.failure, func(of *Marker) bool { return of.Failed > 0 }); err != nil {
		return nil, err
	}
	m.totals.Repeated = []Repeat{}
	if m.ids.settle() {
		if _, err := m.each(m.ids.name, func(of *Marker) bool { return of.Sessions > 0 }); err != nil {
			return nil, err
		}
		m.totals.Repeated = m.ids.list()
	}
	return m.totals, nil
}

// each hands the results of the wanted shards of all parts to use, those of
// sessions with the folders that they have in the index, and counts them.
func (m *merger) each(use func(*Result) error, wanted func(*Marker) bool) (all Counts, err error) {
	for i := range m.parts {
		counts, err := m.parts[i].each(use, wanted)
		if err != nil {
			return all, err
		}
		all.Add(counts)
	}
	return all, nil
}

// most is the most entries of a shard whose results are read ahead.
const most = 5000

// each hands the results of a run to use, in the order of the plan.
func (p *Part) each(use func(*Result) error, wanted func(*Marker) bool) (all Counts, err error) {
	shards, names, err := p.files(wanted)
	if err != nil {
		return all, err
	}
	ahead := true
	for _, shard := range shards {
		ahead = ahead && p.Watch.plan.Shards[shard].Entries <= most
	}
	next := 0
	of := func(r io.Reader) error {
		counts, err := p.shard(shards[next], r, use)
		if err != nil {
			return err
		}
		all.Add(counts)
		next++
		return nil
	}
	if ahead {
		for data, readErr := range readFiles(p.Watch.run, names) {
			if err = readErr; err == nil {
				err = of(bytes.NewReader(data))
			}
			if err != nil {
				break
			}
		}
	} else {
		err = stream(p.Watch.run, names, of)
	}
	if err != nil && next < len(names) {
		err = &ShardError{Run: p.Watch.plan.Run, Shard: shards[next], File: names[next], Err: err}
	}
	return all, err
}

// files returns the shards whose results are wanted, and where these are.
func (p *Part) files(wanted func(*Marker) bool) (shards []int, names []string, err error) {
	left := map[int]int{}
	for was := range p.replaced {
		left[was.Shard]++
	}
	for i, s := range p.Watch.plan.Shards {
		marker := p.Watch.markOf(i).Marker
		switch {
		case left[i] == s.Entries:
		case marker == nil:
			return nil, nil, fmt.Errorf("shard %d is not done: %w", i, cmp.Or(p.Watch.Damage(i), fs.ErrNotExist))
		case wanted(marker):
			shards, names = append(shards, i), append(names, ResultsFile(i, marker.SHA256))
		}
	}
	return shards, names, nil
}

// stream hands files to use one by one, none held in memory.
func stream(run fs.FS, names []string, use func(io.Reader) error) error {
	for _, name := range names {
		f, err := run.Open(name)
		if err != nil {
			return err
		}
		if err := errors.Join(use(f), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// shard hands the results of a shard to use, but for those that the next part
// has, and counts them.
func (p *Part) shard(shard int, r io.Reader, use func(*Result) error) (kept Counts, err error) {
	digest := sha256.New()
	last := -1
	got, err := lines(io.TeeReader(r, digest), func(r *Result) error {
		if p.replaced[Was{shard, r.Entry}] {
			return nil
		}
		kept.add(r, last)
		last = r.Entry
		if r.Session != nil {
			r.Session.Folder = p.Base + path.Join(SessionsFolder(shard), r.Session.Folder)
		}
		return use(r)
	})
	if err != nil {
		return kept, err
	}
	marker := p.Watch.markOf(shard).Marker
	if sum := hex.EncodeToString(digest.Sum(nil)); sum != marker.SHA256 || got != marker.Counts ||
		got.Entries != p.Watch.plan.Shards[shard].Entries {
		return kept, fmt.Errorf("%w: the marker of the shard says otherwise", ErrDamaged)
	}
	return kept, nil
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
			return counts, fmt.Errorf("%w: %w", ErrDamaged, jsonwords.Of(lines.Bytes(), err))
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

// session takes a result that is a session.
func (m *merger) session(r *Result) error {
	if r.Session == nil {
		return nil
	}
	m.totals.session(r.Session)
	m.ids.add(r.Session.ID)
	m.sample.Add(r.Session)
	return m.index.Add(r.Session)
}

// failure takes a result that is none.
func (m *merger) failure(r *Result) error {
	if r.Session != nil || r.Skipped {
		return nil
	}
	return m.index.FailLast(export.Failure{Message: r.Failed})
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
