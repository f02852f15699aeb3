package pack

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/bag"
)

// ErrOptions says that options contradict themselves or cannot be written.
var ErrOptions = errors.New("unusable option")

// Options say what a pack holds. But for Time, a zero field leaves out what it
// is for.
type Options struct {
	// Export says what is made of the session.
	Export export.Options
	// Time is the time of packing; it is required, and all that depends on the
	// clock.
	Time time.Time
	// Case, Organisation, Contact and Purpose say what the pack is for.
	Case, Organisation, Contact, Purpose string
	// RetainUntil is the day on which the pack may be deleted.
	RetainUntil time.Time
	// LegalHold says that it may not, whatever the day.
	LegalHold bool
	// Info are more fields of bag-info.txt.
	Info []bag.Field
	// Page adds the reviewer's page, which shows the originals: Export must make
	// them.
	Page bool
	// SHA512 adds manifests of SHA-512.
	SHA512 bool
	// Captured says that the source was fetched from the service just now,
	// rather than read from a file.
	Captured bool
	// Redacted says that the source is a copy from which faces, or all else, and
	// whatever tells whose it is were taken just now (package redact).
	Redacted bool
	// SealedWith says what Seal will put: [SealedBy] for each signature, and
	// [SealedTime] if they get timestamps.
	SealedWith []string
	// Seal, if not nil, is called with the tag manifest, tagmanifest-sha256.txt,
	// and puts its signatures, and their timestamps, beside it.
	Seal func(tagManifest []byte, put bag.Put) error
}

// Labels of the fields of bag-info.txt that are lvtool's own.
const (
	CaseLabel        = "Case"
	PurposeLabel     = "Purpose"
	RetainUntilLabel = "Retain-Until"
	LegalHoldLabel   = "Legal-Hold"
	SessionLabel     = "External-Identifier"
)

// ProfileID names the BagIt Profile that packs follow.
const ProfileID = "https://lvtool.github.io/schema/lvtool.pack/1"

// What packs hold, in words.
const (
	description         = "Amazon Rekognition Face Liveness session: source, images, pictures, report"
	redactedDescription = "Amazon Rekognition Face Liveness session, redacted copy: filled images, pictures, report"
)

// own are the labels that Info may not have.
var own = []string{
	"Source-Organization", "Contact-Name", "External-Description", SessionLabel, "Bagging-Date", "Bag-Software-Agent",
	"BagIt-Profile-Identifier", CaseLabel, PurposeLabel, RetainUntilLabel, LegalHoldLabel, SealedLabel,
}

// Validate reports what is wrong with o, as an [ErrOptions].
func (o *Options) Validate() error {
	if o.Time.IsZero() {
		return fmt.Errorf("%w: no time", ErrOptions)
	}
	if !o.RetainUntil.IsZero() && o.RetainUntil.Before(o.Time.UTC().Truncate(24*time.Hour)) {
		return fmt.Errorf("%w: to be retained until %s, which is before the time of packing",
			ErrOptions, o.RetainUntil.Format(time.DateOnly))
	}
	if o.Page && !o.Export.Makes(export.OutputOriginals) {
		return fmt.Errorf("%w: a page without the originals", ErrOptions)
	}
	for _, f := range o.Info {
		if slices.ContainsFunc(own, func(label string) bool { return strings.EqualFold(label, f.Label) }) ||
			strings.HasPrefix(strings.ToLower(f.Label), "custody-log-") {
			return fmt.Errorf("%w: the field %s is written by lvtool itself", ErrOptions, f.Label)
		}
	}
	for _, f := range o.fields("") {
		if err := f.Check(); err != nil {
			return fmt.Errorf("%w: %w", ErrOptions, err)
		}
	}
	return o.Export.Validate()
}

// fields returns the fields of bag-info.txt for a session, without those of the
// custody log.
func (o *Options) fields(session string) []bag.Field {
	what := description
	if o.Redacted {
		what = redactedDescription
	}
	list := []bag.Field{
		{Label: "Source-Organization", Value: o.Organisation},
		{Label: "Contact-Name", Value: o.Contact},
		{Label: "External-Description", Value: what},
		{Label: SessionLabel, Value: oneLine(session)},
		{Label: "Bagging-Date", Value: o.Time.UTC().Format(time.DateOnly)},
		{Label: "Bag-Software-Agent", Value: o.agent()},
		{Label: "BagIt-Profile-Identifier", Value: ProfileID},
		{Label: CaseLabel, Value: o.Case},
		{Label: PurposeLabel, Value: o.Purpose},
	}
	if !o.RetainUntil.IsZero() {
		list = append(list, bag.Field{Label: RetainUntilLabel, Value: o.RetainUntil.Format(time.DateOnly)})
	}
	if o.LegalHold {
		list = append(list, bag.Field{Label: LegalHoldLabel, Value: "true"})
	}
	for _, seal := range o.SealedWith {
		list = append(list, bag.Field{Label: SealedLabel, Value: seal})
	}
	list = slices.DeleteFunc(list, func(f bag.Field) bool { return f.Value == "" })
	return append(list, o.Info...)
}

// agent returns what made the pack, as logs and bag-info.txt name it.
func (o *Options) agent() string {
	if o.Export.Tool.Version == "" {
		return "lvtool"
	}
	return "lvtool/" + o.Export.Tool.Version
}

// longest is how many characters of a session id stand in bag-info.txt.
const longest = 200

// oneLine returns s without what cannot stand in a field. The id of a session
// comes from outside.
func oneLine(s string) string {
	r := []rune(strings.ToValidUTF8(s, "\ufffd"))
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '\ufffd'
		}
		return r
	}, string(r[:min(len(r), longest)]))
	return strings.TrimSpace(s)
}
