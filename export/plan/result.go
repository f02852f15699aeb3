package plan

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"

	"github.com/lvtool/lvtool/export"
)

// The names of the shapes of a line of results, and of a marker.
const (
	ResultSchema = "lvtool.result/1"
	MarkerSchema = "lvtool.shard/1"
)

// A Result is what became of an entry, or of one of the sessions of its
// document. Every entry has at least one, in their order.
type Result struct {
	Schema string `json:"schema"`
	// Entry is the entry's number in the shard, from 0.
	Entry int `json:"entry"`
	// Session is nil where there is none. Its folder is below [SessionsFolder].
	Session *export.IndexEntry `json:"session,omitempty"`
	// Failed says why there is none.
	Failed string `json:"failed,omitempty"`
	// Skipped says that the document holds none: lvtool wrote it.
	Skipped bool `json:"skipped,omitempty"`
}

// Counts adds results up.
type Counts struct {
	Entries  int `json:"entries"`
	Sessions int `json:"sessions"`
	// Incomplete are those sessions that lack an image they name.
	Incomplete int `json:"incomplete"`
	// Failed are the documents and sessions that could not be read.
	Failed int `json:"failed"`
	// Skipped are the documents that lvtool wrote itself.
	Skipped int `json:"skipped"`
}

// Add adds other counts.
func (c *Counts) Add(o Counts) {
	c.Entries += o.Entries
	c.Sessions += o.Sessions
	c.Incomplete += o.Incomplete
	c.Failed += o.Failed
	c.Skipped += o.Skipped
}

// add counts one result; after is the entry of the one before, -1 for none.
func (c *Counts) add(r *Result, after int) {
	if r.Entry != after {
		c.Entries++
	}
	switch {
	case r.Session != nil:
		c.Sessions++
		if !r.Session.Complete() {
			c.Incomplete++
		}
	case r.Skipped:
		c.Skipped++
	default:
		c.Failed++
	}
}

// A Marker says that a shard has its results.
type Marker struct {
	Schema string `json:"schema"`
	Run    string `json:"run"`
	Shard  int    `json:"shard"`
	Counts
	// SHA256 is the digest of the shard's results.
	SHA256 string `json:"sha256"`
}

// Encode returns the marker as the bytes of its file.
func (m *Marker) Encode() []byte {
	data, _ := json.MarshalIndent(m, "", "  ") // cannot fail: strings and numbers
	return append(data, '\n')
}

// A ResultWriter writes the results of a shard. Its methods are called in the
// order of the entries.
type ResultWriter struct {
	w      *bufio.Writer
	digest hash.Hash
	counts Counts
	last   int
}

// NewResultWriter returns a writer of results.
func NewResultWriter(w io.Writer) *ResultWriter {
	digest := sha256.New()
	return &ResultWriter{w: bufio.NewWriter(io.MultiWriter(w, digest)), digest: digest, last: -1}
}

// Session adds a session of an entry.
func (w *ResultWriter) Session(entry int, e *export.IndexEntry) error {
	return w.add(&Result{Entry: entry, Session: e})
}

// Fail adds what could not be read of an entry.
func (w *ResultWriter) Fail(entry int, why string) error {
	return w.add(&Result{Entry: entry, Failed: why})
}

// Close writes the rest, and returns the marker of the shard.
func (w *ResultWriter) Close(p *Plan, shard int) (*Marker, error) {
	if err := w.skipTo(p.Shards[shard].Entries); err != nil {
		return nil, err
	}
	if err := w.w.Flush(); err != nil {
		return nil, fmt.Errorf("writing results: %w", err)
	}
	return &Marker{
		Schema: MarkerSchema, Run: p.Run, Shard: shard, Counts: w.counts,
		SHA256: hex.EncodeToString(w.digest.Sum(nil)),
	}, nil
}

func (w *ResultWriter) add(r *Result) error {
	if err := w.skipTo(r.Entry); err != nil {
		return err
	}
	return w.line(r)
}

// skipTo adds a line for every entry before the given one of which nothing came.
func (w *ResultWriter) skipTo(entry int) error {
	for w.last < entry-1 {
		if err := w.line(&Result{Entry: w.last + 1, Skipped: true}); err != nil {
			return err
		}
	}
	return nil
}

func (w *ResultWriter) line(r *Result) error {
	r.Schema = ResultSchema
	w.counts.add(r, w.last)
	w.last = r.Entry
	encoder := json.NewEncoder(w.w)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(r); err != nil {
		return fmt.Errorf("writing results: %w", err)
	}
	return nil
}

// A ShardError says which shard could not be merged.
type ShardError struct {
	// Run is that of the shard's plan.
	Run   string
	Shard int
	// File is that of the shard's results.
	File string
	Err  error
}

// Error names the shard and the file.
func (e *ShardError) Error() string { return fmt.Sprintf("shard %d: %s: %v", e.Shard, e.File, e.Err) }

// Unwrap returns what is wrong.
func (e *ShardError) Unwrap() error { return e.Err }
