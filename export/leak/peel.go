package leak

import (
	"bytes"
	"iter"
	"slices"
)

// A peel yields what lies under one layer of data.
type peel struct {
	name string
	peel func(data []byte) iter.Seq[[]byte]
	// last says that nothing lies under it: pixels are no text.
	last bool
}

var peels = []peel{
	{name: "hexadecimal", peel: peelHex},
	{name: "Base64", peel: peelBase64},
	{name: "escapes", peel: peelEscapes},
	{name: "UTF-16", peel: peelUTF16},
	{name: "zlib", peel: peelZlib},
	{name: "gzip", peel: peelGzip},
	{name: "ZIP", peel: peelZIP},
	{name: "PNG pixels", peel: peelPixels, last: true},
	{name: "PDF text", peel: peelPDFText},
	{name: "PDF pixels", peel: peelPDFPixels, last: true},
}

// The shortest runs that can hold what is looked for.
const (
	hexRun    = 2 * prefix
	base64Run = (prefix*4 + 2) / 3
	utf16Run  = prefix
)

// Values of characters; skip is for what may stand between them, stop for all
// others.
const (
	skip = 0xfe
	stop = 0xff
)

var (
	hexValue = values("0123456789abcdef", "-: ", func(i int) byte { return byte(i) })
	// base64Value knows both alphabets of RFC 4648.
	base64Value = values("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "\r\n",
		func(i int) byte { return byte(i) })
)

func values(alphabet, between string, value func(int) byte) *[256]byte {
	t := tableOf(func(byte) byte { return stop })
	for i, c := range []byte(alphabet) {
		t[c] = value(i)
	}
	for _, c := range []byte(between) {
		t[c] = skip
	}
	if len(alphabet) == 16 {
		for i, c := range []byte("ABCDEF") {
			t[c] = value(10 + i)
		}
	} else {
		t['-'], t['_'] = 62, 63
	}
	return t
}

// runs yields the values of the characters of every run of at least so many.
func runs(data []byte, table *[256]byte, least int) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		var run []byte
		for _, b := range data {
			switch v := table[b]; v {
			case skip:
			case stop:
				if len(run) >= least && !yield(run) {
					return
				}
				run = run[:0]
			default:
				run = append(run, v)
			}
		}
		if len(run) >= least {
			yield(run)
		}
	}
}

// peelHex takes hexadecimal digits, also with hyphens, colons or blanks between
// them, from either of the first two on.
func peelHex(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for run := range runs(data, hexValue, hexRun) {
			for skipped := range 2 {
				digits := run[skipped:]
				out := make([]byte, len(digits)/2)
				for i := range out {
					out[i] = digits[2*i]<<4 | digits[2*i+1]
				}
				if !yield(out) {
					return
				}
			}
		}
	}
}

// peelBase64 takes Base64 from each of the first four characters on, for nobody
// says where a group begins.
func peelBase64(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for run := range runs(data, base64Value, base64Run) {
			for skipped := range 4 {
				if !yield(decodeBase64(run[skipped:])) {
					return
				}
			}
		}
	}
}

func decodeBase64(digits []byte) []byte {
	out := make([]byte, 0, len(digits)*3/4+3)
	for group := range slices.Chunk(digits, 4) {
		var v uint32
		for i := range 4 {
			v <<= 6
			if i < len(group) {
				v |= uint32(group[i])
			}
		}
		out = append(out, byte(v>>16), byte(v>>8), byte(v))
	}
	return out[:len(digits)*3/4]
}

// peelUTF16 takes runs of ASCII in UTF-16 of either byte order: characters with
// a zero between them.
func peelUTF16(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if !bytes.Contains(data, []byte{0}) {
			return
		}
		for start := range min(2, len(data)) {
			for run := range spaced(data[start:]) {
				if !yield(run) {
					return
				}
			}
		}
	}
}

// spaced yields runs of characters with a zero behind each but the last.
func spaced(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		var run []byte
		for pair := range slices.Chunk(data, 2) {
			if pair[0] != 0 {
				run = append(run, pair[0])
				if len(pair) == 2 && pair[1] == 0 {
					continue
				}
			}
			if len(run) >= utf16Run && !yield(run) {
				return
			}
			run = run[:0]
		}
		if len(run) >= utf16Run {
			yield(run)
		}
	}
}
