package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/leak"
)

// secretsOf returns what of a folder no copy may hold.
func secretsOf(full *Full, mode Mode) []leak.Secret {
	r := full.Report
	list := secrets{ordinary: vocabulary(r)}
	list.optional("session id", r.Session.ID)
	list.text("source name", r.Source.Name)
	list.digest("digest of the source", r.Source.SHA256)
	for _, name := range sortedKeys(r.Session.Extra) {
		list.members("member "+name, r.Session.Extra[name])
	}
	for i, f := range r.Frames {
		list.frame(f, mode)
		if data := full.originals[i]; data != nil {
			list.add("original image "+f.Name, leak.Blob, data)
		}
	}
	for _, o := range r.Outputs {
		if mode != Background || !strings.HasPrefix(o.File, "faces/") {
			list.digest("digest of "+o.File, o.SHA256)
		}
	}
	list.add("digest of the full folder", leak.Digest, full.Digest[:])
	return list.list
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

func (s *secrets) frame(f *export.FrameRecord, mode Mode) {
	for _, d := range []*string{f.SHA256, f.PixelSHA256} {
		if d != nil {
			s.digest("digest of "+f.Name, *d)
		}
	}
	if f.Annotated != nil {
		s.digest("digest of the marked "+f.Name, f.Annotated.PixelSHA256)
	}
	if f.Face != nil && mode != Background { // which shows just that face
		s.digest("digest of the face in "+f.Name, f.Face.PixelSHA256)
	}
	if o := f.Origin; o != nil {
		s.origin(o)
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
		"redacted.json report.json sheet.png originals annotated reference lvtool redaction mode grow faces",
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
