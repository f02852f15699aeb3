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
	"strings"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/internal/jsonwords"
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

// VerifyOptions say how a copy is verified. The zero value is usable.
type VerifyOptions struct {
	// Key is the key of the session ids; nil where it is not known.
	Key []byte
	// Packed says that the copy is the payload of a pack of its document, which
	// has other names there. Of what else a pack has, package pack must say what it
	// is worth.
	Packed bool
	// Recorded returns the options of package export that stand for those that a
	// report names; nil for the default ones, with the threshold and unit named.
	Recorded func(given map[string]string) (*export.Options, error)
}

// A Verified says how a copy fits.
type Verified struct {
	// Files counts the files that were made again: all, the document too.
	Files int
	// Pixels are pictures that show what they should, but have other bytes, as
	// another build of lvtool may make.
	Pixels []string
}

// Verify checks that a copy, or a pack of its document, was made of a full folder
// or pack. It returns no error where all of these hold:
//
//   - the commitment in the document is that of the full folder and of the
//     document's images, under the opening's nonce;
//   - the document, made again of the full folder in the same way, is the same
//     byte for byte, but for the session id, which only the key can give: with a
//     key, that too;
//   - every other file of the copy, the report and in a pack the page too, made
//     again of that document with the options that the report names, is the same:
//     byte for byte, or, of a picture that was drawn, pixel for pixel;
//   - threshold and units in the report are those of the full folder;
//   - there is no other file.
//
// What that proves: every picture is one of the full folder, filled as the
// document says and otherwise untouched, or drawn from those; every fact about
// session and frames is the full folder's; and who made the commitment had this
// full folder, to the last byte, for no other would open it. What it does not
// prove: when the copy was made or by whom, which a signature must say; what the
// report says of the tool that made it, and, in a pack, of the name that the
// document had; or anything about a pack's tag files. It fails with [ErrMismatch],
// or with [ErrFolder] where the full folder is not whole.
//
// Another release of lvtool may decode a JPEG into other pixels, or write another
// report, PDF or page: verify with the one that the document names.
func Verify(
	ctx context.Context, redacted, folder fs.FS, opening Opening, opts *VerifyOptions,
) (*Verified, error) {
	if opts == nil {
		opts = &VerifyOptions{}
	}
	doc, err := readCopy(redacted, opts.Packed)
	if err != nil {
		return nil, err
	}
	full, err := ReadFolder(folder)
	if err != nil {
		return nil, err
	}
	if err := doc.isOf(ctx, full, opening, opts.Key); err != nil {
		return nil, err
	}
	if err := doc.agrees(full.Report); err != nil {
		return nil, err
	}
	return doc.remake(ctx, opts.Recorded)
}

// isOf checks that the document was made of a full folder.
func (d *readDocument) isOf(ctx context.Context, full *Full, opening Opening, key []byte) error {
	o, err := d.options(opening)
	if err != nil {
		return err
	}
	id := ""
	if d.parsed.ID != nil {
		id = *d.parsed.ID
	}
	if key != nil && full.Report.Session.ID != nil && id != pseudonym(key, *full.Report.Session.ID) {
		return fmt.Errorf("%w: its session id is not that of the full folder under this key", ErrMismatch)
	}
	again, err := result(ctx, full, o, id)
	switch {
	case err != nil:
		return err
	case bytes.Equal(again.Document, d.data):
		return nil
	case again.Redaction.Commitment != d.parsed.Redaction.Commitment:
		return fmt.Errorf("%w: its commitment is not to this folder and these pictures", ErrMismatch)
	}
	return fmt.Errorf("%w: made again of the full folder, the document says something else", ErrMismatch)
}

// CommitmentOf returns the commitment that a copy holds, by which its opening is
// found. It fails as [Verify] does where the copy's files are not those of its
// report.
func CommitmentOf(redacted fs.FS) (string, error) {
	payload, err := payload(redacted)
	if err != nil {
		return "", err
	}
	_, err = fs.Stat(payload, packedName)
	d, err := readCopy(payload, err == nil)
	if err != nil {
		return "", err
	}
	return d.parsed.Redaction.Commitment, nil
}

// The names of the report, and of the document and the page in the payload of a
// pack of the copy.
const (
	reportName = "report.json"
	packedName = "source/result.json"
	pageName   = "review.html"
)

// A readDocument is the document of a copy.
type readDocument struct {
	data   []byte
	parsed document
	name   string // of its file
	// copied is the folder of the copy, report its report, as read and as such,
	// and files the digests of all other files.
	copied     fs.FS
	reportData []byte
	report     *export.Report
	files      map[string]string
	packed     bool
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
func readCopy(redacted fs.FS, packed bool) (*readDocument, error) {
	d := &readDocument{name: DocumentName, packed: packed || isBag(redacted)}
	var err error
	if d.copied, err = payload(redacted); err != nil {
		return nil, err
	}
	if d.packed {
		d.name = packedName
	}
	if d.reportData, err = readFile(d.copied, reportName); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMismatch, err)
	}
	if d.report, err = export.ParseReport(bytes.NewReader(d.reportData)); err != nil {
		return nil, fmt.Errorf("%w: report.json: %w", ErrMismatch, err)
	}
	d.files = map[string]string{d.name: d.report.Source.SHA256}
	if page, err := fs.ReadFile(d.copied, pageName); err == nil && d.packed {
		d.files[pageName] = decode.Digest(sha256.Sum256(page)).String() // no report lists it: it is made again
	}
	for _, o := range d.report.Outputs {
		d.files[o.File] = o.SHA256
	}
	if err := checkFiles(d.copied, d.files); err != nil {
		return nil, err
	}
	if d.data, err = readFile(d.copied, d.name); err != nil {
		return nil, err
	}
	if decode.Digest(sha256.Sum256(d.data)).String() != d.report.Source.SHA256 {
		return nil, fmt.Errorf("%w: %s changes as it is read", ErrMismatch, d.name)
	}
	if err := json.Unmarshal(d.data, &d.parsed); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrMismatch, d.name, jsonwords.Of(d.data, err))
	}
	return d, nil
}

// checkFiles checks that a copy has the files wanted, and report.json, alone.
func checkFiles(redacted fs.FS, want map[string]string) error {
	left := maps.Clone(want)
	err := fs.WalkDir(redacted, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == reportName {
			return err
		}
		if d.IsDir() {
			return checkFolder(path, want)
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

// checkFolder checks that a folder has some of the files wanted in it.
func checkFolder(name string, want map[string]string) error {
	for file := range want {
		if name == "." || strings.HasPrefix(file, name+"/") {
			return nil
		}
	}
	return fmt.Errorf("%w: %s is not one of its folders", ErrMismatch, name)
}
