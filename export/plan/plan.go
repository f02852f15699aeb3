package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/internal/jsonwords"
)

// Schema is the name of the shape of plan.json.
const Schema = "lvtool.plan/1"

// File is the name of the plan in the folder of its run.
const File = "plan.json"

const (
	// MaxShards is the most shards of a plan, that of an array of AWS Batch.
	MaxShards = 10_000
	// MaxEntries is the most entries of a shard, which a worker holds in memory.
	MaxEntries = 100_000
	// maxPlan is the most bytes of plan.json.
	maxPlan = 16 << 20
)

// A Plan says what a run is to do.
type Plan struct {
	Schema string `json:"schema"`
	// Run is the id of the run: the first 32 digits of the SHA-256 of the plan as
	// compact JSON with an empty id. The same input and options have the same.
	Run string `json:"run"`
	// Tool is the program that made the plan, which alone makes the outputs that
	// another machine makes; it has no options.
	Tool export.Tool `json:"tool"`
	// Job is what is made of every session.
	Job Job `json:"job"`
	// Options are those of the job, by the names of their flags.
	Options map[string][]string `json:"options"`
	// Resumes is the id of the run of which this one does what is left, "" for
	// none.
	Resumes string `json:"resumes,omitempty"`
	// Entries counts those of all shards.
	Entries int `json:"entries"`
	// Shards are numbered from 0. An engine's own count is not asked: it is
	// another where one shard is submitted again.
	Shards []Shard `json:"shards"`
}

// A Job says what is made of every session.
type Job struct {
	Kind Kind `json:"kind"`
	// Time is the time of packing that all packs have, "" where none are made: two
	// attempts must make the same bytes.
	Time string `json:"time,omitempty"`
	// Signed says that packs must be signed. With what, each worker is told
	// itself: no key stands in a plan.
	Signed bool `json:"signed,omitempty"`
}

// A Kind of job has the name of the command that does the same.
type Kind string

// The kinds of jobs.
const (
	Convert Kind = "convert"
	Pack    Kind = "pack"
)

// A Shard is a part of the work, which one worker does.
type Shard struct {
	Entries int `json:"entries"`
	// SHA256 is the digest of the shard's file.
	SHA256 string `json:"sha256"`
}

// ErrDamaged says that a file of a run is not what was written: its digest, or
// what it says of itself, is another.
var ErrDamaged = errors.New("not what was written")

// Read reads a plan. The error is an [ErrDamaged] where its content does not
// have the id of the run.
func Read(r io.Reader) (*Plan, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxPlan))
	if err != nil {
		return nil, err
	}
	p := &Plan{}
	if err := json.Unmarshal(data, p); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, jsonwords.Of(data, err))
	}
	if p.Schema != Schema {
		return nil, fmt.Errorf("%w: the schema is %.40q, want %s", ErrDamaged, p.Schema, Schema)
	}
	if p.Job.Kind != Convert && p.Job.Kind != Pack {
		return nil, fmt.Errorf("%w: the job is %.40q", ErrDamaged, p.Job.Kind)
	}
	if id := p.id(); id != p.Run {
		return nil, fmt.Errorf("%w: the run is %.40q, its content is that of %s", ErrDamaged, p.Run, id)
	}
	return p, nil
}

// id returns the id of a run.
func (p *Plan) id() string {
	content := *p
	content.Run = ""
	data, _ := json.Marshal(content) // cannot fail: strings and numbers
	digest := sha256.Sum256(data)
	return hex.EncodeToString(digest[:16])
}

// Encode returns the plan as the bytes of plan.json.
func (p *Plan) Encode() []byte {
	data, _ := json.MarshalIndent(p, "", "  ") // cannot fail: strings and numbers
	return append(data, '\n')
}

// SameTool reports whether t makes what the program makes that the plan was
// made by.
func (p *Plan) SameTool(t export.Tool) bool {
	return p.Tool.Version == t.Version && p.Tool.Go == t.Go && maps.Equal(p.Tool.Modules, t.Modules)
}

// ShardFile returns the name of a shard's entries in the folder of the run.
func ShardFile(shard int) string { return fmt.Sprintf("shards/%05d.jsonl", shard) }

// SessionsFolder returns the name of the folder of a shard's outputs.
func SessionsFolder(shard int) string { return fmt.Sprintf("sessions/%05d", shard) }

// ResultsFile returns the name of the results of a shard, given their digest.
// Two attempts may meet other faults, and so say other things: each has a file
// of its own, and the marker says which one holds.
func ResultsFile(shard int, sha256 string) string {
	return fmt.Sprintf("%s/%05d-%.16s.jsonl", resultsFolder, shard, sha256)
}

// The folders of the results and of the markers.
const (
	resultsFolder = "results"
	doneFolder    = "done"
	failedFolder  = "failed"
)

// DoneFile returns the name of the marker of a shard that is done.
func DoneFile(shard int) string { return markerFile(doneFolder, shard) }

// FailedFile returns the name of the marker of a shard of which nothing could
// be read.
func FailedFile(shard int) string { return markerFile(failedFolder, shard) }

func markerFile(folder string, shard int) string { return fmt.Sprintf("%s/%05d.json", folder, shard) }
