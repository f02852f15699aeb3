package bag

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
)

// chunk is how many bytes are read at a time: enough that reading costs little
// beside hashing, and little enough to stay in the processor's cache.
const chunk = 256 << 10

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// A job is a file to digest, and what came of it.
type job struct {
	file  *File
	lists []*list // those that list it
	err   error
}

// digest reads every listed file once and compares its checksums.
func (v *verifier) digest() {
	var jobs []*job
	for _, name := range v.names {
		j := &job{file: v.files[name]}
		for _, l := range v.lists {
			if _, ok := l.sums[name]; ok {
				j.lists = append(j.lists, l)
			}
		}
		if len(j.lists) > 0 {
			jobs = append(jobs, j)
		}
	}
	each := v.opts.Each
	if each == nil {
		each = func(n int, do func(int)) {
			for i := range n {
				do(i)
			}
		}
	}
	// Several files are read at once, each with a buffer that others have used.
	buffers := &sync.Pool{New: func() any { return new([chunk]byte) }}
	each(len(jobs), func(i int) {
		if v.ctx.Err() == nil {
			buffer := buffers.Get().(*[chunk]byte)
			jobs[i].err = jobs[i].run(v.tree, buffer[:])
			buffers.Put(buffer)
		}
	})
	for _, j := range jobs {
		v.compare(j)
	}
}

// run digests the file of a job.
func (j *job) run(t Tree, buffer []byte) error {
	var algorithms []Algorithm
	for _, l := range j.lists {
		if !slices.Contains(algorithms, l.algorithm) {
			algorithms = append(algorithms, l.algorithm)
		}
	}
	d := newDigester(algorithms)
	if err := readInto(d, t, j.file.entry, buffer); err != nil {
		return err
	}
	j.file.Digests = d.sums()
	return nil
}

// compare compares the digests of a file with those that are listed.
func (v *verifier) compare(j *job) {
	if j.err != nil {
		v.find(*unreadable(j.file.Name, j.err))
		return
	}
	var wrong []string
	for _, l := range j.lists {
		if j.file.Digests[l.algorithm] != l.sums[j.file.Name] {
			wrong = append(wrong, l.name)
		}
	}
	if len(wrong) > 0 && j.file.Digests != nil {
		v.findf(BadChecksum, j.file.Name, 0, "other bytes than listed in %s", strings.Join(wrong, ", "))
	}
}

// readInto reads a file to its end, and holds that it has the size that was
// listed, through a buffer.
func readInto(w io.Writer, t Tree, e Entry, buffer []byte) (err error) {
	r, err := t.Open(e)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	// One byte more shows a file that has grown.
	n, err := io.CopyBuffer(onlyWriter{w}, io.LimitReader(r, e.Size+1), buffer)
	if err == nil && n != e.Size {
		err = ErrChanged
	}
	return err
}

// An onlyWriter has no other method, so that io.CopyBuffer uses its buffer.
type onlyWriter struct{ io.Writer }

// readEntry returns the bytes of a file.
func readEntry(t Tree, e Entry) ([]byte, error) {
	b := make(sink, 0, e.Size)
	err := readInto(&b, t, e, make([]byte, min(chunk, e.Size+1)))
	return b, err
}

// A sink keeps what is written.
type sink []byte

// Write keeps p.
func (s *sink) Write(p []byte) (int, error) {
	*s = append(*s, p...)
	return len(p), nil
}

// ErrNoFile says that a bag has no file of a name.
var ErrNoFile = errors.New("no such file in the bag")

// Read returns the bytes of a file, which are those that were verified: it fails
// with an [ErrChanged] if their digests are no longer the same, with an
// [ErrNoFile] where there is no such file, and where it has more than limit
// bytes.
func (r *Result) Read(name string, limit int64) ([]byte, error) {
	f := r.File(name)
	switch {
	case f == nil:
		return nil, fmt.Errorf("%s: %w", Printable(name), ErrNoFile)
	case f.Size > limit:
		return nil, fmt.Errorf("%s: %d bytes, more than %d", Printable(name), f.Size, limit)
	}
	data, err := readEntry(r.tree, f.entry)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", Printable(name), err)
	}
	d := newDigester(slices.Collect(maps.Keys(f.Digests)))
	_, _ = d.Write(data)
	if !maps.Equal(d.sums(), f.Digests) {
		return nil, fmt.Errorf("%s: %w", Printable(name), ErrChanged)
	}
	return data, nil
}
