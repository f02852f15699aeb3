package decode

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"net/url"
	"strings"
)

// base64 decodes Base64 of either alphabet, padded or not, on one line or many.
func (d *byteReader) base64(text []byte, depth int) error {
	if size := int64(base64.RawStdEncoding.DecodedLen(len(text))); size > 2*d.limit+2 {
		return &LimitError{Limit: LimitImageBytes, Got: size, Max: d.limit}
	}
	d.encoding = encBase64
	data, err := base64.StdEncoding.AppendDecode(d.buf, text)
	d.buf = nil // what is in it may have to be decoded again
	if err != nil {
		if data, err = d.looseBase64(text); err != nil {
			return err
		}
	}
	d.data = data
	if c, _ := sniff(data); c != nil || !encodedAgain(data) {
		return nil
	}
	before := d.inline
	d.inline = inline{problems: before.problems}
	if err := d.text(data, depth+1); err != nil {
		d.inline = before
		return nil
	}
	if d.encoding == encBase64 {
		d.as(encTwice, "Base64 of Base64")
	} else {
		d.note("all of it is in Base64 once more")
	}
	return nil
}

// looseBase64 decodes what is Base64 but for its form.
func (d *byteReader) looseBase64(text []byte) ([]byte, error) {
	if err := refuseText(text); err != nil {
		return nil, err
	}
	clean, notes := text, []string(nil)
	if bytes.IndexByte(text, '%') >= 0 {
		if s, err := url.PathUnescape(string(text)); err == nil {
			clean, notes = []byte(s), append(notes, "percent-encoded")
		}
	}
	if bytes.IndexByte(clean, '&') >= 0 {
		clean, notes = []byte(html.UnescapeString(string(clean))), append(notes, "escaped as in HTML")
	}
	clean, spaces := spaceless(clean)
	notes = append(notes, spaces...)
	if bytes.ContainsAny(clean, "-_") {
		if bytes.ContainsAny(clean, "+/") {
			return nil, fmt.Errorf("%w: Base64 of both alphabets at once", ErrEncoding)
		}
		clean = bytes.Map(standard, clean)
		d.encoding, notes = encBase64URL, append(notes, "of the URL-safe alphabet")
	}
	body := bytes.TrimRight(clean, "=")
	if padding := len(clean) - len(body); padding == 0 && len(body)%4 != 0 {
		notes = append(notes, "without padding")
	} else if padding > 2 {
		return nil, notBase64(text)
	}
	data, err := base64.RawStdEncoding.AppendDecode(nil, body)
	if err != nil {
		return nil, notBase64(text)
	}
	if len(notes) > 0 {
		d.note("the bytes are written as Base64 " + strings.Join(notes, ", "))
	}
	return data, nil
}

// notBase64 says what a string is that is not Base64.
func notBase64(text []byte) error {
	for i, c := range text {
		if !inBase64[c] && !inSpace[c] {
			return fmt.Errorf("%w: not Base64: %q at character %d of %d, which starts %s",
				ErrEncoding, c, i+1, len(text), printable(string(text[:min(len(text), 24)])))
		}
	}
	return fmt.Errorf("%w: not Base64: %d characters, which is not the length of any", ErrEncoding, len(text))
}

// spaceless takes white space out. A space may also be all that is left of a
// plus sign that came through a web form: then it stands anywhere, while the
// lines of wrapped text have one length.
func spaceless(text []byte) ([]byte, []string) {
	lines := bytes.Fields(text)
	if len(lines) < 2 {
		return bytes.TrimSpace(text), nil
	}
	wrapped := true
	for _, line := range lines[:len(lines)-1] {
		wrapped = wrapped && len(line) == len(lines[0])
	}
	if !wrapped && !bytes.ContainsAny(text, "+\t\r\n") {
		return bytes.ReplaceAll(text, []byte(" "), []byte("+")), []string{"with spaces in place of plus signs"}
	}
	return bytes.Join(lines, nil), []string{"with white space"}
}

// standard maps the URL-safe alphabet to the standard one.
func standard(c rune) rune {
	switch c {
	case '-':
		return '+'
	case '_':
		return '/'
	}
	return c
}

// encodedAgain reports whether data, which came out of Base64, is text that
// image bytes are written in once more.
func encodedAgain(data []byte) bool {
	return hasAnyPrefix(data, "/9j/", "_9j_", "iVBOR", "UklGR", "data:image", "255,216", "137,80", "82,73",
		"ffd8ff", "FFD8FF", `{"type":"Buffer"`, `{"0":`, "[255", "[137", "[82", "[-1")
}

// isHex reports whether text is the hexadecimal form of an image, as far as its
// first bytes tell: hexadecimal digits could be Base64 too.
func isHex(text []byte) bool {
	return hasAnyPrefix(bytes.ToLower(text[:min(len(text), 16)]),
		"ffd8ff", "ff d8 ff", "ff:d8:ff", "89504e47", "89 50 4e 47", "52494646", "52 49 46 46",
		"0xffd8ff", "0x89504e47", "0x52494646", `\xffd8ff`, `\x89504e47`, `\x52494646`)
}

func (d *byteReader) hex(text []byte) error {
	text = bytes.TrimPrefix(bytes.TrimPrefix(bytes.TrimPrefix(text, []byte("0x")), []byte("0X")), []byte(`\x`))
	text = bytes.ReplaceAll(bytes.Join(bytes.Fields(text), nil), []byte(":"), nil)
	if size := int64(len(text) / 2); size > d.limit {
		return &LimitError{Limit: LimitImageBytes, Got: size, Max: d.limit}
	}
	data, err := hex.AppendDecode(nil, text)
	if err != nil {
		if refused := refuseText(text); refused != nil {
			return refused
		}
		return fmt.Errorf("%w: hexadecimal digits: %w", ErrEncoding, err)
	}
	d.data = data
	return nil
}

// looksLikeInts reports whether text starts as a list of the bytes of an image
// does.
func looksLikeInts(text []byte) bool {
	head := bytes.TrimLeft(text[:min(len(text), 32)], "[ ")
	for _, start := range []string{
		"255,216,", "255, 216,", "-1,-40,", "-1, -40,", "137,80,", "137, 80,", "-119,80,",
		"-119, 80,", "82,73,70,", "82, 73, 70,", "255 216 255", "137 80 78",
	} {
		if bytes.HasPrefix(head, []byte(start)) {
			return true
		}
	}
	return false
}

// numbers decodes numbers with commas or white space between them.
func (d *byteReader) numbers(text []byte) error {
	signed := bytes.IndexByte(text, '-') >= 0
	// A number takes two characters at least, with what follows it.
	out := make([]byte, 0, min(int64(len(text)/2+1), d.limit+1))
	for i := 0; i < len(text); {
		if c := text[i]; c == ',' || inSpace[c] {
			i++
			continue
		}
		n, size := smallInt(text[i:])
		if size == 0 || n > 255 || signed && n > 127 || n < -128 {
			if refused := refuseText(text); refused != nil {
				return refused
			}
			return fmt.Errorf("%w: %s is not a byte", ErrEncoding, printable(string(text[i:min(i+12, len(text))])))
		}
		if out = append(out, byte(n)); int64(len(out)) > d.limit {
			return within(LimitImageBytes, int64(len(out)), d.limit)
		}
		i += size
	}
	if signed && d.encoding == encInts {
		d.encoding = encSigned
	}
	d.data = out
	return nil
}

// smallInt reads an integer of at most three digits, and a fraction of zeros,
// that ends with the text, a comma or white space. It returns its length, zero
// for none.
func smallInt(text []byte) (n, size int) {
	i, sign := 0, 1
	if len(text) > 0 && text[0] == '-' {
		i, sign = 1, -1
	}
	start := i
	for ; i < len(text) && i < start+3 && text[i] >= '0' && text[i] <= '9'; i++ {
		n = 10*n + int(text[i]-'0')
	}
	if i == start {
		return 0, 0
	}
	if i+1 < len(text) && text[i] == '.' && text[i+1] == '0' {
		i += 2
	}
	if i < len(text) && text[i] != ',' && !inSpace[text[i]] {
		return 0, 0
	}
	return sign * n, i
}

// keyed decodes {"0":255,"1":216,…}. The order of the names does not matter:
// some programs sort them as text.
func (d *byteReader) keyed(raw []byte) error {
	count := bytes.Count(raw, []byte(":"))
	if int64(count) > d.limit {
		return within(LimitImageBytes, int64(count), d.limit)
	}
	out, seen := make([]byte, count), make([]bool, count)
	for pair := range bytes.SplitSeq(raw[1:len(raw)-1], []byte(",")) {
		name, value, _ := bytes.Cut(pair, []byte(":"))
		at, ok := index(bytes.Trim(bytes.TrimSpace(name), `"`))
		n, size := smallInt(bytes.Trim(bytes.TrimSpace(value), `"`))
		if !ok || size == 0 || n < -128 || n > 255 {
			return fmt.Errorf("%w: %s is not a number and a byte", ErrEncoding, printable(string(pair)))
		}
		if at >= count || seen[at] {
			return fmt.Errorf("%w: bytes are missing: there are %d, and one is called %d", ErrEncoding, count, at)
		}
		out[at], seen[at] = byte(n), true
	}
	d.data = out
	return nil
}

// index reads a number of at most nine digits.
func index(text []byte) (int, bool) {
	if len(text) == 0 || len(text) > 9 || digits(string(text)) != len(text) {
		return 0, false
	}
	n := 0
	for _, c := range text {
		n = 10*n + int(c-'0')
	}
	return n, true
}

// isLatin1 reports whether text is an image whose bytes were read as Latin-1.
func isLatin1(text []byte) bool {
	return hasAnyPrefix(text, "\u00ff\u00d8\u00ff", "\u0089PNG", "RIFF")
}

func (d *byteReader) latin1(text []byte) error {
	var out []byte
	for _, c := range string(text) {
		if c > 0xff {
			return refuseText([]byte("\ufffd"))
		}
		out = append(out, byte(c)) //nolint:gosec // checked above
	}
	d.data = out
	return within(LimitImageBytes, int64(len(out)), d.limit)
}
