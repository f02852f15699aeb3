package plan

import (
	"hash/maphash"
	"slices"
)

// repeats finds the session ids that come several times among very many: in a
// first pass over them it keeps 8 bytes of each, and in a second, only needed
// where two of these are the same, the ids that they stand for.
type repeats struct {
	seed   maphash.Seed
	hashes []uint64
	// twice are the hashes that came several times.
	twice map[uint64]bool
	// at is where in order an id is.
	at    map[string]int
	order []Repeat
}

func newRepeats() repeats {
	return repeats{seed: maphash.MakeSeed(), twice: map[uint64]bool{}, at: map[string]int{}}
}

// add takes an id in the first pass. A session without one is like no other.
func (r *repeats) add(id *string) {
	if id != nil {
		r.hashes = append(r.hashes, maphash.String(r.seed, *id))
	}
}

// settle ends the first pass, and reports whether a second one is needed.
func (r *repeats) settle() bool {
	slices.Sort(r.hashes)
	for i, h := range r.hashes {
		if i > 0 && h == r.hashes[i-1] {
			r.twice[h] = true
		}
	}
	r.hashes = nil
	return len(r.twice) > 0
}

// name takes a result in the second pass.
func (r *repeats) name(of *Result) error {
	if of.Session == nil || of.Session.ID == nil || !r.twice[maphash.String(r.seed, *of.Session.ID)] {
		return nil
	}
	id := *of.Session.ID
	i, ok := r.at[id]
	if !ok {
		i = len(r.order)
		r.at[id] = i
		r.order = append(r.order, Repeat{ID: id})
	}
	r.order[i].Folders = append(r.order[i].Folders, of.Session.Folder)
	return nil
}

// list returns the sessions that are there several times, in the order of the
// plan. Two ids of one hash are not.
func (r *repeats) list() []Repeat {
	return slices.DeleteFunc(r.order, func(s Repeat) bool { return len(s.Folders) < 2 })
}
