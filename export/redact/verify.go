package redact

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// OpeningSchema is the name of the shape of a file of openings.
const OpeningSchema = "lvtool.opening/1"

// Openings are what a holder keeps to prove what copies were made of. It names
// the sessions: it does not go with the copies.
type Openings struct {
	Schema   string    `json:"schema"`
	Openings []Opening `json:"openings"`
}

// An Opening opens the commitment of one copy.
type Opening struct {
	// Copy is the id of the copy, and its folder's name.
	Copy string `json:"copy"`
	// Session is the real session id, "" where there is none.
	Session string `json:"session"`
	// Commitment is that of the copy, and Nonce the key that opens it, both in
	// hexadecimal.
	Commitment string `json:"commitment"`
	Nonce      string `json:"nonce"`
}

// ErrMismatch says that a copy is not what it should be. The error says which
// check failed.
var ErrMismatch = errors.New("the copy does not fit")

// Verify checks that a copy, or a pack of its document, was made of a full folder
// or pack. It returns nil where all
// of these hold:
//
//   - the copy has just the files that its report lists, unchanged, and its
//     report is of its document;
//   - the commitment in the document is that of the full folder and of the
//     document's images, under the opening's nonce;
//   - the document, made again of the full folder in the same way, is the same
//     byte for byte, but for the session id, which only the key can give: with a
//     key, that too.
//
// What that proves: every picture in the document is one of the full folder,
// filled as it says and otherwise untouched; every other fact in it is the full
// folder's; and who made the commitment had this full folder, to the last byte,
// for no other would open it. What it does not prove: when the copy was made or
// by whom, which a signature must say; or that the pictures drawn from the
// document, which the report lists, are drawn well, which to convert the
// document again shows. It fails with [ErrMismatch], or with [ErrFolder] where
// the full folder is not whole.
//
// Another release of lvtool may decode a JPEG into other pixels: verify with the
// one that the document names.
func Verify(ctx context.Context, redacted, folder fs.FS, opening Opening, key []byte) error {
	doc, err := readCopy(redacted)
	if err != nil {
		return err
	}
	full, err := ReadFolder(folder)
	if err != nil {
		return err
	}
	o, err := doc.options(opening)
	if err != nil {
		return err
	}
	id := ""
	if doc.parsed.ID != nil {
		id = *doc.parsed.ID
	}
	if key != nil && full.Report.Session.ID != nil && id != pseudonym(key, *full.Report.Session.ID) {
		return fmt.Errorf("%w: its session id is not that of the full folder under this key", ErrMismatch)
	}
	again, err := result(ctx, full, o, id)
	switch {
	case err != nil:
		return err
	case bytes.Equal(again.Document, doc.data):
		return nil
	case again.Redaction.Commitment != doc.parsed.Redaction.Commitment:
		return fmt.Errorf("%w: its commitment is not to this folder and these pictures", ErrMismatch)
	}
	return fmt.Errorf("%w: made again of the full folder, the document says something else", ErrMismatch)
}

// CommitmentOf returns the commitment that a copy holds, by which its opening is
// found. It fails as [Verify] does where the copy's files are not those of its
// report.
func CommitmentOf(redacted fs.FS) (string, error) {
	d, err := readCopy(redacted)
	if err != nil {
		return "", err
	}
	return d.parsed.Redaction.Commitment, nil
}

// The names of the document and of the page in the payload of a pack of the copy.
const (
	packedName = "source/result.json"
	pageName   = "review.html"
)

// A readDocument is the document of a copy.
type readDocument struct {
	data   []byte
	parsed document
}

// options returns those that the document was made with.
func (d *readDocument) options(opening Opening) (*Options, error) {
	nonce, err := hex.DecodeString(opening.Nonce)
	if err != nil || len(nonce) != nonceBytes {
		return nil, fmt.Errorf("%w: the opening has no nonce of %d bytes", ErrMismatch, nonceBytes)
	}
	r := d.parsed.Redaction
	if opening.Commitment != r.Commitment {
		return nil, fmt.Errorf("%w: the opening is of another copy", ErrMismatch)
	}
	o := &Options{
		Mode: r.Mode, Grow: decode.Number(r.Grow), Nonce: nonce, HideConfidence: r.ConfidenceHidden, Tool: r.Tool,
		Key: make([]byte, keyBytes), // not used: the id is given
	}
	if err := o.Validate(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMismatch, err)
	}
	return o, nil
}

// readCopy reads the document of a copy whose files are those of its report.
func readCopy(redacted fs.FS) (*readDocument, error) {
	redacted, err := payload(redacted)
	if err != nil {
		return nil, err
	}
	name := DocumentName
	if _, err := fs.Stat(redacted, packedName); err == nil {
		name = packedName
	}
	data, err := fs.ReadFile(redacted, "report.json")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMismatch, err)
	}
	report, err := export.ParseReport(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: report.json: %w", ErrMismatch, err)
	}
	want := map[string]string{name: report.Source.SHA256}
	if page, err := fs.ReadFile(redacted, pageName); err == nil && name == packedName {
		want[pageName] = decode.Digest(sha256.Sum256(page)).String() // whatever it is: the pack answers for it
	}
	for _, o := range report.Outputs {
		want[o.File] = o.SHA256
	}
	if err := checkFiles(redacted, want); err != nil {
		return nil, err
	}
	d := &readDocument{}
	if d.data, err = fs.ReadFile(redacted, name); err != nil {
		return nil, err
	}
	if decode.Digest(sha256.Sum256(d.data)).String() != report.Source.SHA256 {
		return nil, fmt.Errorf("%w: %s changes as it is read", ErrMismatch, name)
	}
	if err := json.Unmarshal(d.data, &d.parsed); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrMismatch, name, err)
	}
	return d, nil
}

// checkFiles checks that a copy has the files wanted, and report.json, alone.
func checkFiles(redacted fs.FS, want map[string]string) error {
	left := maps.Clone(want)
	err := fs.WalkDir(redacted, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path == "report.json" {
			return err
		}
		digest, ok := left[path]
		if !ok || !d.Type().IsRegular() {
			return fmt.Errorf("%w: %s is not one of its files", ErrMismatch, path)
		}
		delete(left, path)
		got, err := fileDigest(redacted, path)
		if err == nil && got.String() != digest {
			err = fmt.Errorf("%w: %s was changed", ErrMismatch, path)
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return fmt.Errorf("%w: %s is missing", ErrMismatch, slices.Sorted(maps.Keys(left))[0])
	}
	return nil
}
