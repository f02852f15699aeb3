package boxes

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// csvColumns are the columns of the table. Those of the session begin with its
// name, so that nobody takes its confidence for a face's.
var csvColumns = []string{
	"folder", "session_id", "session_status", "session_confidence", "threshold", "threshold_met",
	"frame", "image", "sha256", "image_width", "image_height", "exif_orientation", "state", "visible",
	"box_left", "box_top", "box_width", "box_height", "box_unit",
	"exact_left", "exact_top", "exact_right", "exact_bottom",
	"pixel_left", "pixel_top", "pixel_right", "pixel_bottom",
	"clipped_left", "clipped_top", "clipped_right", "clipped_bottom", "problems",
}

// writeCSV writes a row for every frame, and one for a session without any.
func writeCSV(b *batch, put export.Put) error {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	rows := [][]string{csvColumns}
	next := 0
	for i := range b.sessions {
		s := &b.sessions[i]
		head := sessionCells(s)
		if len(s.Report.Frames) == 0 {
			row := append(head, make([]string, len(csvColumns)-len(head))...)
			row[len(row)-1] = harmless(codes(s.Report.Problems))
			rows = append(rows, row)
		}
		for range s.Report.Frames {
			rows = append(rows, append(slices.Clip(head), frameCells(b, b.frames[next])...))
			next++
		}
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	return put("boxes.csv", out.Bytes())
}

func sessionCells(s *Session) []string {
	r := s.Report
	cells := []string{s.Folder, text(r.Session.ID), text(r.Session.Status), measure(r.Session.Confidence), "", ""}
	if t := r.Threshold; t != nil {
		cells[4] = measure(t.Value)
		if t.Met != nil {
			cells[5] = strconv.FormatBool(*t.Met)
		}
	}
	return cells
}

func frameCells(b *batch, f *frame) []string {
	image := ""
	if f.Bytes != nil {
		image = harmless(b.base + f.original())
	}
	cells := []string{harmless(f.Name), image, text(f.SHA256), whole(f.Width), whole(f.Height), whole(f.Orientation)}
	cells = append(cells, placementCells(f.Placement)...)
	if x := f.Box; x != nil {
		cells = append(cells, measure(x.Left), measure(x.Top), measure(x.Width), measure(x.Height), "")
		if x.Unit != nil {
			cells[len(cells)-1] = string(*x.Unit)
		}
	} else {
		cells = append(cells, "", "", "", "", "")
	}
	cells = append(cells, edgeCells(f.Placement)...)
	return append(cells, harmless(codes(slices.Concat(f.session.Report.Problems, f.Problems))))
}

func placementCells(p *export.PlacementRecord) []string {
	if p == nil {
		return []string{"failed", ""}
	}
	cells := []string{string(p.State), ""}
	if p.Visible != nil {
		cells[1] = strconv.FormatFloat(*p.Visible, 'f', -1, 64)
	}
	return cells
}

func edgeCells(p *export.PlacementRecord) []string {
	if p == nil {
		p = &export.PlacementRecord{}
	}
	cells := []string{"", "", "", ""}
	if x := p.Exact; x != nil {
		cells = []string{measure(x.Left), measure(x.Top), measure(x.Right), measure(x.Bottom)}
	}
	for _, r := range []*export.RectRecord{p.Pixels, p.Clipped} {
		if r == nil {
			cells = append(cells, "", "", "", "")
			continue
		}
		cells = append(cells, whole(&r.Left), whole(&r.Top), whole(&r.Right), whole(&r.Bottom))
	}
	return cells
}

// codes lists the codes of problems; report.json has the words.
func codes(problems []decode.Problem) string {
	list := make([]string, len(problems))
	for i, p := range problems {
		list[i] = p.Code
	}
	return strings.Join(list, " ")
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return harmless(*s)
}

func whole(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// measure returns a number with its digits. A minus may begin it: no
// spreadsheet runs a plain number.
func measure(n decode.Number) string {
	if _, err := n.Rat(); err != nil {
		return harmless(string(n))
	}
	return string(n)
}

// harmless keeps text from being run as a formula by a spreadsheet, with the
// apostrophe that spreadsheets themselves put before text
// (https://owasp.org/www-community/attacks/CSV_Injection), and from breaking the
// row in readers that know no quotes.
func harmless(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '\ufffd'
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	// Spreadsheets pass over blanks and quotes, and take wide signs for narrow ones.
	if strings.IndexAny(strings.TrimLeft(s, " '\"\u00a0"), "=+-@＝＋－＠") == 0 {
		return "'" + s
	}
	return s
}
