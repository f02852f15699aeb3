package pack

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export/bag"
)

// Earlier reports whether a pack that was made earlier, whose files read reads
// by name, is what [Write] would make of a session with the same options at
// another time: of the same source, by the same tool, with the same labels. It
// does not verify the pack. An error of read means that it is not.
func Earlier(s *decode.Session, opts *Options, read func(name string) ([]byte, error)) bool {
	record, err1 := read(ProvenanceFile)
	info, err2 := read("bag-info.txt")
	var p Provenance
	if err1 != nil || err2 != nil || json.Unmarshal(record, &p) != nil || len(p.Sources) == 0 {
		return false
	}
	was := slices.DeleteFunc(bag.ParseInfo(info), func(f bag.Field) bool { return depends(f.Label) })
	want := slices.DeleteFunc(opts.fields(s.ID), func(f bag.Field) bool { return depends(f.Label) })
	page := slices.ContainsFunc(p.Derived, func(f DerivedFile) bool { return f.File == PageFile })
	return page == opts.Page && p.Schema == ProvenanceSchemaName && p.Sources[0].SHA256 == s.Source.SHA256.String() &&
		reflect.DeepEqual(p.Tool, opts.Export.Tool) && slices.Equal(was, want)
}

// depends reports whether a field of bag-info.txt depends on the time or the
// payload.
func depends(label string) bool {
	return label == "Bagging-Date" || label == "Payload-Oxum" || strings.HasPrefix(label, "Custody-Log-")
}
