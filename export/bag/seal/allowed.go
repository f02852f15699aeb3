package seal

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

// maxAllowed is how long a list of allowed signers may be: some 30,000 keys.
const maxAllowed = 4 << 20

// AllowedSigners says whose signatures count, and for what and when. It is a file
// of allowed signers as ssh-keygen(1) describes it.
type AllowedSigners struct {
	lines []allowed
}

// allowed is one line. A zero time is no bound.
type allowed struct {
	line       int
	principals string
	namespaces string // any where empty
	after      time.Time
	before     time.Time
	authority  bool
	key        ssh.PublicKey
}

// AllowedOptions are the options of [ParseAllowedSigners]; the zero value is ready
// to use.
type AllowedOptions struct {
	// Zone is the time zone of valid-after and valid-before where they do not
	// end in Z: UTC where nil. To ssh-keygen it is that of the machine, so write
	// the Z.
	Zone *time.Location
}

// ParseAllowedSigners reads a list of allowed signers. A line that cannot be read
// is an error, a [*LineError], and not passed over: it might have been the one
// that limits a key.
func ParseAllowedSigners(text []byte, o AllowedOptions) (*AllowedSigners, error) {
	if len(text) > maxAllowed {
		return nil, fmt.Errorf("the list of allowed signers is longer than %d bytes", maxAllowed)
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	list := &AllowedSigners{}
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		line = strings.Trim(line, " \t\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		entry, err := parseAllowed(line, o.Zone)
		if err != nil {
			return nil, &LineError{Line: number, Reason: err.Error()}
		}
		entry.line = number
		list.lines = append(list.lines, entry)
	}
	return list, nil
}

// parseAllowed reads PRINCIPALS [OPTIONS] TYPE KEY [COMMENT].
func parseAllowed(line string, zone *time.Location) (allowed, error) {
	var entry allowed
	principals, rest, err := field(line)
	if err != nil {
		return entry, err
	}
	if entry.principals = strings.TrimPrefix(principals, `"`); entry.principals != principals {
		entry.principals = strings.TrimSuffix(entry.principals, `"`)
	}
	if entry.principals == "" {
		return entry, fmt.Errorf("no name before the key")
	}
	first, afterFirst, err := field(rest)
	if err != nil {
		return entry, err
	}
	if keyType(first) {
		entry.key, err = parsePublic(first, afterFirst)
		return entry, err
	}
	if err := entry.parseOptions(first, zone); err != nil {
		return entry, err
	}
	kind, blob, err := field(afterFirst)
	if err != nil {
		return entry, err
	}
	entry.key, err = parsePublic(kind, blob)
	return entry, err
}

// field cuts the first word off a line. Blanks within quotation marks do not end
// it, nor does a quotation mark after a backslash end the quotation.
func field(line string) (word, rest string, err error) {
	quoted := false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && i+1 < len(line) && line[i+1] == '"':
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ' ' || c == '\t'):
			return line[:i], strings.TrimLeft(line[i:], " \t"), nil
		}
	}
	if quoted {
		return "", "", fmt.Errorf("a quotation mark is not closed")
	}
	return line, "", nil
}

// keyType reports whether the word is the name of a type of keys, which no option
// begins like.
func keyType(word string) bool {
	return strings.HasPrefix(word, "ssh-") || strings.HasPrefix(word, "sk-") || strings.HasPrefix(word, "ecdsa-")
}

func parsePublic(kind, rest string) (ssh.PublicKey, error) {
	letters, _, err := field(rest)
	if err != nil {
		letters, _, _ = strings.Cut(rest, " ") // the quotation mark is the comment's
	}
	if kind == "" || letters == "" {
		return nil, fmt.Errorf("no public key")
	}
	blob, err := base64.StdEncoding.DecodeString(letters)
	if err != nil {
		return nil, fmt.Errorf("the public key is not Base64")
	}
	key, err := ssh.ParsePublicKey(blob)
	if err != nil {
		return nil, fmt.Errorf("the public key cannot be read: %s", quiet(err))
	}
	if key.Type() != kind {
		return nil, fmt.Errorf("the public key is not of the type that is written before it, %s", quote(kind))
	}
	if _, ok := key.(*ssh.Certificate); ok {
		return nil, fmt.Errorf("a certificate stands where a key should: give the key of the authority")
	}
	return key, nil
}
