package redact

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"strings"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/leak"
	"github.com/lvtool/lvtool/export/pngw"
	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// The document, with the members of the service's own answer.
type (
	document struct {
		ID         *string       `json:"SessionId,omitempty"`
		Status     *string       `json:",omitempty"`
		Confidence decode.Number `json:",omitempty"`
		Challenge  *challenge    `json:",omitempty"`
		Feedback   []feedback    `json:",omitempty"`
		Reference  *picture      `json:"ReferenceImage,omitempty"`
		Audit      []picture     `json:"AuditImages,omitempty"`
		Redaction  Redaction
	}
	challenge struct{ Type, Version string }
	feedback  struct{ Code string }
	picture   struct {
		Bytes []byte       // null where the image could not be decoded
		Box   *boundingBox `json:"BoundingBox,omitempty"`
	}
	boundingBox struct{ Left, Top, Width, Height decode.Number }
)

// A Redaction is what a document says of its own making, as its member
// Redaction.
type Redaction struct {
	Mode             Mode
	Grow             string
	ConfidenceHidden bool
	// Commitment links the copy to the full folder.
	Commitment string
	// Tool says what made the document.
	Tool string
}

// A copied image is one of the copy's.
type copied struct {
	name string
	file []byte // nil where the image could not be decoded
	box  *boundingBox
	// pixels is the digest of what it shows.
	pixels decode.Digest
}

// A Copy is a session as it may be shown.
type Copy struct {
	// Document is a result document (see [Result]).
	Document []byte
	// ID is what takes the place of the session id, "" where there is none.
	ID string
	// Redaction is what Document says of its own making.
	Redaction Redaction
	// Unit is what the numbers of all boxes in Document were taken for;
	// [annotate.Auto] where they differ.
	Unit annotate.Unit
	// Threshold is what the full folder compares the confidence with; "" for
	// nothing.
	Threshold decode.Number
	// Secrets are what nothing made of the copy may hold, and Public the pixels
	// and files of pictures that it may, for [leak.New].
	Secrets []leak.Secret
	Public  [][]byte
}

// Result makes the copy of a session. The same folder, key, nonce and options
// give the same bytes. It fails with [ErrOptions] and with the error of ctx.
func Result(ctx context.Context, full *Full, o *Options) (*Copy, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	id := ""
	if full.Report.Session.ID != nil {
		id = pseudonym(o.Key, *full.Report.Session.ID)
	}
	return result(ctx, full, o, id)
}

func result(ctx context.Context, full *Full, o *Options, id string) (*Copy, error) {
	c := &Copy{ID: id, Unit: unitOf(full.Report)}
	if t := full.Report.Threshold; t != nil {
		c.Threshold = t.Value
	}
	var images []copied
	for i := range full.Report.Frames {
		img, err := c.image(ctx, full.image(i), frameUnit(full.Report.Frames[i]), o)
		if err != nil {
			return nil, err
		}
		images = append(images, img)
	}
	c.Secrets = append(c.Secrets, secretsOf(full, o.Mode, images)...)
	grow := string(o.Grow)
	if grow == "" {
		grow = defaultGrow
	}
	if o.Mode != Faces {
		grow = "0"
	}
	c.Redaction = Redaction{
		Mode: o.Mode, Grow: grow, ConfidenceHidden: o.HideConfidence,
		Commitment: commit(o.Nonce, full.Digest, o, grow, images).String(),
		Tool:       o.Tool,
	}
	doc := newDocument(full.Report, o, id)
	doc.Redaction = c.Redaction
	doc.add(images)
	var err error
	c.Document, err = encode(doc)
	return c, err
}

// frameUnit returns what the numbers of a frame's box were taken for when the
// folder was made.
func frameUnit(r *export.FrameRecord) annotate.Unit {
	if r.Box == nil || r.Box.Unit == nil {
		return annotate.Auto
	}
	return *r.Box.Unit
}

// unitOf returns the unit that all boxes have. Several mean that it was told from
// the numbers, as it will be again.
func unitOf(r *export.Report) annotate.Unit {
	all := annotate.Auto
	for _, f := range r.Frames {
		switch u := frameUnit(f); {
		case u == annotate.Auto, u == all:
		case all == annotate.Auto:
			all = u
		default:
			return annotate.Auto
		}
	}
	return all
}

// image makes the copy of an image, and notes what of it is secret.
func (c *Copy) image(
	ctx context.Context, img *decode.Image, unit annotate.Unit, o *Options,
) (copied, error) {
	f := decode.LoadFrame(ctx, img, &decode.LoadOptions{Limits: o.Limits})
	if err := ctx.Err(); err != nil {
		return copied{}, err
	}
	made := copied{name: f.Name}
	if b := f.Box; b != nil {
		made.box = &boundingBox{measure(b.Left), measure(b.Top), measure(b.Width), measure(b.Height)}
	}
	if f.Pixels == nil {
		return made, nil
	}
	grow, err := o.grow()
	if err != nil {
		return copied{}, err
	}
	p := annotate.Place(f.Box, f.Size(), unit)
	hidden := areas(o.Mode, grow, &p)
	m := filled(f, hidden)
	for _, part := range under(f, hidden) {
		c.Secrets = append(c.Secrets, leak.Secret{
			Name: "hidden pixels of " + f.Name, Kind: leak.Pixels, Data: leak.RGB(part),
		})
	}
	c.Public = append(c.Public, leak.RGB(m))
	made.pixels = decode.PixelDigest(m)
	made.file, err = encodePicture(m)
	// It was made of those pixels alone, so nothing in it is secret.
	c.Public = append(c.Public, made.file)
	return made, err
}

func encodePicture(m image.Image) ([]byte, error) {
	var b bytes.Buffer
	if err := new(pngw.Encoder).Encode(&b, m, nil); err != nil {
		return nil, fmt.Errorf("writing picture: %w", err)
	}
	return b.Bytes(), nil
}

// What the service's own words look like: anything else might say who it is
// about.
var (
	statusWord  = lazyregexp.New(`^[A-Z_]{1,40}$`)
	codeWord    = lazyregexp.New(`^[A-Z0-9_]{1,60}$`)
	typeWord    = lazyregexp.New(`^[A-Za-z]{1,60}$`)
	versionWord = lazyregexp.New(`^[0-9]{1,4}(\.[0-9]{1,4}){0,3}$`)
)

func newDocument(r *export.Report, o *Options, id string) *document {
	d := &document{}
	if id != "" {
		d.ID = &id
	}
	if s := r.Session.Status; s != nil && statusWord.MatchString(*s) {
		d.Status = s
	}
	if !o.HideConfidence {
		d.Confidence = measure(r.Session.Confidence)
	}
	if c := r.Session.Challenge; c != nil && typeWord.MatchString(c.Type) && versionWord.MatchString(c.Version) {
		d.Challenge = &challenge{c.Type, c.Version}
	}
	for _, f := range r.Session.Feedback {
		if codeWord.MatchString(f.Code) {
			d.Feedback = append(d.Feedback, feedback{f.Code})
		}
	}
	return d
}

// measure returns a number as written, or one of the words that the service
// writes in place of one; "" for what could say anything.
func measure(n decode.Number) decode.Number {
	const longest = 40
	switch n {
	case "NaN", "Infinity", "-Infinity":
		return n
	}
	if _, err := n.Rat(); err != nil || len(n) > longest {
		return ""
	}
	return n
}

// add adds the images: the first that is called so as the reference image, the
// others as audit images.
func (d *document) add(images []copied) {
	for _, c := range images {
		p := picture{Bytes: c.file, Box: c.box}
		if !strings.HasPrefix(c.name, "audit-") && d.Reference == nil && len(d.Audit) == 0 {
			d.Reference = &p
			continue
		}
		d.Audit = append(d.Audit, p)
	}
}

func encode(d *document) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(d); err != nil {
		return nil, fmt.Errorf("writing result: %w", err)
	}
	return b.Bytes(), nil
}
