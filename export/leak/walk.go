package leak

// How far a file is unpacked.
const (
	layers = 4       // deep
	most   = 1 << 30 // bytes in all
)

// A walk is the search of one file and of all that is in it.
type walk struct {
	scanner *Scanner
	file    string
	leaks   []Leak
	seen    map[int]bool
	budget  int
}

// look searches data, found under some layers, and what can be peeled out of it.
func (w *walk) look(data []byte, under string, depth int) {
	if w.budget -= len(data); w.budget < 0 {
		return
	}
	found := func(secret, offset int) { w.found(secret, offset, under) }
	w.scanner.exact.find(data, identity, found)
	w.scanner.folded.find(data, lower, found)
	if depth == layers {
		return
	}
	for _, p := range peels {
		for out := range p.peel(data) {
			next := depth + 1
			if p.last {
				next = layers
			}
			w.look(out, join(under, p.name), next)
		}
	}
}

func join(under, name string) string {
	if under == "" {
		return name
	}
	return under + ", " + name
}

// found reports a secret once.
func (w *walk) found(secret, offset int, under string) {
	if w.seen[secret] {
		return
	}
	w.seen[secret] = true
	w.leaks = append(w.leaks, Leak{File: w.file, Secret: w.scanner.names[secret], Under: under, Offset: offset})
}
