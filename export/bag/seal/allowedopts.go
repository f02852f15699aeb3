package seal

import (
	"fmt"
	"strings"
	"time"
)

// parseOptions reads the options of a line, separated by commas: cert-authority,
// namespaces="LIST", valid-after="TIME" and valid-before="TIME". Their names are
// not case-sensitive; each may stand once.
func (a *allowed) parseOptions(word string, zone *time.Location) error {
	seen := map[string]bool{}
	for word != "" {
		option, rest := cutOption(word)
		name, value, valued := strings.Cut(option, "=")
		name = strings.ToLower(name)
		if seen[name] {
			return fmt.Errorf("the option %s stands twice", quote(name))
		}
		seen[name] = true
		if err := a.set(name, value, valued, zone); err != nil {
			return err
		}
		word = rest
	}
	if !a.after.IsZero() && !a.before.IsZero() && !a.before.After(a.after) {
		return fmt.Errorf("valid-before is not after valid-after")
	}
	return nil
}

// cutOption cuts the first option off, up to a comma outside quotation marks.
func cutOption(word string) (option, rest string) {
	quoted := false
	for i := 0; i < len(word); i++ {
		switch {
		case word[i] == '\\' && i+1 < len(word) && word[i+1] == '"':
			i++
		case word[i] == '"':
			quoted = !quoted
		case word[i] == ',' && !quoted:
			return word[:i], word[i+1:]
		}
	}
	return word, ""
}

func (a *allowed) set(name, value string, valued bool, zone *time.Location) error {
	if name == "cert-authority" && !valued {
		a.authority = true
		return nil
	}
	text, err := unquote(value)
	switch name {
	case "namespaces", "valid-after", "valid-before":
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	default:
		return fmt.Errorf("unknown option %s", quote(name))
	}
	switch name {
	case "namespaces":
		a.namespaces = text
	case "valid-after":
		a.after, err = parseTime(text, zone)
	case "valid-before":
		a.before, err = parseTime(text, zone)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// unquote takes the quotation marks off a value, which must have them.
func unquote(value string) (string, error) {
	inner, ok := strings.CutPrefix(value, `"`)
	if !ok || !strings.HasSuffix(inner, `"`) {
		return "", fmt.Errorf("the value needs quotation marks")
	}
	inner = strings.ReplaceAll(inner[:len(inner)-1], `\"`, `"`)
	if inner == "" {
		return "", fmt.Errorf("the value is empty")
	}
	return inner, nil
}

// parseTime reads YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, with Z or UTC after it
// where it is not in the zone.
func parseTime(text string, zone *time.Location) (time.Time, error) {
	digits := text
	for _, suffix := range []string{"Z", "UTC"} {
		if n := len(text) - len(suffix); n > 0 && strings.EqualFold(text[n:], suffix) {
			digits, zone = text[:n], time.UTC
		}
	}
	for _, layout := range []string{"20060102", "200601021504", "20060102150405"} {
		if len(layout) != len(digits) {
			continue
		}
		if t, err := time.ParseInLocation(layout, digits, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%s is no time like 20260131, 202601311200 or 20260131120000Z", quote(text))
}
