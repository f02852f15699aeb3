package main_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log"
	"os"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// Every session of a file becomes files, which are kept in memory here. The
// README has the lines between the two marks.
func Example() {
	f, err := os.Open("../../samples/session.json")
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	ctx := context.Background()
	files := map[string][]byte{}
	write := func(name string, data []byte) error {
		if !fs.ValidPath(name) {
			return fs.ErrInvalid
		}
		files[name] = bytes.Clone(data)
		return nil
	}

	// readme
	opts := &export.Options{Crop: annotate.DefaultCrop(), Threshold: "90"}
	for session, err := range decode.Sessions(f, &decode.Options{Name: "session.json"}) {
		if err != nil {
			log.Fatal(err)
		}
		result, err := export.Convert(ctx, session, opts, write) // write takes a name and the bytes of a file
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(result.Report.Comparison())
	}
	// readme

	fmt.Println(len(files), "files")
	// Output:
	// confidence 97.30000305175781 ≥ threshold 90
	// 17 files
}
