package plan

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"time"

	"github.com/lvtool/lvtool/internal/jsonwords"
)

// A Status says how far a run is.
type Status struct {
	Run string `json:"run"`
	// Shards and Planned count the shards and entries of the plan.
	Shards  int `json:"shards"`
	Planned int `json:"planned"`
	// Done counts the shards that are done; Failed are those of which nothing
	// could be read, and Missing those that have no result yet.
	Done    int   `json:"shards_done"`
	Failed  []int `json:"shards_failed"`
	Missing []int `json:"shards_missing"`
	// Damaged are those of Missing that have a marker which says nothing.
	Damaged []int `json:"shards_damaged,omitempty"`
	// Counts are those of the shards that are done or failed.
	Counts
	// Last is when the last marker was written, zero where there is none.
	Last time.Time `json:"last,omitzero"`
	// Rate is how many entries a second came to an end lately, by the times of
	// the markers; 0 where fewer than two tell.
	Rate float64 `json:"rate,omitempty"`
}

// Ended reports whether nothing is missing.
func (s *Status) Ended() bool { return len(s.Missing) == 0 }

// Left returns how long the rest takes at the rate of late, seen from now: 0
// where that is not known.
func (s *Status) Left(now time.Time) time.Duration {
	if s.Rate == 0 || s.Ended() {
		return 0
	}
	all := time.Duration(float64(s.Planned-s.Entries) / s.Rate * float64(time.Second))
	return max(0, all-max(0, now.Sub(s.Last)))
}

// A Watch looks at a run, again and again. What it has seen it does not read
// once more: markers do not change, but for those that are damaged.
type Watch struct {
	plan *Plan
	run  fs.FS
	seen map[string]mark
	// damaged are the markers that said nothing when they were last read.
	damaged map[string]error
}

// A mark is a marker that was seen, and when it was written.
type mark struct {
	*Marker
	at time.Time
}

// NewWatch returns a watch of a run, which may be a [Prefetcher].
func NewWatch(run fs.FS, p *Plan) *Watch { return &Watch{plan: p, run: run, seen: map[string]mark{}} }

// Damage returns why the marker of a shard says nothing, as an [ErrDamaged] with
// the marker's name; nil where it is whole, or there is none.
func (w *Watch) Damage(shard int) error {
	for _, name := range []string{DoneFile(shard), FailedFile(shard)} {
		if _, whole := w.seen[name]; whole {
			return nil
		}
		if err := w.damaged[name]; err != nil {
			return err
		}
	}
	return nil
}

// markOf returns the marker of a shard, none where it has none that tells: where
// that of its results is damaged, an earlier one of its failure holds no longer.
func (w *Watch) markOf(shard int) mark {
	m, ok := w.seen[DoneFile(shard)]
	if ok || w.damaged[DoneFile(shard)] != nil {
		return m
	}
	return w.seen[FailedFile(shard)]
}

// Look returns the status of the run.
func (w *Watch) Look() (*Status, error) {
	if err := w.list(); err != nil {
		return nil, err
	}
	s := &Status{
		Run: w.plan.Run, Shards: len(w.plan.Shards), Planned: w.plan.Entries,
		Failed: []int{}, Missing: []int{},
	}
	var ended []mark
	for i := range w.plan.Shards {
		if w.Damage(i) != nil {
			s.Damaged = append(s.Damaged, i)
		}
		m := w.markOf(i)
		_, done := w.seen[DoneFile(i)]
		switch {
		case m.Marker == nil:
			s.Missing = append(s.Missing, i)
			continue
		case done:
			s.Done++
		default:
			s.Failed = append(s.Failed, i)
		}
		s.Add(m.Counts)
		ended = append(ended, m)
	}
	s.rate(ended)
	return s, nil
}

// lately is how many of the last markers the rate is taken from.
const lately = 200

// rate sets the rate by when markers were written: how many entries ended after
// the first of the last of them.
func (s *Status) rate(ended []mark) {
	if len(ended) == 0 {
		return
	}
	slices.SortFunc(ended, func(a, b mark) int { return a.at.Compare(b.at) })
	s.Last = ended[len(ended)-1].at.UTC()
	ended = ended[max(0, len(ended)-lately):]
	entries := 0
	for _, m := range ended[1:] {
		entries += m.Entries
	}
	if over := s.Last.Sub(ended[0].at); over > 0 {
		s.Rate = float64(entries) / over.Seconds()
	}
}

// list reads the markers that are new.
func (w *Watch) list() error {
	w.damaged = map[string]error{}
	var files []fs.DirEntry
	var names []string
	for _, folder := range []string{doneFolder, failedFolder} {
		entries, err := fs.ReadDir(w.run, folder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, e := range entries {
			name := folder + "/" + e.Name()
			if w.seen[name].Marker == nil && w.plan.shardOf(name) >= 0 {
				files, names = append(files, e), append(names, name)
			}
		}
	}
	i := 0
	for data, err := range readFiles(w.run, names) {
		name := names[i]
		if err != nil {
			return err
		}
		m, err := w.plan.marker(name, data, w.plan.shardOf(name))
		info, infoErr := files[i].Info()
		i++
		switch {
		case err != nil:
			w.damaged[name] = err // of one shard, not of the run
		case infoErr != nil:
			return infoErr
		default:
			w.seen[name] = mark{m, info.ModTime()}
		}
	}
	return nil
}

// A Prefetcher is an [fs.FS] that is better told what will be read: one behind a
// network.
type Prefetcher interface {
	fs.FS
	// ReadFiles yields the content of files in the order of their names, until
	// the first error.
	ReadFiles(names []string) iter.Seq2[[]byte, error]
}

// readFiles yields the content of files in the order of their names, until the
// first error.
func readFiles(run fs.FS, names []string) iter.Seq2[[]byte, error] {
	if p, ok := run.(Prefetcher); ok {
		return p.ReadFiles(names)
	}
	return func(yield func([]byte, error) bool) {
		for _, name := range names {
			data, err := fs.ReadFile(run, name)
			if !yield(data, err) || err != nil {
				return
			}
		}
	}
}

// shardOf returns the shard that a file is the marker of, -1 for none: others may
// keep files there too.
func (p *Plan) shardOf(name string) int {
	var shard int
	for _, folder := range []string{doneFolder, failedFolder} {
		n, err := fmt.Sscanf(name, folder+"/%05d.json", &shard)
		if n == 1 && err == nil && shard >= 0 && shard < len(p.Shards) && name == markerFile(folder, shard) {
			return shard
		}
	}
	return -1
}

// Marker returns the marker of a shard, nil where it has none, and whether it
// says that the shard is done. The error is an [ErrDamaged] where it says nothing,
// an [ErrForeign] too where it is that of another run.
func (p *Plan) Marker(run fs.FS, shard int) (m *Marker, done bool, err error) {
	for _, name := range []string{DoneFile(shard), FailedFile(shard)} {
		if m, err := p.ReadMarker(run, name, shard); m != nil || err != nil {
			return m, name == DoneFile(shard), err
		}
	}
	return nil, false, nil
}

// ReadMarker returns the marker of a shard that has the name given, nil where
// there is none. Its errors are those of [Plan.Marker].
func (p *Plan) ReadMarker(run fs.FS, name string, shard int) (*Marker, error) {
	data, err := fs.ReadFile(run, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // As said.
	}
	if err != nil {
		return nil, err
	}
	return p.marker(name, data, shard)
}

// ErrForeign says that a marker is not of this run, so that it may be somebody
// else's.
var ErrForeign = errors.New("it is of another run")

// marker parses the file of a marker.
func (p *Plan) marker(name string, data []byte, shard int) (*Marker, error) {
	m := &Marker{}
	if err := json.Unmarshal(data, m); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", name, ErrDamaged, jsonwords.Of(data, err))
	}
	switch {
	case m.Schema != MarkerSchema || m.Run != p.Run:
		return nil, fmt.Errorf("%s: %w: %w", name, ErrDamaged, ErrForeign)
	case m.Shard != shard:
		return nil, fmt.Errorf("%s: %w: it is of shard %d", name, ErrDamaged, m.Shard)
	}
	return m, nil
}
