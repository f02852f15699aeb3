package export

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ErrText says that a PNG cannot carry a text.
var ErrText = errors.New("not a PNG text")

// maxText is the most bytes that the value of a text may have. Readers of PNG
// commonly refuse text chunks of more than some megabytes.
const maxText = 1 << 20

// A Text is a keyword and a value that a PNG carries.
type Text struct {
	// Keyword is 1 to 79 characters of printable Latin-1, with no space at
	// either end and no two in a row.
	Keyword string
	// Value is UTF-8 without NUL, of at most 1 MiB, with line feeds between
	// lines.
	Value string
}

// textChunks returns the chunks of a PNG that hold text: tEXt where the value
// is Latin-1, and iTXt, not compressed, otherwise
// (https://www.w3.org/TR/png-3/#11textinfo).
func textChunks(text []Text) ([]byte, error) {
	var chunks []byte
	for _, t := range text {
		key, err := keyword(t.Keyword)
		if err != nil {
			return nil, err
		}
		if err := t.valid(); err != nil {
			return nil, err
		}
		if value, ok := latin1(t.Value); ok {
			chunks = appendChunk(chunks, "tEXt", append(append(key, 0), value...))
			continue
		}
		// A NUL each ends the keyword, says that the text is not compressed, by
		// no method, and ends the empty language and translated keyword.
		chunks = appendChunk(chunks, "iTXt", append(append(key, 0, 0, 0, 0, 0), t.Value...))
	}
	return chunks, nil
}

func (t Text) valid() error {
	switch {
	case len(t.Value) > maxText:
		return fmt.Errorf("%w: %s has %d bytes, more than %d", ErrText, t.Keyword, len(t.Value), maxText)
	case !utf8.ValidString(t.Value):
		return fmt.Errorf("%w: %s is not UTF-8", ErrText, t.Keyword)
	case strings.ContainsRune(t.Value, 0):
		return fmt.Errorf("%w: %s holds a NUL", ErrText, t.Keyword)
	}
	return nil
}

// keyword returns k in Latin-1.
func keyword(k string) ([]byte, error) {
	key, ok := latin1(k)
	spaces := strings.HasPrefix(k, " ") || strings.HasSuffix(k, " ") || strings.Contains(k, "  ")
	if !ok || len(key) == 0 || len(key) > 79 || spaces {
		return nil, fmt.Errorf("%w: keyword %.100q", ErrText, k)
	}
	for _, c := range key {
		if c < ' ' || c > '~' && c < 0xa1 {
			return nil, fmt.Errorf("%w: keyword %.100q", ErrText, k)
		}
	}
	return key, nil
}

// latin1 returns s in Latin-1, if it can be written so. PNG allows no control
// character there but the line feed.
func latin1(s string) ([]byte, bool) {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff || r < ' ' && r != '\n' || r > '~' && r < 0xa0 {
			return nil, false
		}
		b = append(b, byte(r)) //nolint:gosec // checked above
	}
	return b, true
}
