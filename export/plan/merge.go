package plan

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
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
}

// A merger merges the results of a run.
type merger struct {
	plan   *Plan
	run    fs.FS
	index  *export.IndexWriter
	totals *Totals
}

// Merge adds the results of all shards to an index, in the order of the plan,
// and returns their totals. Every entry is there once: the error is an
// [ErrDamaged] where a shard has other results than its marker and the plan
// say, and one for which [fs.ErrNotExist] holds where a shard has none.
func Merge(run fs.FS, p *Plan, index *export.IndexWriter) (*Totals, error) {
	m := &merger{plan: p, run: run, index: index, totals: &Totals{
		Schema: TotalsSchema, Run: p.Run, Statuses: map[string]int{}, Problems: map[string]int{},
	}}
	for i := range p.Shards {
		if err := m.shard(i); err != nil {
			return nil, fmt.Errorf("%s: %w", ResultsFile(i), err)
		}
	}
	return m.totals, nil
}

func (m *merger) shard(shard int) error {
	marker, _, err := m.plan.Marker(m.run, shard)
	if err != nil {
		return err
	}
	if marker == nil {
		return fmt.Errorf("the shard is not done: %w", fs.ErrNotExist)
	}
	f, err := m.run.Open(ResultsFile(shard))
	if err != nil {
		return err
	}
	defer f.Close()
	digest := sha256.New()
	got, err := m.lines(io.TeeReader(f, digest), shard)
	if err != nil {
		return err
	}
	if sum := hex.EncodeToString(digest.Sum(nil)); sum != marker.SHA256 || got != marker.Counts ||
		got.Entries != m.plan.Shards[shard].Entries {
		return fmt.Errorf("%w: the marker of the shard says otherwise", ErrDamaged)
	}
	m.totals.Add(got)
	return nil
}

// lines merges the results of a shard, whose entries follow one another.
func (m *merger) lines(r io.Reader, shard int) (Counts, error) {
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
		if err := m.result(&r, shard); err != nil {
			return counts, err
		}
	}
	return counts, lines.Err()
}

func (m *merger) result(r *Result, shard int) error {
	switch {
	case r.Session != nil:
		m.totals.session(r.Session)
		r.Session.Folder = path.Join(SessionsFolder(shard), r.Session.Folder)
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
