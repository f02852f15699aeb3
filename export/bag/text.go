package bag

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A text is a tag file, decoded and cut into lines.
type text struct {
	lines []string
	// What is peculiar about it.
	bom, otherEndings, unended bool
}

// newText decodes a tag file; it reports whether the encoding is known, and
// whether the bytes are in it.
func newText(data []byte, encoding string) (t text, known, ok bool) {
	s, bom, known, ok := decodeText(data, encoding)
	if !known || !ok {
		return text{}, known, ok
	}
	t = text{bom: bom, otherEndings: strings.Contains(s, "\r"), unended: s != "" && s[len(s)-1] != '\n'}
	if t.otherEndings {
		t.unended = t.unended && s[len(s)-1] != '\r'
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	if s = strings.TrimSuffix(s, "\n"); s != "" {
		t.lines = strings.Split(s, "\n")
	}
	return t, true, true
}

// decodeText returns data as UTF-8, without a byte order mark.
func decodeText(data []byte, encoding string) (s string, bom, known, ok bool) {
	switch strings.ToUpper(encoding) {
	case "UTF-8", "UTF8":
		rest, bom := bytes.CutPrefix(data, []byte("\xef\xbb\xbf"))
		return string(rest), bom, true, utf8.Valid(rest)
	case "US-ASCII", "ASCII":
		return string(data), false, true, bytes.IndexFunc(data, func(r rune) bool { return r > '\x7f' }) < 0
	case "ISO-8859-1", "LATIN1":
		r := make([]rune, len(data))
		for i, b := range data {
			r[i] = rune(b)
		}
		return string(r), false, true, true
	case "UTF-16":
		if bytes.HasPrefix(data, []byte("\xff\xfe")) {
			s, ok = decodeUTF16(data[2:], binary.LittleEndian)
			return s, false, true, ok // UTF-16 begins with a mark, as it should
		}
		s, ok = decodeUTF16(bytes.TrimPrefix(data, []byte("\xfe\xff")), binary.BigEndian)
		return s, false, true, ok
	case "UTF-16BE":
		return marked(decodeUTF16(data, binary.BigEndian))
	case "UTF-16LE":
		return marked(decodeUTF16(data, binary.LittleEndian))
	}
	return "", false, false, false
}

// marked is what decodeText returns of text that may begin with a mark.
func marked(s string, ok bool) (rest string, bom, known, valid bool) {
	rest, bom = strings.CutPrefix(s, "\ufeff")
	return rest, bom, true, ok
}

// decodeUTF16 returns UTF-16 as UTF-8, and whether it is without halves of
// characters.
func decodeUTF16(data []byte, order binary.ByteOrder) (string, bool) {
	if len(data)%2 != 0 {
		return "", false
	}
	units := make([]uint16, len(data)/2)
	replaced := 0
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
		if units[i] == utf8.RuneError {
			replaced++
		}
	}
	s := string(utf16.Decode(units))
	return s, strings.Count(s, string(utf8.RuneError)) == replaced
}
