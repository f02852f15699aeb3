package basejpeg_test

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// photographs returns the frames of a real session, which tests may read but
// the project does not hold.
func photographs(tb testing.TB) [][]byte {
	tb.Helper()
	dir := os.Getenv("LVTOOL_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared")
	}
	var list [][]byte
	for _, name := range []string{"inside", "edges"} {
		data, err := os.ReadFile(filepath.Join(dir, "data", "wire", name+".wire.json"))
		if err != nil {
			tb.Skip("no photographs: set LVTOOL_SHARED to the folder with data/wire")
		}
		type encoded struct{ Bytes string }
		var session struct {
			ReferenceImage encoded
			AuditImages    []encoded
		}
		if err := json.Unmarshal(data, &session); err != nil {
			tb.Fatal(err)
		}
		for _, e := range append(session.AuditImages, session.ReferenceImage) {
			photo, err := base64.StdEncoding.DecodeString(e.Bytes)
			if err != nil {
				tb.Fatal(err)
			}
			list = append(list, photo)
		}
	}
	return list
}
