package leak

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
)

// A Kind says how a secret is looked for.
type Kind int

// The kinds of secrets.
const (
	// Text is found whole, in any ASCII case, and where it is a UUID also by its
	// sixteen bytes.
	Text Kind = iota
	// Digest is found by its first eight bytes.
	Digest
	// Blob is found by any 63 bytes of it.
	Blob
	// Pixels, as [RGB] returns them, are found by any 63 pixels in a row: fewer
	// are alike by chance in a smooth picture and in the same one made smaller.
	Pixels
)

// A Secret is something that no file may hold.
type Secret struct {
	// Name says what it is, such as "session id"; never the secret itself.
	Name string
	Kind Kind
	Data []byte
}

// A Leak is a secret that was found.
type Leak struct {
	// File is what the caller called the file.
	File string
	// Secret is the secret's name.
	Secret string
	// Under says what had to be peeled off, the outermost first, such as
	// "PNG pixels" or "zlib, Base64"; "" for nothing.
	Under string
	// Offset is where it begins in what was found under that.
	Offset int
}

// String says what was found where.
func (l Leak) String() string {
	if l.Under == "" {
		return fmt.Sprintf("%s: %s at byte %d", l.File, l.Secret, l.Offset)
	}
	return fmt.Sprintf("%s: %s at byte %d (under %s)", l.File, l.Secret, l.Offset, l.Under)
}

// ErrTooMuch says that a file unpacks to more than is looked at, and so cannot
// be called clean.
var ErrTooMuch = errors.New("unpacks to too much to be searched")

// Sizes, in bytes.
const (
	prefix      = 6  // of a pattern, by which it is looked up
	digestBytes = 8  // of a digest, that are looked for
	blobBlock   = 32 // of a blob's blocks
	pixelBlock  = 96 // of those of pixels
)

// A Scanner looks for secrets. It is safe for concurrent use.
type Scanner struct {
	names   []string
	exact   index // bytes as they are
	folded  index // letters in lower case
	skipped []Secret
	budget  int // bytes of one file with all that it unpacks to
}

// New returns a scanner for secrets. Blocks of blobs and pixels that occur in public,
// which is meant to be seen, are no secret. A text or digest of less than six bytes is
// not looked for, since it would be found by chance: see [Scanner.Skipped].
func New(secrets []Secret, public ...[]byte) *Scanner {
	s := &Scanner{exact: newIndex(), folded: newIndex(), budget: most}
	shown := blocksOf(secrets, public)
	for _, secret := range secrets {
		if len(secret.Data) < prefix {
			s.skipped = append(s.skipped, secret)
			continue
		}
		number := len(s.names)
		s.names = append(s.names, secret.Name)
		switch secret.Kind {
		case Text:
			s.addText(string(secret.Data), number)
		case Digest:
			s.exact.add(secret.Data[:min(digestBytes, len(secret.Data))], number)
		case Blob, Pixels:
			for block := range secret.blocks() {
				if !shown[string(block)] {
					s.exact.add(block, number)
				}
			}
		}
	}
	return s
}

// Skipped returns the secrets that are too short to be looked for.
func (s *Scanner) Skipped() []Secret { return s.skipped }

func (s *Scanner) addText(text string, number int) {
	s.folded.add(fold([]byte(text)), number)
	if raw, err := hex.DecodeString(strings.ReplaceAll(text, "-", "")); err == nil && len(raw) >= digestBytes {
		s.exact.add(raw, number)
	}
	// ASCII in UTF-16 is peeled; the rest has to be looked for as it is.
	for _, r := range text {
		if r < 0x80 {
			continue
		}
		var little, big []byte
		for _, u := range utf16.Encode([]rune(text)) {
			little = binary.LittleEndian.AppendUint16(little, u)
			big = binary.BigEndian.AppendUint16(big, u)
		}
		s.exact.add(little, number)
		s.exact.add(big, number)
		return
	}
}

// Scan looks for the secrets in a file. Each is reported once. It fails with [ErrTooMuch] where not all could be looked
// at.
func (s *Scanner) Scan(file string, data []byte) ([]Leak, error) {
	w := &walk{scanner: s, file: file, seen: map[int]bool{}, budget: s.budget}
	w.look(data, "", 0)
	if w.budget < 0 {
		return w.leaks, fmt.Errorf("%s: %w", file, ErrTooMuch)
	}
	return w.leaks, nil
}
