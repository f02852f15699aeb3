package boxes

import (
	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/export"
)

type cocoImage struct {
	ID     int    `json:"id"`
	File   string `json:"file_name"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

type cocoAnnotation struct {
	ID       int    `json:"id"`
	Image    int    `json:"image_id"`
	Category int    `json:"category_id"`
	Box      [4]int `json:"bbox"`
	Area     int    `json:"area"`
	Crowd    int    `json:"iscrowd"`
	// Segmentation is empty: nobody traced the face.
	Segmentation []any `json:"segmentation"`
	// Attributes are not part of COCO, but common beside it.
	Attributes cocoAttributes `json:"attributes"`
}

// cocoAttributes has no level below it: readers that know attributes know plain
// values.
type cocoAttributes struct {
	Frame   string         `json:"frame"`
	State   annotate.State `json:"state"`
	Visible *float64       `json:"visible"`
	*export.BoxRecord
}

// writeCOCO counts ids from 1, since the evaluation of pycocotools takes id 0 of
// an annotation for no match.
func writeCOCO(b *batch, put export.Put) error {
	images, annotations := []any{}, []any{}
	for i, f := range b.boxed() {
		w, h := size(f.box)
		images = append(images, cocoImage{i + 1, b.base + f.original(), *f.Width, *f.Height})
		annotations = append(annotations, cocoAnnotation{
			ID: i + 1, Image: i + 1, Category: 1,
			Box: [4]int{f.box.Left, f.box.Top, w, h}, Area: w * h,
			Segmentation: []any{}, Attributes: cocoAttributes{f.Name, f.Placement.State, f.Placement.Visible, f.Box},
		})
	}
	data, err := writeObject([]member{
		{"info", map[string]string{
			"description": "faces in Face Liveness results; " + sentence(b.notes),
			"contributor": b.tool,
		}},
		{"licenses", []string{}},
		{"categories", []map[string]any{{"id": 1, "name": label, "supercategory": "person"}}},
		{"images", images},
		{"annotations", annotations},
	})
	if err != nil {
		return err
	}
	return put("annotations.json", data)
}

// label is what every box is of.
const label = "face"
