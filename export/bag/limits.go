package bag

import "cmp"

// MostTagBytes is how large a tag file may be to be read as text, unless [Limits] say
// otherwise.
const MostTagBytes = 64 << 20

// Limits bound what a bag may cost to verify. A zero field means its default.
type Limits struct {
	// Entries is how many files and folders there may be; 200,000.
	Entries int
	// Depth is how deep folders may lie in each other; 32.
	Depth int
	// Bytes is how large all files may be together; 64 GiB.
	Bytes int64
	// TagBytes is how large a tag file may be to be read as text; [MostTagBytes].
	TagBytes int64
	// Findings is how many findings are kept; 1,000. One more says that there
	// are others.
	Findings int
}

func (l Limits) withDefaults() Limits {
	return Limits{
		Entries:  cmp.Or(l.Entries, 200_000),
		Depth:    cmp.Or(l.Depth, 32),
		Bytes:    cmp.Or(l.Bytes, 64<<30),
		TagBytes: cmp.Or(l.TagBytes, MostTagBytes),
		Findings: cmp.Or(l.Findings, 1000),
	}
}
