package export_test

import (
	"bytes"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// A thumbnail made again has the pixels of the first, whichever image it is of.
func TestThumbnail(t *testing.T) {
	broken := inline([]byte("GIF89a"))
	none := options()
	none.Outputs = []string{export.OutputSheet}
	if got, err := new(export.Converter).Thumbnail(t.Context(), session(t, 1), none); got != nil || err != nil {
		t.Errorf("got %v, %v, want nothing where no overview is asked for", got, err)
	}
	for name, change := range map[string]func(s *decode.Session){
		"reference":    func(*decode.Session) {},
		"no reference": func(s *decode.Session) { s.Images[0].Inline = broken },
		"last": func(s *decode.Session) {
			s.Images[0], s.Images[2] = s.Images[2], s.Images[0]
			s.Images[0].Box = nil
		},
		"nothing": func(s *decode.Session) { s.Images = nil },
	} {
		t.Run(name, func(t *testing.T) {
			s := session(t, 3)
			change(s)
			want, _ := convert(t, s, options())
			got, err := new(export.Converter).Thumbnail(t.Context(), s, options())
			if err != nil {
				t.Fatal(err)
			}
			if (got == nil) != (want.Thumbnail == nil) {
				t.Fatalf("got %v, want %v", got, want.Thumbnail)
			}
			if got != nil && (got.Rect != want.Thumbnail.Rect || !bytes.Equal(got.Pix, want.Thumbnail.Pix)) {
				t.Error("the pixels differ")
			}
		})
	}
}
