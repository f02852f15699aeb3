package plan

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/lvtool/lvtool/export"
)

// DefaultPerShard is how many entries a shard has where nothing else is said.
const DefaultPerShard = 1000

// A Spec is what a plan is made of, beside the entries.
type Spec struct {
	Tool    export.Tool
	Job     Job // the zero Job means to convert
	Options map[string][]string
	Resumes string
	// Shards is how many there are, fewer where there are fewer entries; 0 leaves
	// it to PerShard.
	Shards int
	// PerShard is the most entries of a shard; 0 means [DefaultPerShard], or as
	// many more as [MaxShards] ask for.
	PerShard int
}

// ErrNoEntries says that there is nothing to plan.
var ErrNoEntries = errors.New("no document to plan")

// Write plans a run, and puts its files, plan.json last. The entries stay in
// their order: every shard has neighbours, one more or less than the next. Only
// one shard is held in memory; all entries go through spool, an empty file,
// since how many there are is known at their end.
func Write(spec *Spec, entries iter.Seq2[Entry, error], spool io.ReadWriteSeeker, put export.Put) (*Plan, error) {
	count, err := fill(spool, entries)
	if err != nil {
		return nil, err
	}
	shards, err := spec.shards(count)
	if err != nil {
		return nil, err
	}
	p := &Plan{
		Schema: Schema, Tool: spec.Tool, Job: spec.Job, Options: spec.Options, Resumes: spec.Resumes, Entries: count,
	}
	p.Job.Kind = cmp.Or(p.Job.Kind, Convert)
	p.Tool.Options = nil
	lines := bufio.NewReader(spool)
	for i := range shards {
		n := (i+1)*count/shards - i*count/shards
		data, err := take(lines, n)
		if err != nil {
			return nil, fmt.Errorf("reading the entries again: %w", err)
		}
		digest := sha256.Sum256(data)
		p.Shards = append(p.Shards, Shard{Entries: n, SHA256: hex.EncodeToString(digest[:])})
		if err := put(ShardFile(i), data); err != nil {
			return nil, err
		}
	}
	p.Run = p.id()
	return p, put(File, p.Encode())
}

// fill writes the entries to the spool, and winds it back.
func fill(spool io.WriteSeeker, entries iter.Seq2[Entry, error]) (count int, err error) {
	w := bufio.NewWriter(spool)
	var line bytes.Buffer
	for e, err := range entries {
		if err != nil {
			return 0, err
		}
		line.Reset()
		if err := e.encode(&line); err != nil {
			return 0, err
		}
		if _, err := w.Write(line.Bytes()); err != nil {
			return 0, err
		}
		count++
	}
	if err := w.Flush(); err != nil {
		return 0, err
	}
	_, err = spool.Seek(0, io.SeekStart)
	return count, err
}

// shards returns how many shards so many entries make.
func (s *Spec) shards(count int) (int, error) {
	if count == 0 {
		return 0, ErrNoEntries
	}
	n := min(s.Shards, count)
	if n == 0 {
		per := s.PerShard
		if per == 0 {
			per = max(DefaultPerShard, (count+MaxShards-1)/MaxShards)
		}
		n = (count + per - 1) / per
	}
	switch {
	case n > MaxShards:
		return 0, fmt.Errorf("%d documents would make %d shards, more than %d; %d in a shard would do",
			count, n, MaxShards, (count+MaxShards-1)/MaxShards)
	case (count+n-1)/n > MaxEntries:
		return 0, fmt.Errorf("%d documents in %d shards are more than %d in a shard; %d shards would do",
			count, n, MaxEntries, (count+MaxEntries-1)/MaxEntries)
	}
	return n, nil
}

// take returns the next n lines.
func take(r *bufio.Reader, n int) ([]byte, error) {
	var b bytes.Buffer
	for range n {
		for {
			part, err := r.ReadSlice('\n')
			b.Write(part)
			if err == nil {
				break
			}
			if !errors.Is(err, bufio.ErrBufferFull) {
				return nil, err
			}
		}
	}
	return b.Bytes(), nil
}
