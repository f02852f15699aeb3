package pdf_test

import (
	"bytes"
	"fmt"
	"log"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/pdf"
)

// A session without images fits on one page.
func ExampleWrite() {
	var b bytes.Buffer
	r := &export.Report{Session: export.SessionRecord{ID: new("5f3c1a20"), Status: new("EXPIRED")}}
	load := func(int, bool) *decode.Frame { return nil }
	if err := pdf.Write(&b, r, load, &pdf.Options{Paper: pdf.Letter}); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", b.Bytes()[:8])
	// Output: %PDF-1.7
}
