package export_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"log"
	"strings"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// result is what the service answers, with a picture of 32×32 grey pixels.
func result() string {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 32, 32))); err != nil {
		log.Fatal(err)
	}
	return `{
		"SessionId": "5f3c1a20-8d4e-4b7a-9c11-2e6f0a7d1b01",
		"Status": "SUCCEEDED",
		"Confidence": 97.3,
		"ReferenceImage": {
			"Bytes": "` + base64.StdEncoding.EncodeToString(b.Bytes()) + `",
			"BoundingBox": {"Left": 0.25, "Top": 0.125, "Width": 0.5, "Height": 0.75}
		}
	}`
}

// Every file of a session is made in memory and handed over one by one.
func ExampleConvert() {
	put := func(name string, _ []byte) error {
		fmt.Println(name)
		return nil
	}
	opts := &export.Options{Threshold: "90"}
	for s, err := range decode.Sessions(strings.NewReader(result()), &decode.Options{Name: "result.json"}) {
		if err != nil {
			log.Fatal(err)
		}
		made, err := export.Convert(context.Background(), s, opts, put)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(made.Report.Comparison())
	}
	// Output:
	// originals/reference.png
	// annotated/reference.png
	// faces/reference.png
	// sheet.png
	// report.json
	// confidence 97.3 ≥ threshold 90
}

// The report tells where the face lies, in pixels.
func ExampleInspect() {
	for s, err := range decode.Sessions(strings.NewReader(result()), nil) {
		if err != nil {
			log.Fatal(err)
		}
		r, err := export.Inspect(context.Background(), s, nil)
		if err != nil {
			log.Fatal(err)
		}
		for _, f := range r.Frames {
			fmt.Println(f.Name, f.Placement.State, *f.Placement.Pixels)
		}
	}
	// Output:
	// reference inside {8 4 24 28}
}

// A report that was written is read back.
func ExampleParseReport() {
	r, err := export.ParseReport(strings.NewReader(`{
		"schema": "lvtool.report/1",
		"session": {"status": "SUCCEEDED", "confidence": 61.270},
		"threshold": {"value": 90, "met": false}
	}`))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Comparison())
	// Output:
	// confidence 61.270 < threshold 90
}

// A picture says what it is.
func ExampleEncodePNG() {
	var b bytes.Buffer
	m := image.NewRGBA(image.Rect(0, 0, 480, 640))
	if err := export.EncodePNG(&b, m, []export.Text{{Keyword: "Title", Value: "audit image 0"}}); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%q\n", b.Bytes()[37:60])
	// Output:
	// "tEXtTitle\x00audit image 0"
}

// The contact sheet of a report can be drawn again, with other pictures.
func ExampleSheet() {
	r := &export.Report{}
	for page := range export.Sheet(r, nil, export.Layout{}) {
		fmt.Println(page.Rect.Dx(), "pixels wide")
	}
	// Output:
	// 1196 pixels wide
}

// An overview takes sessions as they come and puts a page when it is full.
func ExampleNewOverview() {
	put := func(name string, _ []byte) error {
		fmt.Println(name)
		return nil
	}
	opts := &export.Options{Sheet: export.Layout{Columns: 4}, Tool: export.Tool{Version: "v0.1.0"}}
	o := export.NewOverview(opts, put)
	for range 40 {
		if err := o.Add(&export.Result{Report: &export.Report{}}, "some-folder"); err != nil {
			log.Fatal(err)
		}
	}
	if err := o.Close(); err != nil {
		log.Fatal(err)
	}
	// Output:
	// overview.png
	// overview-2.png
}

func ExampleReportSchema() {
	var schema struct {
		Title    string
		Required []string
	}
	if err := json.Unmarshal(export.ReportSchema(), &schema); err != nil {
		log.Fatal(err)
	}
	fmt.Println(schema.Title)
	fmt.Println(schema.Required)
	// Output:
	// lvtool report, version 1
	// [schema tool source session threshold frames outputs problems]
}
