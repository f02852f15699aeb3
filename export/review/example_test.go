package review_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log"
	"os"
	"strings"
	"testing/fstest"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/review"
)

// convert does what lvtool convert does, into memory.
func convert(document string) fs.FS {
	f, err := os.Open(samples + document)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	folder := fstest.MapFS{}
	for session, err := range decode.Sessions(f, &decode.Options{Name: document}) {
		if err != nil {
			log.Fatal(err)
		}
		_, err := export.Convert(context.Background(), session, nil, func(name string, data []byte) error {
			folder[name] = &fstest.MapFile{Data: bytes.Clone(data)}
			return nil
		})
		if err != nil {
			log.Fatal(err)
		}
	}
	return folder
}

// A page of a folder that lvtool convert wrote.
func Example() {
	s, err := review.Read(context.Background(), convert("expired.json"), "expired", nil)
	if err != nil {
		log.Fatal(err)
	}
	sessions := func(yield func(*review.Session, error) bool) { yield(s, nil) }
	made, err := review.Write(sessions, &review.Options{Title: "Week 47"}, func(name string, data []byte) error {
		fmt.Println(name, strings.Contains(string(data), "<h1 dir=\"auto\">Week 47</h1>"))
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(made.Sessions, made.Files)
	// Output:
	// review.html true
	// 1 [review.html]
}

// What a page exported is held to the session that it was made of.
func ExampleCheck() {
	s, err := review.Read(context.Background(), convert("expired.json"), "expired", nil)
	if err != nil {
		log.Fatal(err)
	}
	about := s.Binding()
	exported := fmt.Sprintf(`{
		"schema": "lvtool.review/1", "page": %q, "reviewer": "Zoë", "blind": false,
		"decisions": [{
			"session": %q, "source_sha256": %q, "report_sha256": %q, "images": [],
			"decision": "resubmit", "reasons": ["images_missing"], "note": "", "time": "2026-11-22T16:00:00Z"
		}]
	}`, strings.Repeat("0", 64), *about.Session, about.Source, about.Report)
	d, err := review.ParseDecisions(strings.NewReader(exported))
	if err != nil {
		log.Fatal(err)
	}
	found, err := review.Check(d, []review.Binding{about}, nil)
	fmt.Println(found, err)
	fmt.Println(d.Reviewer, d.Decisions[0].Choice, d.Decisions[0].Reasons)

	d.Decisions[0].Images = append(d.Decisions[0].Images, review.ImageBinding{Name: "reference"})
	_, err = review.Check(d, []review.Binding{about}, nil)
	fmt.Println(err)
	// Output:
	// [0] <nil>
	// Zoë resubmit [images_missing]
	// decision 1, session "7d13c9e4-06fb-4a58-9e2d-b84f5a7c0316": the images decided on are not those of the session
}

func ExampleCompare() {
	a, b := decisions([3][3]int{{20, 5}, {10, 15}})
	g, err := review.Compare(a, b)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d of %d the same, kappa %.2f\n", g.Agreed, g.Both, g.Kappa)
	// Output: 35 of 50 the same, kappa 0.40
}
