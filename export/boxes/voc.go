package boxes

import (
	"bytes"
	"encoding/xml"

	"github.com/lvtool/lvtool/export"
)

type vocAnnotation struct {
	XMLName   xml.Name  `xml:"annotation"`
	Folder    string    `xml:"folder"`
	File      string    `xml:"filename"`
	Database  string    `xml:"source>database"`
	Size      vocSize   `xml:"size"`
	Segmented int       `xml:"segmented"`
	Object    vocObject `xml:"object"`
}

type vocSize struct {
	Width  int `xml:"width"`
	Height int `xml:"height"`
	Depth  int `xml:"depth"`
}

type vocObject struct {
	Name      string `xml:"name"`
	Pose      string `xml:"pose"`
	Truncated int    `xml:"truncated"`
	Difficult int    `xml:"difficult"`
	Box       vocBox `xml:"bndbox"`
}

// A vocBox counts pixels from 1 and includes the last one, as
// http://host.robots.ox.ac.uk/pascal/VOC/voc2012/devkit_doc.pdf does.
type vocBox struct {
	Left   int `xml:"xmin"`
	Top    int `xml:"ymin"`
	Right  int `xml:"xmax"`
	Bottom int `xml:"ymax"`
}

// vocPictures is the folder in which readers of VOC look for pictures.
const vocPictures = "JPEGImages"

func writeVOC(b *batch, put export.Put) error {
	var set bytes.Buffer
	for _, f := range b.boxed() {
		data, err := writeXML(&vocAnnotation{
			Folder:   vocPictures,
			File:     f.session.Folder + "/" + f.file(),
			Database: "Amazon Rekognition Face Liveness",
			Size:     vocSize{*f.Width, *f.Height, 3},
			Object: vocObject{
				Name: label, Pose: "Unspecified",
				Truncated: one(*f.Placement.Overshoot != export.RectRecord{}),
				Box:       vocBox{f.box.Left + 1, f.box.Top + 1, f.box.Right, f.box.Bottom},
			},
		})
		if err != nil {
			return err
		}
		if err := put("Annotations/"+f.stem()+".xml", data); err != nil {
			return err
		}
		set.WriteString(f.stem() + "\n")
	}
	if err := put("ImageSets/Main/trainval.txt", set.Bytes()); err != nil {
		return err
	}
	// Datumaro and CVAT read here which classes there are besides VOC's own.
	return put("labelmap.txt", []byte("# label:color_rgb:parts:actions\nbackground:0,0,0::\n"+label+":0,114,178::\n"))
}

// writeXML writes a document over several lines. What XML cannot hold becomes
// U+FFFD.
func writeXML(v any) ([]byte, error) {
	data, err := xml.MarshalIndent(v, "", "  ")
	if err != nil {
		return nil, err
	}
	return append([]byte(xml.Header), append(data, '\n')...), nil
}
