package inventory_test

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/decode/inventory"
)

const versioned = "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, StorageClass"

// manifest is one of a table with these columns.
func manifest(t *testing.T, schema string) *inventory.Manifest {
	t.Helper()
	m, err := inventory.ParseManifest(strings.NewReader(fmt.Sprintf(`{"sourceBucket":"source",
		"destinationBucket":"arn:aws:s3:::dest","version":"2016-11-30","fileFormat":"CSV","fileSchema":%q,
		"files":[{"key":"inv/data/a.csv.gz","size":10,"MD5checksum":"00"}]}`, schema)))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// rows reads a table.
func rows(m *inventory.Manifest, f inventory.File, data []byte) (all []inventory.Row, err error) {
	for row, err := range m.Rows(f, bytes.NewReader(data)) {
		if err != nil {
			return all, err
		}
		all = append(all, row)
	}
	return all, nil
}

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := io.WriteString(w, text)
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRows(t *testing.T) {
	m := manifest(t, versioned)
	if m.Destination != "dest" || m.Bucket != "source" || len(m.Files) != 1 {
		t.Errorf("got %+v", m)
	}
	text := `"source","in/a%2Bb+c%2C%C3%A9%22.json","v1","true","false","12","STANDARD"` + "\n" +
		`"source","in/b.json","v2","false","true","",""` + "\r\n\n" +
		`source,"say ""hi"".json",,true,false,3,GLACIER`
	want := []inventory.Row{
		{"source", `in/a+b c,é".json`, "v1", true, false, 12, "STANDARD"},
		{"source", "in/b.json", "v2", false, true, 0, ""},
		{"source", `say "hi".json`, "", true, false, 3, "GLACIER"},
	}
	for name, data := range map[string][]byte{"plain": []byte(text), "gzip": zipped(t, text)} {
		f := inventory.File{Key: "a.csv", MD5: fmt.Sprintf("%x", md5.Sum(data))}
		got, err := rows(m, f, data)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
		data[len(data)-1] ^= 1
		if _, err := rows(m, f, data); err == nil {
			t.Errorf("%s: a changed file is no error", name)
		}
	}
	got, err := rows(manifest(t, "Bucket, Key"), inventory.File{}, []byte(`"source","x.json"`))
	if err != nil || len(got) != 1 || !got[0].Latest || got[0].DeleteMarker {
		t.Errorf("without versions: got %+v, %v", got, err)
	}
}

func TestRowsRefused(t *testing.T) {
	m := manifest(t, versioned)
	good := zipped(t, strings.Repeat(`"source","in/b.json","v2","false","true","",""`+"\n", 100))
	for name, data := range map[string][]byte{
		"a.csv:1: not what the manifest says: 2 fields, not 7":                   []byte(`"source","x"`),
		"a.csv:2: not what the manifest says: 1 fields":                          []byte("s,x,,,,,\nx"),
		"a.csv:1: not what the manifest says: the key":                           []byte("s,%zz,,,,,"),
		"a.csv:1: not what the manifest says: the size":                          []byte("s,x,,,,many,"),
		"a.csv:1: not what the manifest says: a quotation mark is missing":       []byte(`"s,x`),
		"a.csv:1: not what the manifest says: \"x,,,,,,\" stands behind a field": []byte(`"s"x,,,,,,`),
		"token too long":  bytes.Repeat([]byte("x"), 1<<20),
		"unexpected EOF":  good[:len(good)-10],
		"invalid":         append([]byte{0x1f, 0x8b}, "no gzip at all"...),
		"its MD5 is d41d": nil,
	} {
		_, err := rows(m, inventory.File{Key: "a.csv", MD5: "00"}, data)
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want %s", err, name)
		}
	}
}

func TestParseManifest(t *testing.T) {
	for text, want := range map[string]string{
		`[`:  "ends before it is complete",
		`{}`: "it needs sourceBucket",
		`{"sourceBucket":"s","fileFormat":"Parquet","fileSchema":"x"}`:  `its format is "Parquet", want CSV`,
		`{"sourceBucket":"s","fileFormat":"CSV","fileSchema":"Bucket"}`: "no column Key",
	} {
		_, err := inventory.ParseManifest(strings.NewReader(text))
		if !errors.Is(err, inventory.ErrManifest) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

func FuzzRows(f *testing.F) {
	f.Add([]byte("\"s\",\"a%2Fb\"\n"))
	f.Add([]byte("s,\"\"\"\"\n,"))
	m, err := inventory.ParseManifest(strings.NewReader(
		`{"sourceBucket":"s","fileFormat":"CSV","fileSchema":"Bucket, Key"}`))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := rows(m, inventory.File{}, data)
		for _, row := range all {
			if row.Key == "" || !row.Latest {
				t.Errorf("got %+v", row)
			}
		}
		if err == nil && len(data) > 0 && len(all) > bytes.Count(data, []byte("\n"))+1 && data[0] != 0x1f {
			t.Errorf("%d rows of %d bytes", len(all), len(data))
		}
	})
}

func ExampleManifest_Rows() {
	m, err := inventory.ParseManifest(strings.NewReader(
		`{"sourceBucket":"source","fileFormat":"CSV","fileSchema":"Bucket, Key","files":[{"key":"data/a.csv"}]}`))
	if err != nil {
		panic(err)
	}
	for row, err := range m.Rows(m.Files[0], strings.NewReader(`"source","results/a+b.json"`)) {
		fmt.Println(row.Key, err)
	}
	// Output: results/a b.json <nil>
}
