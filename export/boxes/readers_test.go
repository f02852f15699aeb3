package boxes_test

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"image"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/export/boxes"
)

// A reader takes a format as the programs do that it is for: by SESSION/FRAME,
// the rectangles in pixels.
type reader func(testing.TB, *files, []boxes.Session) map[string]image.Rectangle

var readers = map[boxes.Format]reader{
	boxes.COCO: readCOCO, boxes.VOC: readVOC, boxes.YOLO: readYOLO, boxes.LabelStudio: readStudio,
	boxes.CVAT: readCVAT, boxes.W3C: readW3C, boxes.CSV: readCSV,
}

// name returns SESSION/FRAME of a picture's file.
func name(file string) string {
	if i := strings.Index(file, "?d="); i >= 0 {
		file = file[i+3:]
	}
	file = strings.Replace(file, "/originals/", "/", 1)
	return strings.TrimSuffix(file, ".jpg")
}

func parseJSON(tb testing.TB, data string, v any) {
	tb.Helper()
	if err := json.Unmarshal([]byte(data), v); err != nil {
		tb.Fatalf("%v\n%s", err, data)
	}
}

func readCOCO(tb testing.TB, f *files, _ []boxes.Session) map[string]image.Rectangle {
	tb.Helper()
	var doc struct {
		Images []struct {
			ID            int
			File          string `json:"file_name"`
			Width, Height int
		}
		Annotations []struct {
			ID, Area int
			Image    int    `json:"image_id"`
			Category int    `json:"category_id"`
			Crowd    *int   `json:"iscrowd"`
			Box      [4]int `json:"bbox"`
		}
		Categories []struct{ ID int }
	}
	parseJSON(tb, f.data["annotations.json"], &doc)
	files := map[int]string{}
	for _, m := range doc.Images {
		files[m.ID] = m.File
	}
	got := map[string]image.Rectangle{}
	seen := map[int]bool{0: true}
	for _, a := range doc.Annotations {
		if seen[a.ID] || a.Crowd == nil || a.Category != doc.Categories[0].ID || a.Area != a.Box[2]*a.Box[3] {
			tb.Errorf("annotation %+v is not as COCO has it", a)
		}
		seen[a.ID] = true
		got[name(files[a.Image])] = image.Rect(a.Box[0], a.Box[1], a.Box[0]+a.Box[2], a.Box[1]+a.Box[3])
	}
	return got
}

func readVOC(tb testing.TB, f *files, _ []boxes.Session) map[string]image.Rectangle {
	tb.Helper()
	got := map[string]image.Rectangle{}
	for id := range strings.Lines(f.data["ImageSets/Main/trainval.txt"]) {
		id = strings.TrimSpace(id)
		var doc struct {
			Filename string `xml:"filename"`
			Width    int    `xml:"size>width"`
			Box      struct {
				L int `xml:"xmin"`
				T int `xml:"ymin"`
				R int `xml:"xmax"`
				B int `xml:"ymax"`
			} `xml:"object>bndbox"`
		}
		if err := xml.Unmarshal([]byte(f.data["Annotations/"+id+".xml"]), &doc); err != nil {
			tb.Fatalf("%s: %v", id, err)
		}
		if name(doc.Filename) != id || doc.Box.L < 1 || doc.Box.R > doc.Width {
			tb.Errorf("%s: got %+v", id, doc)
		}
		got[id] = image.Rect(doc.Box.L-1, doc.Box.T-1, doc.Box.R, doc.Box.B)
	}
	return got
}

func readYOLO(tb testing.TB, f *files, list []boxes.Session) map[string]image.Rectangle {
	tb.Helper()
	sizes := map[string][2]int{}
	for _, s := range list {
		for _, r := range s.Report.Frames {
			sizes[s.Folder+"/"+r.Name] = [2]int{*r.Width, *r.Height}
		}
	}
	got := map[string]image.Rectangle{}
	for line := range strings.Lines(f.data["train.txt"]) {
		id, ok := strings.CutPrefix(strings.TrimSpace(line), "./images/")
		if !ok {
			tb.Fatalf("got %q in train.txt", line)
		}
		id = name(id)
		var class int
		var x, y, w, h float64
		if _, err := fmt.Sscan(f.data["labels/"+id+".txt"], &class, &x, &y, &w, &h); err != nil || class != 0 {
			tb.Fatalf("%s: class %d, %v", id, class, err)
		}
		// As strict as albumentations, but for the last bit of a float.
		const most = 1 + 1e-12
		if min(x-w/2, y-h/2) < 1-most || max(x+w/2, y+h/2) > most || min(w, h) <= 0 {
			tb.Errorf("%s: %g %g %g %g lies beyond the picture", id, x, y, w, h)
		}
		s := sizes[id]
		got[id] = image.Rect(pixel(x-w/2, s[0]), pixel(y-h/2, s[1]), pixel(x+w/2, s[0]), pixel(y+h/2, s[1]))
	}
	return got
}

// pixel returns the edge that a share stands for, and the wrong one where it
// stands for none.
func pixel(share float64, size int) int {
	at := share * float64(size)
	if math.Abs(at-math.Round(at)) > 1e-3 {
		return -1 << 20
	}
	return int(math.Round(at))
}

func readStudio(tb testing.TB, f *files, _ []boxes.Session) map[string]image.Rectangle {
	tb.Helper()
	var tasks []struct {
		Data        struct{ Image string }
		Predictions []struct {
			Score  *float64
			Result []struct {
				Type          string
				OriginalWidth int `json:"original_width"`
				OriginalHeigh int `json:"original_height"`
				Value         struct {
					X, Y, Width, Height float64
					Labels              []string `json:"rectanglelabels"`
				}
			}
		}
	}
	parseJSON(tb, f.data["tasks.json"], &tasks)
	got := map[string]image.Rectangle{}
	for _, task := range tasks {
		for _, p := range task.Predictions {
			r := p.Result[0]
			v, w, h := r.Value, r.OriginalWidth, r.OriginalHeigh
			if p.Score != nil || r.Type != "rectanglelabels" || v.X+v.Width > 100+1e-9 || v.X < 0 {
				tb.Errorf("got %+v", r)
			}
			got[name(task.Data.Image)] = image.Rect(
				pixel(v.X/100, w), pixel(v.Y/100, h), pixel((v.X+v.Width)/100, w), pixel((v.Y+v.Height)/100, h))
		}
	}
	return got
}

func readCVAT(tb testing.TB, f *files, _ []boxes.Session) map[string]image.Rectangle {
	tb.Helper()
	var doc struct {
		Version string `xml:"version"`
		Image   []struct {
			Name string `xml:"name,attr"`
			Box  []struct {
				L float64 `xml:"xtl,attr"`
				T float64 `xml:"ytl,attr"`
				R float64 `xml:"xbr,attr"`
				B float64 `xml:"ybr,attr"`
			} `xml:"box"`
		} `xml:"image"`
	}
	if err := xml.Unmarshal([]byte(f.data["annotations.xml"]), &doc); err != nil || doc.Version != "1.1" {
		tb.Fatalf("version %q, %v", doc.Version, err)
	}
	got := map[string]image.Rectangle{}
	for _, m := range doc.Image {
		for _, x := range m.Box {
			got[name(m.Name)] = image.Rect(int(x.L), int(x.T), int(x.R), int(x.B))
		}
	}
	return got
}

func readW3C(tb testing.TB, f *files, _ []boxes.Session) map[string]image.Rectangle {
	tb.Helper()
	var list []struct {
		ID     string
		Target struct {
			Source   string
			Selector struct{ Value string }
		}
	}
	parseJSON(tb, f.data["annotations.jsonld"], &list)
	got := map[string]image.Rectangle{}
	ids := map[string]bool{}
	for _, a := range list {
		var x, y, w, h int
		if _, err := fmt.Sscanf(a.Target.Selector.Value, "xywh=pixel:%d,%d,%d,%d", &x, &y, &w, &h); err != nil {
			tb.Fatalf("%q: %v", a.Target.Selector.Value, err)
		}
		if ids[a.ID] {
			tb.Errorf("id %s is there twice", a.ID)
		}
		ids[a.ID] = true
		got[name(a.Target.Source)] = image.Rect(x, y, x+w, y+h)
	}
	return got
}

func readCSV(tb testing.TB, f *files, _ []boxes.Session) map[string]image.Rectangle {
	tb.Helper()
	rows, err := csv.NewReader(strings.NewReader(f.data["boxes.csv"])).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	column := map[string]int{}
	for i, c := range rows[0] {
		column[c] = i
	}
	got := map[string]image.Rectangle{}
	for _, row := range rows[1:] {
		cell := func(c string) int {
			n, err := strconv.Atoi(row[column[c]])
			if err != nil {
				tb.Fatal(err)
			}
			return n
		}
		got[row[column["folder"]]+"/"+row[column["frame"]]] = image.Rect(
			cell("clipped_left"), cell("clipped_top"), cell("clipped_right"), cell("clipped_bottom"))
	}
	return got
}
