package pdf

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"unicode/utf16"
)

// A file writes the objects of a PDF (ISO 32000-1, section 7.5) one by one, and
// remembers where each begins. After an error it writes nothing.
type file struct {
	w       io.Writer
	written int64
	offsets []int64 // by object number - 1; 0 for those not written yet
	sum     hash.Hash
	err     error
}

func newFile(w io.Writer) *file {
	f := &file{w: w, sum: sha256.New()}
	// The bytes above 127 tell programs that the file is not text.
	f.print("%%PDF-1.7\n%%\xe2\xe3\xcf\xd3\n")
	return f
}

func (f *file) print(format string, args ...any) { f.write(fmt.Appendf(nil, format, args...)) }

func (f *file) write(b []byte) {
	if f.err != nil {
		return
	}
	f.sum.Write(b)
	var n int
	n, f.err = f.w.Write(b)
	f.written += int64(n)
}

// reserve returns the number of an object that is to be written later.
func (f *file) reserve() int {
	f.offsets = append(f.offsets, 0)
	return len(f.offsets)
}

// object writes an object under a number that was reserved.
func (f *file) object(number int, body string) {
	f.offsets[number-1] = f.written
	f.print("%d 0 obj\n%s\nendobj\n", number, body)
}

// add writes an object and returns its number.
func (f *file) add(body string) int {
	n := f.reserve()
	f.object(n, body)
	return n
}

// stream writes a stream and returns its number. The entries are those of its
// dictionary but for the length.
func (f *file) stream(entries string, data []byte) int {
	n := f.reserve()
	f.offsets[n-1] = f.written
	f.print("%d 0 obj\n<< %s /Length %d >>\nstream\n", n, entries, len(data))
	f.write(data)
	f.print("\nendstream\nendobj\n")
	return n
}

// finish writes the table of objects and the trailer.
func (f *file) finish(catalog, info int) error {
	at := f.written
	id := f.sum.Sum(nil)[:16]
	f.print("xref\n0 %d\n0000000000 65535 f \n", len(f.offsets)+1)
	for _, o := range f.offsets {
		f.print("%010d 00000 n \n", o)
	}
	f.print("trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%x> <%x>] >>\nstartxref\n%d\n%%%%EOF\n",
		len(f.offsets)+1, catalog, info, id, id, at)
	return f.err
}

// textString returns s as a PDF text string (section 7.9.2.2): UTF-16 in
// hexadecimal, which has nothing to escape.
func textString(s string) string {
	var b bytes.Buffer
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	b.WriteString(">")
	return b.String()
}
