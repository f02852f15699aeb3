package decode_test

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lvtool/lvtool/decode"
)

// An image that lies in S3 as well is compared with that where it is asked for,
// and nowhere else.
func TestCheckObjects(t *testing.T) {
	data, err := os.ReadFile("testdata/progressive.jpg")
	if err != nil {
		t.Fatal(err)
	}
	inline, err := json.Marshal(base64.StdEncoding.EncodeToString(data))
	if err != nil {
		t.Fatal(err)
	}
	bucket := decode.DirObjects(fstest.MapFS{
		"bucket/same":  {Data: data},
		"bucket/other": {Data: []byte("other")},
	})
	for _, tt := range []struct {
		name    string
		object  decode.S3Object
		objects decode.Objects
		off     bool
		want    []string
	}{
		{"same", decode.S3Object{Bucket: "bucket", Name: "same"}, bucket, false, nil},
		{
			"same version",
			decode.S3Object{Bucket: "bucket", Name: "same", Version: "1"},
			bucket, false,
			[]string{"version_unchecked"},
		},
		{"other", decode.S3Object{Bucket: "bucket", Name: "other"}, bucket, false, []string{"s3_differs"}},
		{"other, not asked", decode.S3Object{Bucket: "bucket", Name: "other"}, bucket, true, nil},
		{"gone", decode.S3Object{Bucket: "bucket", Name: "gone"}, bucket, false, []string{"s3_unchecked"}},
		{"no access", decode.S3Object{Bucket: "bucket", Name: "same"}, nil, false, []string{"s3_unchecked"}},
	} {
		img := &decode.Image{Name: "reference", Inline: inline, S3: &tt.object}
		f := decode.LoadFrame(t.Context(), img, &decode.LoadOptions{Objects: tt.objects, CheckObjects: !tt.off})
		if f.Err != nil || f.Origin.Kind != "inline" || len(f.Data) != len(data) {
			t.Errorf("%s: got %d bytes, %s, %v, want those of the document", tt.name, len(f.Data), f.Origin.Kind, f.Err)
		}
		var got []string
		for _, p := range f.Problems {
			got = append(got, p.Code)
			if !strings.Contains(p.Message, "s3://bucket/") && p.Code != "version_unchecked" {
				t.Errorf("%s: %q does not name the object", tt.name, p.Message)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got problems %v, want %v", tt.name, got, tt.want)
		}
	}
}
