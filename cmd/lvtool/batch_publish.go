package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export/plan"
)

// publish writes the results, and last the marker.
func (w *worker) publish() error {
	m, err := w.writer.Close(w.plan, w.shard)
	if err != nil {
		return err
	}
	done, doneErr := w.standing(plan.DoneFile(w.shard))
	if done {
		return w.agrees(m) // with another attempt, or an earlier one that is checked
	}
	// The name holds the digest, so that other bytes are what somebody, or a node
	// that died, has left of these.
	err = w.settle(plan.ResultsFile(w.shard, m.SHA256), w.results.Bytes(), func() (bool, error) {
		return false, nil
	})
	if err != nil {
		return err
	}
	nothing := m.Sessions == 0 && m.Failed > 0
	marker := plan.DoneFile(w.shard)
	if nothing {
		marker = plan.FailedFile(w.shard)
	}
	// The first marker holds: that of another attempt stands for its results.
	err = w.settle(marker, m.Encode(), func() (bool, error) { return w.standing(marker) })
	if err != nil {
		return err
	}
	if !nothing {
		return nil
	}
	err = fmt.Errorf("shard %d: nothing of it could be read", w.shard)
	if errors.Is(doneErr, plan.ErrDamaged) {
		err = fmt.Errorf("%w; delete %s, which is damaged", err, w.run.address(plan.DoneFile(w.shard)))
	}
	return &exitError{code: exitData, err: err}
}

// agrees reports, as an error, where a shard that is done and was asked to be
// checked comes to other results now.
func (w *worker) agrees(now *plan.Marker) error {
	name := plan.DoneFile(w.shard)
	was, err := w.plan.ReadMarker(w.run, name, w.shard)
	if err != nil || was == nil || !w.c.Bool("check") || was.SHA256 == now.SHA256 {
		return err
	}
	return &exitError{
		code: exitData,
		err: fmt.Errorf("shard %d comes to other results than those it was done with:"+
			" %s now, %d incomplete, %d failed; %s, %d and %d then",
			w.shard, count(now.Sessions, "session"), now.Incomplete, now.Failed,
			count(was.Sessions, "session"), was.Incomplete, was.Failed),
		hint: "mend what is said above, and check again; " + w.run.address(name) + " stays as it is",
	}
}

// settle writes a file. Where other bytes are there, stands says whether they
// stay; else they are replaced.
func (w *worker) settle(name string, data []byte, stands func() (bool, error)) error {
	err := w.run.put(w.c.Context, name, data)
	if !isTaken(err) {
		return err
	}
	stays, err := stands()
	if stays || err != nil && !errors.Is(err, plan.ErrDamaged) {
		return err
	}
	return w.run.replace(w.c.Context, name, true, func(f io.Writer) error {
		_, err := f.Write(data)
		return err
	})
}

// standing reports whether the marker of that name stands for results that are
// there. The error is a [plan.ErrDamaged] where it does not, a [plan.ErrForeign]
// where it is not this run's to replace, and nil where there is no marker.
func (w *worker) standing(name string) (bool, error) {
	m, err := w.plan.ReadMarker(w.run, name, w.shard)
	switch {
	case errors.Is(err, plan.ErrForeign):
		return false, &exitError{
			code: exitData, err: fmt.Errorf("%s: %w", w.run.address(name), plan.ErrForeign),
			hint: "delete it where it is of no use, or give another RUN",
		}
	case err != nil || m == nil:
		return false, err
	}
	results := plan.ResultsFile(w.shard, m.SHA256)
	data, err := w.run.ReadFile(results)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, fmt.Errorf("%s: %w: there is no %s", name, plan.ErrDamaged, results)
	case err != nil:
		return false, err
	case decode.Digest(sha256.Sum256(data)).String() != m.SHA256:
		return false, fmt.Errorf("%s: %w: %s has another digest", name, plan.ErrDamaged, results)
	}
	return true, nil
}
