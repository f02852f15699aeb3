package boxes_test

import (
	"fmt"
	"image"
	"log"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/boxes"
)

// A whole batch goes into one set of files; what did not fit into the format is
// said.
func ExampleWrite() {
	report := &export.Report{Frames: []*export.FrameRecord{
		frame("reference", image.Pt(480, 640), image.Rect(120, 160, 360, 480)),
		{Name: "audit-0"}, // could not be loaded
	}}
	put := func(name string, data []byte) error {
		if name == "labels/some-session/reference.txt" {
			fmt.Printf("%s: %s", name, data)
		}
		return nil
	}
	notes, err := boxes.Write(boxes.YOLO, []boxes.Session{{Folder: "some-session", Report: report}}, nil, put)
	if err != nil {
		log.Fatal(err)
	}
	for _, n := range notes {
		fmt.Println(n)
	}
	// Output:
	// labels/some-session/reference.txt: 0 0.5 0.5 0.5 0.5
	// boxes rounded to whole pixels, without the numbers of the result: 1
	// frames that could not be loaded, left out: 1
}

func ExampleFormats() {
	fmt.Println(boxes.Formats())
	// Output: [coco csv cvat labelstudio voc w3c yolo]
}
