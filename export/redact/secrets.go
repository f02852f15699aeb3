package redact

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"path"
	"strings"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/leak"
)

// secretsOf returns what of a folder a copy with some images may not hold.
func secretsOf(full *Full, mode Mode, images []copied) []leak.Secret {
	r := full.Report
	same := unchanged(r, images)
	list := secrets{ordinary: vocabulary(r)}
	list.optional("session id", r.Session.ID)
	list.text("source name", r.Source.Name)
	list.digest("digest of the source", r.Source.SHA256)
	for _, name := range sortedKeys(r.Session.Extra) {
		if name == "Redaction" { // of a copy, whose own words are the next one's too
			list.members("commitment of the copy", commitmentIn(r.Session.Extra[name]))
			continue
		}
		list.members("member "+name, r.Session.Extra[name])
	}
	for i, f := range r.Frames {
		list.file(f, images[i].file)
		if !same[f.Name] {
			list.pixels(f, mode)
		}
		if data := full.originals[i]; data != nil {
			list.add("original image "+f.Name, leak.Blob, data)
		}
	}
	for _, o := range r.Outputs {
		folder, file := path.Split(o.File)
		remains := folder != "" && same[strings.TrimSuffix(file, path.Ext(file))]
		if !remains && (mode != Background || folder != "faces/") {
			list.digest("digest of "+o.File, o.SHA256)
		}
	}
	list.add("digest of the full folder", leak.Digest, full.Digest[:])
	return append(list.list, full.more...)
}

// unchanged returns the names of frames in which nothing was left to hide, such as
// those of a copy that was filled as a whole before: their digests stay.
func unchanged(r *export.Report, images []copied) map[string]bool {
	same := map[string]bool{}
	for i, f := range r.Frames {
		same[f.Name] = f.PixelSHA256 != nil && *f.PixelSHA256 == images[i].pixels.String()
	}
	return same
}

// commitmentIn returns that of a document that is a copy.
func commitmentIn(redaction json.RawMessage) json.RawMessage {
	var r struct{ Commitment json.RawMessage }
	if json.Unmarshal(redaction, &r) != nil {
		return nil
	}
	return r.Commitment
}

// secrets collects what must not be told.
type secrets struct {
	list []leak.Secret
	// ordinary is what stands in the copy anyway: to find it says nothing.
	ordinary string
}

func (s *secrets) add(name string, kind leak.Kind, data []byte) {
	s.list = append(s.list, leak.Secret{Name: name, Kind: kind, Data: data})
}

// file adds what is secret of the file of a frame, of which made is the copy.
func (s *secrets) file(f *export.FrameRecord, made []byte) {
	if f.SHA256 != nil && *f.SHA256 != decode.Digest(sha256.Sum256(made)).String() {
		s.digest("digest of "+f.Name, *f.SHA256)
	}
	if o := f.Origin; o != nil {
		s.origin(o)
	}
}

// pixels adds the digests of what a frame shows.
func (s *secrets) pixels(f *export.FrameRecord, mode Mode) {
	if f.PixelSHA256 != nil {
		s.digest("digest of "+f.Name, *f.PixelSHA256)
	}
	if f.Annotated != nil {
		s.digest("digest of the marked "+f.Name, f.Annotated.PixelSHA256)
	}
	if f.Face != nil && mode != Background { // which shows just that face
		s.digest("digest of the face in "+f.Name, f.Face.PixelSHA256)
	}
}

// source adds what only the document itself tells: objects in S3 beside images
// that it holds, of which reports say nothing.
func (s *secrets) source(data []byte) {
	for session, err := range decode.Sessions(bytes.NewReader(data), nil) {
		if err != nil {
			return
		}
		for i := range session.Images {
			if o := session.Images[i].S3; o != nil {
				s.origin(&decode.Origin{Bucket: o.Bucket, Key: o.Name, Version: o.Version})
			}
		}
	}
}

func (s *secrets) origin(o *decode.Origin) {
	s.text("S3 bucket", o.Bucket)
	s.text("S3 key", o.Key)
	s.text("S3 version", o.Version)
	s.text("S3 ETag", strings.Trim(o.ETag, `"`))
	if _, key, ok := strings.Cut(o.Encryption, " "); ok {
		s.text("KMS key", key)
	}
	if _, sum, ok := strings.Cut(o.Checksum, ":"); ok {
		s.text("S3 checksum", sum)
		if raw, err := base64.StdEncoding.DecodeString(sum); err == nil {
			s.add("S3 checksum", leak.Digest, raw)
		}
	}
}

// members adds the strings in a value that lvtool does not know.
func (s *secrets) members(name string, value json.RawMessage) {
	var v any
	if json.Unmarshal(value, &v) == nil {
		s.strings(name, v)
	}
}

func (s *secrets) strings(name string, value any) {
	switch v := value.(type) {
	case string:
		s.text(name, v)
	case []any:
		for _, e := range v {
			s.strings(name, e)
		}
	case map[string]any:
		for _, k := range sortedKeys(v) {
			s.strings(name, v[k])
		}
	}
}

func (s *secrets) optional(name string, text *string) {
	if text != nil {
		s.text(name, *text)
	}
}

// text adds a text, but for one that stands in the copy anyway: a bucket called
// "session" hides nobody.
func (s *secrets) text(name, text string) {
	if text != "" && !strings.Contains(s.ordinary, strings.ToLower(text)) {
		s.add(name, leak.Text, []byte(text))
	}
}

func (s *secrets) digest(name, digits string) {
	if raw, err := hex.DecodeString(digits); err == nil && len(raw) > 0 {
		s.add(name, leak.Digest, raw)
	}
}

// vocabulary is what reports are written with, and what the copy keeps.
func vocabulary(r *export.Report) string {
	words := []string{
		string(export.ReportSchema()),
		"redacted.json report.json sheet.png session.pdf review.html source/result.json",
		"originals annotated reference lvtool redaction mode grow faces",
		"background confidencehidden commitment tool sessionid referenceimage auditimages boundingbox",
	}
	d := newDocument(r, &Options{}, "")
	if d.Status != nil {
		words = append(words, *d.Status)
	}
	if d.Challenge != nil {
		words = append(words, d.Challenge.Type, d.Challenge.Version)
	}
	for _, f := range d.Feedback {
		words = append(words, f.Code)
	}
	return strings.ToLower(strings.Join(words, "\n"))
}
