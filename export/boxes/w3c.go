package boxes

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/lvtool/lvtool/export"
)

type webAnnotation struct {
	Context    string    `json:"@context"`
	ID         string    `json:"id"`
	Type       string    `json:"type"`
	Motivation string    `json:"motivation"`
	Generator  webTool   `json:"generator"`
	Body       []webBody `json:"body"`
	Target     webTarget `json:"target"`
}

type webTool struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	Name string `json:"name"`
}

type webBody struct {
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
	Format  string `json:"format,omitempty"`
	Value   string `json:"value"`
}

type webTarget struct {
	Source   string      `json:"source"`
	Selector webSelector `json:"selector"`
}

type webSelector struct {
	Type       string `json:"type"`
	ConformsTo string `json:"conformsTo"`
	Value      string `json:"value"`
}

// writeW3C writes a list of annotations that each stand for themselves, which is
// what Annotorious loads. The numbers as they came are a second body, in JSON,
// that viewers pass over.
func writeW3C(b *batch, put export.Put) error {
	list := []any{}
	for _, f := range b.boxed() {
		came, err := json.Marshal(f.raw())
		if err != nil {
			return err
		}
		w, h := size(f.box)
		list = append(list, webAnnotation{
			Context:    "http://www.w3.org/ns/anno.jsonld",
			ID:         f.uuid(),
			Type:       "Annotation",
			Motivation: "tagging",
			Generator:  webTool{"https://github.com/lvtool/lvtool", "Software", b.tool},
			Body: []webBody{
				{Type: "TextualBody", Purpose: "tagging", Value: label},
				{Type: "TextualBody", Purpose: "describing", Format: "application/json", Value: string(came)},
			},
			Target: webTarget{f.address(b.base), webSelector{
				Type:       "FragmentSelector",
				ConformsTo: "http://www.w3.org/TR/media-frags/",
				Value:      fmt.Sprintf("xywh=pixel:%d,%d,%d,%d", f.box.Left, f.box.Top, w, h),
			}},
		})
	}
	data, err := writeList(list)
	if err != nil {
		return err
	}
	return put("annotations.jsonld", data)
}

// uuid returns an identifier of the annotation that is the same every time: a
// UUID of version 8 (RFC 9562, section 5.8) from a digest of the source and of
// the frame's place in the batch.
func (f *frame) uuid() string {
	u := sha256.Sum256([]byte(f.session.Report.Source.SHA256 + "/" + f.stem()))
	u[6] = u[6]&0x0f | 0x80
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:16])
}
