package decode

import "bytes"

// repair returns data with what programs and people most often do to JSON put
// right, or nil where there is nothing of the kind: Python and Go write NaN and
// Infinity without quotes, and Base64 that was wrapped by a command has line
// breaks in its string.
func repair(data []byte) []byte {
	out := make([]byte, 0, len(data)+64)
	quoted, changed := false, false
	for i := 0; i < len(data); i++ {
		c := data[i]
		switch {
		case quoted && c == '\\' && i+1 < len(data):
			out = append(out, c, data[i+1])
			i++
			continue
		case c == '"':
			quoted = !quoted
		case quoted && (c == '\n' || c == '\r'):
			c, changed = ' ', true
		case !quoted && (c == 'N' || c == 'I' || c == '-'):
			if word := bareNumber(data[i:]); word != "" {
				out = append(append(append(out, '"'), word...), '"')
				i += len(word) - 1
				changed = true
				continue
			}
		}
		out = append(out, c)
	}
	if !changed {
		return nil
	}
	return out
}

// bareNumber returns the number that JSON does not have with which data
// starts, "" for none.
func bareNumber(data []byte) string {
	for _, word := range []string{"NaN", "Infinity", "-Infinity"} {
		if bytes.HasPrefix(data, []byte(word)) {
			return word
		}
	}
	return ""
}
