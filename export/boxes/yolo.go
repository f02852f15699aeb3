package boxes

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/lvtool/lvtool/export"
)

// writeYOLO writes labels where Ultralytics looks for them: where the pictures
// are, with labels for images in the path. The pictures are listed one by one,
// for a picture that has no label would be taken for one without a face.
func writeYOLO(b *batch, put export.Put) error {
	var set bytes.Buffer
	for _, f := range b.boxed() {
		x, w := shares(f.box.Left, f.box.Right, *f.Width)
		y, h := shares(f.box.Top, f.box.Bottom, *f.Height)
		line := fmt.Sprintf("0 %s %s %s %s\n", x.times(1), y.times(1), w.times(1), h.times(1))
		if err := put("labels/"+f.stem()+".txt", []byte(line)); err != nil {
			return err
		}
		set.WriteString("./images/" + f.session.Folder + "/" + f.file() + "\n")
	}
	if err := put("train.txt", set.Bytes()); err != nil {
		return err
	}
	return put("data.yaml", []byte(b.dataYAML()))
}

// dataYAML names no path: readers then take the folder of the file itself. Both
// sets are the same list, since who splits faces into sets must know whose they
// are.
func (b *batch) dataYAML() string {
	var y strings.Builder
	y.WriteString("# Faces in Face Liveness results. The pictures belong in images/, as train.txt names them.\n")
	for _, n := range b.notes {
		y.WriteString("# " + n.String() + "\n")
	}
	y.WriteString("train: train.txt\nval: train.txt\nnames:\n  0: " + label + "\n")
	return y.String()
}
