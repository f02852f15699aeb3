package plan

import (
	"bytes"
	"fmt"
	"io/fs"
	"iter"
)

// Left yields the entries that a run has not done: all of the shards that have
// not ended, or of which nothing could be read, and of the others those of which
// something failed or lacks an image. [Watch.Look] must have seen how far the run
// is. An error is the last.
func (w *Watch) Left() iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for shard := range w.plan.Shards {
			entries, err := w.left(shard)
			if err != nil {
				yield(Entry{}, err)
				return
			}
			for _, e := range entries {
				if !yield(e, nil) {
					return
				}
			}
		}
	}
}

// left returns the entries of a shard that have not been done, and where they
// were.
func (w *Watch) left(shard int) ([]Entry, error) {
	done, ok := w.seen[DoneFile(shard)]
	if ok && done.Failed == 0 && done.Incomplete == 0 {
		return nil, nil
	}
	data, err := fs.ReadFile(w.run, ShardFile(shard))
	if err != nil {
		return nil, err
	}
	entries, err := w.plan.Shard(shard, data)
	for i := range entries {
		entries[i].Was = &Was{shard, i}
	}
	if err != nil || !ok {
		return entries, err
	}
	results, err := fs.ReadFile(w.run, ResultsFile(shard, done.SHA256))
	if err != nil {
		return nil, err
	}
	var left []Entry
	last := -1
	_, err = lines(bytes.NewReader(results), func(r *Result) error {
		whole := r.Skipped || r.Session != nil && r.Session.Complete()
		if !whole && r.Entry != last && r.Entry < len(entries) {
			last = r.Entry
			left = append(left, entries[r.Entry])
		}
		return nil
	})
	return left, err
}

// replaced returns which entries of the run that w resumes are done by w.
func (w *Watch) replaced() (map[Was]bool, error) {
	names := make([]string, len(w.plan.Shards))
	for i := range names {
		names[i] = ShardFile(i)
	}
	all := map[Was]bool{}
	shard := 0
	for data, err := range readFiles(w.run, names) {
		if err != nil {
			return nil, err
		}
		entries, err := w.plan.Shard(shard, data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", names[shard], err)
		}
		for _, e := range entries {
			if e.Was != nil {
				all[*e.Was] = true
			}
		}
		shard++
	}
	return all, nil
}
