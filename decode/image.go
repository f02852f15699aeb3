package decode

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// An album collects the images of a session. What a result says of one image
// may be spread over several members.
type album struct {
	r *reader
	// from is the value that pointers start from.
	from      *value
	pointer   string
	reference []*Image
	audit     []*Image
}

// add takes in a member that says something of images.
func (a *album) add(f field, p part, v *value) error {
	v = unwrap(v)
	if v.null() {
		return nil
	}
	if f == referenceImage {
		return a.fill(&a.reference, 0, "reference", p, v)
	}
	items, single := a.list(v)
	for i, item := range items {
		if err := a.fill(&a.audit, i, "audit-"+strconv.Itoa(i), p, item); err != nil {
			return err
		}
	}
	if single {
		a.audit[0].note("audit_not_list", "AuditImages is one image, not a list of them")
	}
	return nil
}

// fill takes in what v says of the image number i of a list.
func (a *album) fill(list *[]*Image, i int, name string, p part, v *value) error {
	if i == len(*list) {
		*list = append(*list, &Image{Name: name, Pointer: a.pointer + v.pointer(a.from)})
	}
	(*list)[i].fill(a.r, p, unwrap(v))
	return within(LimitFrames, len(a.reference)+len(a.audit), a.r.limits.Frames)
}

// images returns the images in their order.
func (a *album) images() []Image {
	var all []Image
	for _, img := range append(a.reference, a.audit...) {
		all = append(all, *img)
	}
	return all
}

// list returns the audit images in v, and whether v is one image and no list.
func (a *album) list(v *value) (items []*value, single bool) {
	if v.kind == jsontext.KindString {
		if root := a.r.decoded(v); root != nil {
			v = root
		}
	}
	// PowerShell 5 writes lists so, if it is asked to at the wrong time.
	if inner := v.member("value"); inner != nil && v.member("Count") != nil {
		v = inner
	}
	if v.kind == jsontext.KindBeginArray && !v.bulk {
		return v.items, false
	}
	if items := numbered(v); items != nil {
		return items, false
	}
	if v.kind == jsontext.KindBeginObject && !v.bulk && len(v.members) == 0 {
		return nil, false // PHP's empty list
	}
	return []*value{v}, true
}

// numbered returns the values of an object whose names are 0, 1, 2 and so on,
// as PHP writes some lists; nil for other objects.
func numbered(v *value) []*value {
	items := make([]*value, len(v.members))
	for _, m := range v.members {
		i, err := strconv.Atoi(m.name)
		if err != nil || i < 0 || i >= len(items) || items[i] != nil {
			return nil
		}
		items[i] = m.value
	}
	if len(items) == 0 {
		return nil
	}
	return items
}

func (img *Image) note(code, format string, args ...any) {
	img.Problems = append(img.Problems, Problem{code, fmt.Sprintf(format, args...)})
}

// fill takes in what v says of a part of the image.
func (img *Image) fill(r *reader, p part, v *value) {
	switch {
	case v.null():
	case p == boxPart:
		img.setBox(r, v)
	case p == s3Part:
		img.setS3(r, v)
	case v.kind == jsontext.KindString:
		img.fillString(r, v)
	case v.bulk || v.kind == jsontext.KindBeginObject && !img.isParts(v):
		img.setInline(v)
	case v.kind == jsontext.KindBeginObject:
		img.fillObject(r, v)
	case len(v.items) == 1:
		img.note("image_in_list", "the image is in a list of one")
		img.fill(r, p, unwrap(v.items[0]))
	default:
		img.refused = fmt.Errorf("%w: %s is not an image", ErrEncoding, printable(string(v.raw)))
	}
}

// isParts reports whether an object is an image in parts, rather than bytes
// that some program has written as an object.
func (img *Image) isParts(v *value) bool {
	if t := v.member("type"); t != nil && t.text() == "Buffer" {
		return false
	}
	for _, m := range v.members {
		if _, ok := imageParts[fold(m.name)]; ok {
			return true
		}
	}
	return false
}

func (img *Image) fillObject(r *reader, v *value) {
	for _, m := range v.members {
		p, ok := imageParts[fold(m.name)]
		inner := unwrap(m.value)
		switch {
		case !ok || inner.null():
		case p == stubPart:
			img.stripped = img.stripped || inner.kind != jsontext.KindFalse
		case p == s3Part && strings.HasSuffix(fold(m.name), "bucket") || fold(m.name) == "bucketname":
			img.setS3(r, v)
		default:
			img.fill(r, p, inner)
		}
	}
}

// fillString takes in a string, which may be an address, an image in JSON, or
// the bytes.
func (img *Image) fillString(r *reader, v *value) {
	raw := v.raw[1 : len(v.raw)-1]
	switch {
	case len(bytes.TrimSpace(raw)) == 0:
		img.stripped = true
	case hasAnyPrefix(raw, "s3:", "S3:", "arn:aws"):
		img.setS3(r, v)
	case hasAnyPrefix(raw, "http:", "https:", `http:\/`, `https:\/`, "blob:"):
		img.refused = refuseAddress(v.text())
	default:
		if root := r.decoded(v); root != nil && img.isParts(root) {
			img.fillObject(r, root)
			return
		}
		img.setInline(v)
	}
}

func hasAnyPrefix(raw []byte, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return bytes.HasPrefix(raw, []byte(p)) })
}

func (img *Image) setInline(v *value) {
	if img.Inline != nil {
		img.note("bytes_twice", "the bytes are there more than once; the first were taken")
		return
	}
	img.Inline = json.RawMessage(v.raw)
}

func (img *Image) setS3(r *reader, v *value) {
	o, ok := s3Object(r, v)
	switch {
	case !ok:
		img.note("s3_unreadable", "the S3 object has no bucket and name: %s", printable(string(v.raw)))
	case img.S3 != nil && *img.S3 != o:
		img.note("s3_twice", "there are several S3 objects; the first, %s, was taken", img.S3)
	default:
		img.S3 = &o
	}
}

// s3Object returns the object that v names: an address, or a bucket and a key.
func s3Object(r *reader, v *value) (S3Object, bool) {
	if v.kind == jsontext.KindString {
		if root := r.decoded(v); root != nil {
			v = root
		} else {
			return s3Address(v.text())
		}
	}
	var o S3Object
	for _, m := range v.members {
		inner := unwrap(m.value)
		switch fold(m.name) {
		case "bucket", "s3bucket", "bucketname":
			o.Bucket = inner.text()
		case "name", "key", "s3key", "objectkey", "objectname", "path":
			o.Name = inner.text()
		case "version", "versionid", "s3version", "s3versionid", "objectversion":
			o.Version = inner.text()
		}
	}
	if o.Bucket == "" && len(v.members) > 0 {
		for _, m := range v.members {
			if p := imageParts[fold(m.name)]; p == s3Part || p == addressPart {
				return s3Object(r, unwrap(m.value))
			}
		}
	}
	return o, o.Bucket != "" && o.Name != ""
}

// s3Address reads s3://bucket/key and the ARN of an object.
func s3Address(address string) (S3Object, bool) {
	rest, ok := strings.CutPrefix(address, "s3://")
	if !ok {
		rest, ok = strings.CutPrefix(address, "S3://")
	}
	if !ok && strings.HasPrefix(address, "arn:aws") {
		_, rest, ok = strings.Cut(address, ":s3:::")
	}
	bucket, key, _ := strings.Cut(rest, "/")
	return S3Object{Bucket: bucket, Name: key}, ok && bucket != "" && key != ""
}

// setBox reads a box. Members that are no numbers are kept as written: the
// service writes "NaN" so.
func (img *Image) setBox(r *reader, v *value) {
	if root := r.decoded(v); root != nil {
		v = root
	}
	var b Box
	for _, m := range v.members {
		dst := b.member(fold(m.name))
		if dst == nil {
			continue
		}
		inner := unwrap(m.value)
		if !setNumber(dst, inner) {
			*dst = Number(inner.raw)
		}
		if inner.kind == jsontext.KindString && dst.bounded() {
			img.note("number_as_string", "the %s of the box is written as a string", m.name)
		}
	}
	switch {
	case b == (Box{}):
		img.note("box_unreadable", "the box is not an object with Left, Top, Width and Height: %s",
			printable(string(v.raw)))
	case img.Box != nil && *img.Box != b:
		img.note("box_twice", "there are several boxes; the first was taken")
	default:
		img.Box = &b
	}
}

// member returns the member with a folded name, nil for none.
func (b *Box) member(name string) *Number {
	switch name {
	case "left":
		return &b.Left
	case "top":
		return &b.Top
	case "width":
		return &b.Width
	case "height":
		return &b.Height
	}
	return nil
}
