package export

import (
	"cmp"
	"image"
)

// A Picture holds what a sheet shows of a frame. Both may be nil, and both may
// be smaller than the files they stand for.
type Picture struct {
	// Annotated is the marked frame.
	Annotated *image.RGBA
	// Face is the crop.
	Face *image.RGBA

	face *FaceRecord // of Face, where the frame's has none
}

func (p Picture) drawn() bool { return p.Annotated != nil }

// A tile is what stands in one place of a sheet's grid.
type tile struct {
	frame   *FrameRecord // nil for the reference image that a result lacks
	reason  string       // why there is no picture
	picture Picture
}

// tiles returns the tiles of a report, the first one saying so where the result
// lacks its reference image.
func tiles(r *Report, pictures []Picture) []tile {
	if len(r.Frames) == 0 {
		return nil
	}
	var list []tile
	if reason, lacks := lacksReference(r); lacks {
		list = append(list, tile{reason: reason})
	}
	for i, f := range r.Frames {
		t := tile{frame: f}
		if i < len(pictures) {
			t.picture = pictures[i]
		}
		if n := len(f.Problems); f.Width == nil && n > 0 {
			t.reason = f.Problems[n-1].Message
		}
		list = append(list, t)
	}
	return list
}

func lacksReference(r *Report) (reason string, lacks bool) {
	for _, p := range r.Problems {
		if p.Code == noReference {
			return p.Message, true
		}
	}
	return "", false
}

// row lays out tiles side by side. Their places are as high as the highest of
// their pictures.
func (t *theme) row(g grid, list []tile) *layer {
	height := 0
	for i := range list {
		p := &list[i].picture
		p.Annotated = t.small.within(p.Annotated, g.place)
		if p.Annotated != nil {
			height = max(height, p.Annotated.Rect.Dy())
		}
	}
	height = max(height, min(g.place.Y/3, 160))
	l := &layer{}
	for i := range list {
		l.put(image.Pt(i*(g.cell()+gap), 0), t.tile(g, &list[i], height))
	}
	l.height += gap
	return l
}

// tile lays out one tile whose place for the picture has the given height.
func (t *theme) tile(g grid, tile *tile, height int) *layer {
	l := &layer{}
	place := image.Rect(0, 0, g.place.X, height)
	l.fill(place, panel)
	if m := tile.picture.Annotated; m != nil {
		l.picture(place.Size().Sub(m.Rect.Size()).Div(2), m)
	} else {
		t.empty(l, place)
	}
	l.put(image.Pt(g.place.X+inset, 0), t.captions(tile, g.side, height))
	return l
}

// empty says in a place that there is no picture.
func (t *theme) empty(l *layer, place image.Rectangle) {
	lines := t.note.wrap("no picture", place.Dx()-inset)
	y := (place.Dy() - len(lines)*t.note.lineHeight()) / 2
	for _, s := range lines {
		l.write(t.note, (place.Dx()-t.note.face.Width(s))/2, y, s)
		y += t.note.lineHeight()
	}
}

// captions lays out the words beside a picture, and the face below them.
func (t *theme) captions(tile *tile, width, height int) *layer {
	l := &layer{}
	f := tile.frame
	if f == nil {
		y := l.paragraph(t.name, 0, 0, []string{reference})
		l.paragraph(t.caption, 0, y+2, t.caption.fit(capital(tile.reason), width, 14))
		return l
	}
	y := l.paragraph(t.name, 0, 0, t.name.fit(f.Name, width, 2)) + 2
	put := func(s style, words string, lines int) { y = l.paragraph(s, 0, y, s.fit(words, width, lines)) }
	if f.Width != nil {
		put(t.caption, sizeWords(f), 3)
		for _, words := range boxWords(f.Placement) {
			put(t.caption, words, 4)
		}
	} else {
		put(t.caption, tile.reason, 14)
	}
	if f.SHA256 != nil && len(*f.SHA256) > 12 {
		put(t.digest, "SHA-256 "+(*f.SHA256)[:12]+"…", 2)
	}
	if f.Width != nil && f.Origin != nil && f.Origin.Kind == "s3" {
		put(t.note, "s3://"+clip(f.Origin.Bucket, longest/2)+"/"+clip(f.Origin.Key, longest/2), 3)
	}
	if n := len(f.Problems); f.Width != nil && n > 0 {
		put(t.note, plural(n, "problem")+", listed above", 2)
	}
	t.face(l, tile, y+8, width, height)
	return l
}

// face puts the crop and its caption at y.
func (t *theme) face(l *layer, tile *tile, y, width, height int) {
	record := cmp.Or(tile.frame.Face, tile.picture.face)
	if tile.picture.Face == nil || record == nil {
		return
	}
	lines := t.note.fit(faceWords(record), width, 2)
	room := max(120, height-y-4-len(lines)*t.note.lineHeight())
	m := t.small.within(tile.picture.Face, image.Pt(width, room))
	l.picture(image.Pt(0, y), m)
	l.paragraph(t.note, 0, y+m.Rect.Dy()+4, lines)
}
