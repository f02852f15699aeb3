package boxes

import (
	"cmp"
	"encoding/json"

	"github.com/lvtool/lvtool/export"
)

type studioTask struct {
	ID          int                `json:"id"`
	Data        studioData         `json:"data"`
	Predictions []studioPrediction `json:"predictions"`
}

// studioData is what a task is about; Label Studio keeps members it does not
// know.
type studioData struct {
	Image   string        `json:"image"`
	Session *string       `json:"session"`
	SHA256  *string       `json:"sha256"`
	Result  *rawBoxRecord `json:"result"`
}

type studioPrediction struct {
	Model  string         `json:"model_version"`
	Result []studioRegion `json:"result"`
}

type studioRegion struct {
	ID       string      `json:"id"`
	Type     string      `json:"type"`
	From     string      `json:"from_name"`
	To       string      `json:"to_name"`
	Width    int         `json:"original_width"`
	Height   int         `json:"original_height"`
	Rotation int         `json:"image_rotation"`
	Value    studioValue `json:"value"`
}

type studioValue struct {
	X        json.Number `json:"x"`
	Y        json.Number `json:"y"`
	Width    json.Number `json:"width"`
	Height   json.Number `json:"height"`
	Rotation int         `json:"rotation"`
	Labels   []string    `json:"rectanglelabels"`
}

const studioSetup = `<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="label" toName="image">
    <Label value="` + label + `"/>
  </RectangleLabels>
</View>
`

// writeLabelStudio writes boxes as predictions, for no person has drawn them,
// and without a score, for the service gives none for a box.
func writeLabelStudio(b *batch, put export.Put) error {
	base := cmp.Or(b.base, "/data/local-files/?d=")
	tasks := []any{}
	for i, f := range b.shown() {
		t := studioTask{
			ID: i + 1,
			Data: studioData{
				Image: f.address(base), Session: f.session.Report.Session.ID, SHA256: f.SHA256, Result: f.raw(),
			},
			Predictions: []studioPrediction{},
		}
		if f.box != nil {
			t.Predictions = append(t.Predictions, studioPrediction{
				Model: "Amazon Rekognition Face Liveness", Result: []studioRegion{studioFace(f)},
			})
		}
		tasks = append(tasks, t)
	}
	data, err := writeList(tasks)
	if err != nil {
		return err
	}
	if err := put("tasks.json", data); err != nil {
		return err
	}
	return put("labels.xml", []byte(studioSetup))
}

func studioFace(f *frame) studioRegion {
	_, w := shares(f.box.Left, f.box.Right, *f.Width)
	_, h := shares(f.box.Top, f.box.Bottom, *f.Height)
	return studioRegion{
		ID: label, Type: "rectanglelabels", From: "label", To: "image",
		Width: *f.Width, Height: *f.Height,
		Value: studioValue{
			X:      json.Number(edgeShare(f.box.Left, *f.Width).times(100)),
			Y:      json.Number(edgeShare(f.box.Top, *f.Height).times(100)),
			Width:  json.Number(w.times(100)),
			Height: json.Number(h.times(100)),
			Labels: []string{label},
		},
	}
}
