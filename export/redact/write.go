package redact

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/leak"
)

// DocumentName is the name of the document among the files of a copy.
const DocumentName = "redacted.json"

// A Made is what [Copy.Files] made.
type Made struct {
	// Report is the report of the copy.
	Report *export.Report
	// Unchecked names the secrets that are too short to be looked for.
	Unchecked []string
}

// Files makes all that [export.Convert] makes of the copy's document, and the
// document itself as [DocumentName], and hands every file to put. The images in
// the folder originals are those that the document holds: they are the copy's
// originals, as filled. Of the options, Unit, Load.Objects and Tool.Options do
// not count, nor does Threshold where the confidence is hidden.
//
// Every file is searched for the secrets of the full folder before it is put.
// One that holds any ends it with an [ErrLeak]; what was put before it must be
// thrown away.
func (c *Copy) Files(ctx context.Context, opts *export.Options, put export.Put) (*Made, error) {
	scanner := leak.New(c.Secrets, c.Public...)
	made := &Made{}
	for _, s := range scanner.Skipped() {
		made.Unchecked = append(made.Unchecked, s.Name)
	}
	checked := func(name string, data []byte) error {
		if err := scan(scanner, name, data); err != nil {
			return err
		}
		return put(name, data)
	}
	if err := checked(DocumentName, c.Document); err != nil {
		return nil, err
	}
	s, err := c.session()
	if err != nil {
		return nil, err
	}
	r, err := export.Convert(ctx, s, c.options(opts), checked)
	if err != nil {
		return nil, err
	}
	made.Report = r.Report
	return made, nil
}

// scan reports the secrets in a file, as an [ErrLeak].
func scan(s *leak.Scanner, name string, data []byte) error {
	leaks, err := s.Scan(name, data)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrLeak, err)
	}
	if len(leaks) == 0 {
		return nil
	}
	list := make([]string, len(leaks))
	for i, l := range leaks {
		list[i] = l.String()
	}
	return fmt.Errorf("%w: %s", ErrLeak, strings.Join(list, "; "))
}

var errSessions = errors.New("the copy does not hold one session")

// session reads the document back, as anybody will.
func (c *Copy) session() (*decode.Session, error) {
	var found *decode.Session
	opts := &decode.Options{Name: DocumentName, Limits: decode.Limits{Document: int64(len(c.Document))}}
	for s, err := range decode.Sessions(bytes.NewReader(c.Document), opts) {
		switch {
		case err != nil:
			return nil, fmt.Errorf("reading copy: %w", err)
		case found != nil:
			return nil, errSessions
		}
		found = s
	}
	if found == nil {
		return nil, errSessions
	}
	found.Problems = append(found.Problems, decode.Problem{Code: "redacted", Message: c.words()})
	return found, nil
}

// words says what was done.
func (c *Copy) words() string {
	what := map[Mode]string{
		Faces:      "faces are filled, each box grown by " + c.Redaction.Grow + " on every side",
		Background: "everything but the faces' boxes is filled",
		All:        "the pictures are filled",
	}[c.Redaction.Mode]
	if c.Redaction.ConfidenceHidden {
		what += ", and the confidence is left out"
	}
	return "this is a redacted copy: " + what + "; who holds the full folder can prove what it was made of"
}

// options returns those for the files of the copy.
func (c *Copy) options(files *export.Options) *export.Options {
	opts := export.Options{}
	if files != nil {
		opts = *files
	}
	opts.Unit = c.Unit
	opts.Load.Limits.ImageBytes = int64(len(c.Document)) // filled images are PNG, and larger than what came
	opts.Load.Objects = nil
	if opts.Threshold == "" {
		opts.Threshold = c.Threshold
	}
	if c.Redaction.ConfidenceHidden {
		opts.Threshold = ""
	}
	opts.Tool.Options = map[string]string{"redact": string(c.Redaction.Mode), "grow": c.Redaction.Grow}
	return &opts
}
