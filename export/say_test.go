package export_test

import (
	"fmt"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// TestFileNames holds that a report names the files as Convert does, whatever
// the frames are called.
func TestFileNames(t *testing.T) {
	s := session(t, 4)
	s.Images[1].Name = "../audit-0"
	s.Images[3].Name = "reference"
	r, _ := convert(t, s, options())
	for i, name := range r.Report.FileNames() {
		f := r.Report.Frames[i]
		if got, want := "originals/"+name+export.Extension(*f.Format), *f.File; got != want {
			t.Errorf("frame %d: got %s, want %s", i, got, want)
		}
	}
}

// What a report says in words is the same on sheets, pages and paper.
func ExampleReport_CountWords() {
	r := &export.Report{Frames: []*export.FrameRecord{{Name: "reference"}}}
	r.Session.Challenge = &decode.Challenge{Type: "FaceMovementChallenge", Version: "1.0.0"}
	fmt.Println(r.CountWords())
	fmt.Println(r.Session.ChallengeWords())
	fmt.Println((&export.PlacementRecord{State: "absent"}).Words())
	// Output:
	// 1, of which 1 could not be shown
	// FaceMovementChallenge, version 1.0.0
	// [no box in the result]
}
