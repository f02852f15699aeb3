package plan

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/lvtool/lvtool/internal/jsonwords"
)

// EntrySchema is the name of the shape of a line of a shard.
const EntrySchema = "lvtool.entry/1"

// maxEntry is the most bytes of a line of a shard.
const maxEntry = 64 << 10

// An Entry is a document that a worker reads. It may hold several sessions,
// which stay together.
type Entry struct {
	// Schema keeps a search for results from taking a shard for one.
	Schema string `json:"schema"`
	// Input is the document's path or address, and Label what reports call it.
	Input string `json:"input"`
	Label string `json:"label,omitempty"`
	// Listed says that the document was found, not named: it is passed over where
	// lvtool itself wrote it.
	Listed bool `json:"listed,omitempty"`
	// Was says which entry this is of the run that the plan resumes.
	Was *Was `json:"was,omitempty"`
}

// Was is the place of an entry in a run.
type Was struct {
	Shard int `json:"shard"`
	Entry int `json:"entry"`
}

// encode appends e to a buffer, as a line.
func (e Entry) encode(to *bytes.Buffer) error {
	if e.Input == "" {
		return errors.New("an entry without an input")
	}
	e.Schema = EntrySchema
	before := to.Len()
	encoder := json.NewEncoder(to)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e); err != nil {
		return err
	}
	if to.Len()-before > maxEntry {
		return fmt.Errorf("%.60q…: the name is too long", e.Input)
	}
	return nil
}

// Shard returns the entries of a shard, given its file. The error is an
// [ErrDamaged] where the plan says otherwise.
func (p *Plan) Shard(shard int, data []byte) ([]Entry, error) {
	digest := sha256.Sum256(data)
	want := p.Shards[shard]
	if hex.EncodeToString(digest[:]) != want.SHA256 {
		return nil, fmt.Errorf("%w: its digest is not the plan's", ErrDamaged)
	}
	var entries []Entry
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, maxEntry)
	for lines.Scan() {
		var e Entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrDamaged, len(entries)+1, jsonwords.Of(lines.Bytes(), err))
		}
		entries = append(entries, e)
	}
	if err := lines.Err(); err != nil || len(entries) != want.Entries {
		return nil, fmt.Errorf("%w: %d entries, the plan has %d", ErrDamaged, len(entries), want.Entries)
	}
	return entries, nil
}
