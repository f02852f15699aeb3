package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"iter"
)

// Left yields the entries that a run has not done: all of the shards that have
// not ended, or of which nothing could be read, and of the others those of which
// something failed or lacks an image. [Watch.Look] must have seen how far the run
// is. An error is the last.
//
// A shard that is done, but whose results are not there, or where something failed
// not what its marker says, is left as a whole: nothing tells what of it is done.
// Each of these is handed to lost, with an [fs.ErrNotExist] or an [ErrDamaged].
func (w *Watch) Left(lost func(*ShardError)) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		there, err := w.results()
		for shard := range w.plan.Shards {
			var entries []Entry
			if err == nil {
				entries, err = w.left(shard, there, lost)
			}
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

// results returns the names of the results that are there.
func (w *Watch) results() (map[string]bool, error) {
	files, err := fs.ReadDir(w.run, resultsFolder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	there := map[string]bool{}
	for _, f := range files {
		there[resultsFolder+"/"+f.Name()] = true
	}
	return there, nil
}

// left returns the entries of a shard that have not been done, and where they
// were.
func (w *Watch) left(shard int, there map[string]bool, lost func(*ShardError)) ([]Entry, error) {
	done, ok := w.seen[DoneFile(shard)]
	whole := ok && done.Failed == 0 && done.Incomplete == 0
	file := ""
	if ok {
		file = ResultsFile(shard, done.SHA256)
	}
	if whole && there[file] {
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
	unfinished, err := w.unfinished(file, done.Marker, len(entries))
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, ErrDamaged):
		lost(&ShardError{Run: w.plan.Run, Shard: shard, File: file, Err: err})
		return entries, nil
	case err != nil:
		return nil, err
	}
	var left []Entry
	for _, i := range unfinished {
		left = append(left, entries[i])
	}
	return left, nil
}

// unfinished returns the numbers of the entries of which something failed or lacks
// an image, by the results of their shard, which must be those of its marker and
// have a line for each.
func (w *Watch) unfinished(file string, done *Marker, entries int) ([]int, error) {
	results, err := fs.ReadFile(w.run, file)
	if err != nil {
		return nil, err
	}
	var numbers []int
	counts, err := lines(bytes.NewReader(results), func(r *Result) error {
		whole := r.Skipped || r.Session != nil && r.Session.Complete()
		if !whole && (len(numbers) == 0 || numbers[len(numbers)-1] != r.Entry) {
			numbers = append(numbers, r.Entry)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(results); hex.EncodeToString(sum[:]) != done.SHA256 || counts != done.Counts ||
		counts.Entries != entries {
		return nil, fmt.Errorf("%w: the marker of the shard says otherwise", ErrDamaged)
	}
	return numbers, nil
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
