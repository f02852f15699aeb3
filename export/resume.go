package export

import (
	"bytes"
	"errors"
	"fmt"
	"maps"

	"github.com/lvtool/lvtool/decode"
)

// Earlier reads data, the report.json that an earlier run wrote, and returns it
// where [Convert] would write the same for s today, as far as can be told
// without loading an image: by the same tool with the same options, from the
// same bytes, with nothing in it changed by hand but what it says of images and
// files. Else the error says what is different.
//
// What it leaves open is whether images that lie in S3 are still the same, and
// whether the files are still there.
func Earlier(data []byte, s *decode.Session, opts *Options) (*Report, error) {
	if opts == nil {
		opts = &Options{}
	}
	r, err := ParseReport(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	now := newReport(s, opts)
	if err := sameTool(&r.Tool, &now.Tool); err != nil {
		return nil, err
	}
	if r.Source.SHA256 != now.Source.SHA256 || r.Source.Name != now.Source.Name {
		return nil, errors.New("the source is another")
	}
	if len(r.Frames) != len(s.Images) {
		return nil, errors.New("the report does not have the images of the source")
	}
	for i, f := range r.Frames {
		if f.Name != s.Images[i].Name {
			return nil, errors.New("the report does not have the images of the source")
		}
	}
	now.Frames, now.Outputs = r.Frames, r.Outputs
	again, err := now.JSON()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, data) {
		return nil, errors.New("the report is not as it would be written now")
	}
	return r, nil
}

// sameTool says what is different between the tool of a report and this one.
func sameTool(then, now *Tool) error {
	switch {
	case then.Version != now.Version:
		return fmt.Errorf("another version of lvtool made it, %.40q", then.Version)
	case then.Go != now.Go || !maps.Equal(then.Modules, now.Modules):
		return errors.New("lvtool was built with another Go or other modules")
	case !maps.Equal(then.Options, now.Options):
		return errors.New("the options were others")
	}
	return nil
}
