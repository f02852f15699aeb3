package decode

import (
	"io"
	"iter"
)

// Options say how [Sessions] reads a document. Nil means the zero Options.
type Options struct {
	// Name is what the document is called in sessions and messages.
	Name string
	// Limits bound the document.
	Limits Limits
	// Bytes is how many bytes the document has, where that is known; it need not
	// be right. Memory for it is then taken at once.
	Bytes int64
}

// mostAtOnce is the size of a document above which it is likely to hold many
// sessions, which are not held at once.
const mostAtOnce = 8 << 20

// Sessions reads the sessions of a document: JSON or YAML, one session or many,
// wrapped in whatever a program has put around them, JSON Lines, a log with
// JSON in it, compressed or not. A document of any length is read in bounded
// memory, as long as no session in it is over the limits.
//
// What cannot be read comes as a [*DocumentError] in its place, and the
// sessions after it still come. A document without any session is an error.
// Sessions looks one text ahead, so from a pipe a session comes when the next
// one starts or the pipe is closed.
func Sessions(r io.Reader, opts *Options) iter.Seq2[*Session, error] {
	if opts == nil {
		opts = &Options{}
	}
	return func(yield func(*Session, error) bool) {
		limits := opts.Limits.OrDefault()
		e := &engine{name: opts.Name, limits: limits, yield: yield, reader: reader{limits: limits}}
		if 0 < opts.Bytes && opts.Bytes <= mostAtOnce {
			e.size = int(opts.Bytes)
		}
		e.run(r)
	}
}
