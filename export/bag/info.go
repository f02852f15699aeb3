package bag

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ErrInfo says that a field cannot stand in bag-info.txt.
var ErrInfo = errors.New("unusable field of bag-info.txt")

// A Field is a line of bag-info.txt. Labels may repeat; their case does not
// matter.
type Field struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// oxum is the field with the number of the payload's bytes, a dot, and that of
// its files.
const oxum = "Payload-Oxum"

// Check reports, as an [ErrInfo], why f cannot be written. A value is one line.
func (f Field) Check() error {
	switch {
	case f.Label == "" || strings.TrimSpace(f.Label) != f.Label || strings.Contains(f.Label, ":"):
		return fmt.Errorf("%w: %+.40q is no label: it is empty, has a colon, or spaces around it", ErrInfo, f.Label)
	case !oneLine(f.Label):
		return fmt.Errorf("%w: label %+.40q has control characters", ErrInfo, f.Label)
	case strings.EqualFold(f.Label, oxum):
		return fmt.Errorf("%w: %s is computed", ErrInfo, oxum)
	case !oneLine(f.Value):
		return fmt.Errorf("%w: %s: %+.40q is not one line of text", ErrInfo, f.Label, f.Value)
	case strings.TrimSpace(f.Value) != f.Value:
		return fmt.Errorf("%w: %s: %+.40q has spaces around it", ErrInfo, f.Label, f.Value)
	}
	return nil
}

// oneLine reports whether s is text without control characters and without
// those that make text read otherwise than it stands.
func oneLine(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
	})
}

// Lookup returns the value of the first field with a label, and whether there
// is one.
func Lookup(fields []Field, label string) (string, bool) {
	for _, f := range fields {
		if strings.EqualFold(f.Label, label) {
			return f.Value, true
		}
	}
	return "", false
}

func formatInfo(fields []Field) []byte {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(f.Label + ": " + f.Value + "\n")
	}
	return []byte(b.String())
}

// ParseInfo reads a bag-info.txt in UTF-8, in its order. Lines that are none are
// left out; [Verify] finds them.
func ParseInfo(data []byte) []Field {
	t, _, _ := newText(data, "UTF-8")
	fields, _ := parseInfo(t.lines)
	return fields
}

// parseInfo reads the lines of bag-info.txt. A line that begins with a space
// continues the one before. It returns the number of the first line that is
// neither, 0 if there is none.
func parseInfo(lines []string) (fields []Field, bad int) {
	for i, line := range lines {
		switch label, value, ok := strings.Cut(line, ":"); {
		case strings.TrimSpace(line) == "":
		case (line[0] == ' ' || line[0] == '\t') && len(fields) > 0:
			fields[len(fields)-1].Value += " " + strings.TrimSpace(line)
		case ok:
			fields = append(fields, Field{strings.TrimSpace(label), strings.TrimSpace(value)})
		case bad == 0:
			bad = i + 1
		}
	}
	return fields, bad
}
