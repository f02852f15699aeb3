package plan

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
)

// A Status says how far a run is.
type Status struct {
	Run string `json:"run"`
	// Shards and Planned count the shards and entries of the plan.
	Shards  int `json:"shards"`
	Planned int `json:"planned"`
	// Done counts the shards that are done; Failed are those of which nothing
	// could be read, and Missing those that have no result yet.
	Done    int   `json:"done"`
	Failed  []int `json:"failed"`
	Missing []int `json:"missing"`
	// Counts are those of the shards that are done or failed.
	Counts
}

// Look returns the status of a run, by the markers in its folder.
func Look(run fs.FS, p *Plan) (*Status, error) {
	s := &Status{Run: p.Run, Shards: len(p.Shards), Planned: p.Entries, Failed: []int{}, Missing: []int{}}
	for i := range p.Shards {
		m, done, err := p.Marker(run, i)
		switch {
		case err != nil:
			return nil, err
		case m == nil:
			s.Missing = append(s.Missing, i)
			continue
		case done:
			s.Done++
		default:
			s.Failed = append(s.Failed, i)
		}
		s.Add(m.Counts)
	}
	return s, nil
}

// Marker returns the marker of a shard, nil where it has none, and whether it
// says that the shard is done. The error is an [ErrDamaged] where it is that of
// another run or shard.
func (p *Plan) Marker(run fs.FS, shard int) (m *Marker, done bool, err error) {
	for _, name := range []string{DoneFile(shard), FailedFile(shard)} {
		data, err := fs.ReadFile(run, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, false, err
		}
		m := &Marker{}
		if err := json.Unmarshal(data, m); err != nil {
			return nil, false, fmt.Errorf("%s: %w: %w", name, ErrDamaged, err)
		}
		if m.Schema != MarkerSchema || m.Run != p.Run || m.Shard != shard {
			return nil, false, fmt.Errorf("%s: %w: it is of another run or shard", name, ErrDamaged)
		}
		return m, name == DoneFile(shard), nil
	}
	return nil, false, nil
}
