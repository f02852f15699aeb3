package boxes

import (
	"encoding/xml"
	"fmt"
	"strconv"

	"github.com/lvtool/lvtool/export"
)

type cvatAnnotations struct {
	XMLName xml.Name    `xml:"annotations"`
	Note    xml.Comment `xml:",comment"`
	Version string      `xml:"version"`
	Task    cvatTask    `xml:"meta>task"`
	Images  []cvatImage `xml:"image"`
}

type cvatTask struct {
	Name   string      `xml:"name"`
	Size   int         `xml:"size"`
	Mode   string      `xml:"mode"`
	Labels []cvatLabel `xml:"labels>label"`
}

type cvatLabel struct {
	Name       string          `xml:"name"`
	Type       string          `xml:"type"`
	Attributes []cvatAttribute `xml:"attributes>attribute"`
}

type cvatAttribute struct {
	Name    string `xml:"name"`
	Mutable string `xml:"mutable"`
	Input   string `xml:"input_type"`
	Default string `xml:"default_value"`
	Values  string `xml:"values"`
}

type cvatImage struct {
	ID     int       `xml:"id,attr"`
	Name   string    `xml:"name,attr"`
	Width  int       `xml:"width,attr"`
	Height int       `xml:"height,attr"`
	Boxes  []cvatBox `xml:"box"`
}

type cvatBox struct {
	Label      string      `xml:"label,attr"`
	Source     string      `xml:"source,attr"`
	Occluded   int         `xml:"occluded,attr"`
	Left       string      `xml:"xtl,attr"`
	Top        string      `xml:"ytl,attr"`
	Right      string      `xml:"xbr,attr"`
	Bottom     string      `xml:"ybr,attr"`
	Order      int         `xml:"z_order,attr"`
	Attributes []cvatValue `xml:"attribute"`
}

type cvatValue struct {
	Name  string `xml:"name,attr"`
	Value string `xml:",chardata"`
}

// writeCVAT writes what https://docs.cvat.ai/docs/dataset_management/formats/format-cvat/
// calls CVAT for images 1.1. The labels stand in its head as a task needs them
// to take the attributes.
func writeCVAT(b *batch, put export.Put) error {
	doc := cvatAnnotations{
		Version: "1.1",
		Task: cvatTask{
			Name: "Face Liveness results, " + b.tool, Mode: "annotation",
			Labels: []cvatLabel{{Name: label, Type: "rectangle"}},
		},
	}
	if len(b.notes) > 0 {
		doc.Note = xml.Comment(" " + sentence(b.notes) + " ")
	}
	for _, name := range []string{"frame", "state", "visible", "left", "top", "width", "height", "unit"} {
		doc.Task.Labels[0].Attributes = append(doc.Task.Labels[0].Attributes,
			cvatAttribute{Name: name, Mutable: "False", Input: "text"})
	}
	for i, f := range b.shown() {
		m := cvatImage{ID: i, Name: b.base + f.original(), Width: *f.Width, Height: *f.Height}
		if f.box != nil {
			m.Boxes = []cvatBox{cvatFace(f)}
		}
		doc.Images = append(doc.Images, m)
	}
	doc.Task.Size = len(doc.Images)
	data, err := writeXML(&doc)
	if err != nil {
		return fmt.Errorf("writing CVAT: %w", err)
	}
	return put("annotations.xml", data)
}

func cvatFace(f *frame) cvatBox {
	box := cvatBox{
		Label: label, Source: "file",
		Left: cvatEdge(f.box.Left), Top: cvatEdge(f.box.Top),
		Right: cvatEdge(f.box.Right), Bottom: cvatEdge(f.box.Bottom),
	}
	for _, a := range f.attributes() {
		box.Attributes = append(box.Attributes, cvatValue{a[0], a[1]})
	}
	return box
}

// cvatEdge writes two decimals, as CVAT does.
func cvatEdge(n int) string { return strconv.Itoa(n) + ".00" }
