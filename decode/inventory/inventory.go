// Package inventory reads what S3 Inventory writes: a manifest that names files
// of a table, and these, whose rows are the objects of a bucket.
//
// Rows are read as they come; none is held. What a manifest or a row says comes
// from outside: lines are bounded, and what does not fit the manifest is an
// error that says where.
package inventory

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/md5" //nolint:gosec // What manifests have.
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/lvtool/lvtool/internal/jsonwords"
)

const (
	// maxManifest is the most bytes of a manifest.
	maxManifest = 64 << 20
	// maxLine is the most bytes of a row: a key has at most 1024, each of which
	// takes three.
	maxLine = 64 << 10
)

// ErrManifest says that a document is not the manifest of an inventory that can
// be read, and ErrRow that a file is not what its manifest says.
var (
	ErrManifest = errors.New("not the manifest.json of an S3 Inventory")
	ErrRow      = errors.New("not what the manifest says")
)

// A Manifest says which files an inventory has, and how to read them.
type Manifest struct {
	// Bucket is the one whose objects are listed, Destination the one that the
	// files are in.
	Bucket, Destination string
	Files               []File

	columns []string
	at      columns
}

// A File is a part of the table.
type File struct {
	Key  string `json:"key"`
	Size int64  `json:"size"`
	MD5  string `json:"MD5checksum"`
}

// A Row is an object, or one version of it.
type Row struct {
	Bucket, Key string
	// Version is "" where the inventory has none.
	Version string
	// Latest is true where the inventory does not list versions.
	Latest       bool
	DeleteMarker bool
	Size         int64
	StorageClass string
}

// columns are where the fields of a row are; -1 for those that the table has not.
type columns struct{ bucket, key, version, latest, marker, size, class int }

// ParseManifest reads a manifest.json. Only tables of CSV can be read.
func ParseManifest(r io.Reader) (*Manifest, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxManifest))
	if err != nil {
		return nil, err
	}
	var is struct {
		SourceBucket, DestinationBucket, FileFormat, FileSchema string
		Files                                                   []File
	}
	if err := json.Unmarshal(data, &is); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrManifest, jsonwords.Of(data, err))
	}
	m := &Manifest{Bucket: is.SourceBucket, Destination: bucketOf(is.DestinationBucket), Files: is.Files}
	switch {
	case is.FileFormat == "" || is.FileSchema == "" || is.SourceBucket == "":
		return nil, fmt.Errorf("%w: it needs sourceBucket, fileFormat and fileSchema", ErrManifest)
	case is.FileFormat != "CSV":
		return nil, fmt.Errorf("%w that can be read: its format is %.20q, want CSV", ErrManifest, is.FileFormat)
	}
	for name := range strings.SplitSeq(is.FileSchema, ",") {
		m.columns = append(m.columns, strings.TrimSpace(name))
	}
	at := func(name string) int { return slices.Index(m.columns, name) }
	m.at = columns{
		at("Bucket"), at("Key"), at("VersionId"), at("IsLatest"), at("IsDeleteMarker"), at("Size"), at("StorageClass"),
	}
	if m.at.key < 0 {
		return nil, fmt.Errorf("%w: no column Key in %.200q", ErrManifest, is.FileSchema)
	}
	return m, nil
}

// bucketOf returns the bucket of an ARN such as arn:aws:s3:::bucket.
func bucketOf(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }

// Rows reads a file of the table, which may be compressed. An error is the last
// that it yields; it is an [ErrRow] where the file is not what the manifest says.
func (m *Manifest) Rows(f File, r io.Reader) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		sum := md5.New() //nolint:gosec // See above.
		raw := bufio.NewReader(io.TeeReader(r, sum))
		n := 0
		left, err := m.read(raw, func(line []byte) (bool, error) {
			n++
			row, err := m.row(line)
			if err != nil {
				return false, err
			}
			return yield(row, nil), nil
		})
		if left {
			return
		}
		if err == nil {
			_, err = io.Copy(io.Discard, raw) // what may stand behind the compressed data
		}
		if err != nil {
			yield(Row{}, fmt.Errorf("%s:%d: %w", f.Key, n, err))
			return
		}
		if got := hex.EncodeToString(sum.Sum(nil)); f.MD5 != "" && !strings.EqualFold(got, f.MD5) {
			yield(Row{}, fmt.Errorf("%s: %w: its MD5 is %s, not %.32q", f.Key, ErrRow, got, f.MD5))
		}
	}
}

// read hands the lines of a file to use until it returns false, which left says.
func (m *Manifest) read(raw *bufio.Reader, use func([]byte) (bool, error)) (left bool, err error) {
	var text io.Reader = raw
	if head, _ := raw.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(raw)
		if err != nil {
			return false, fmt.Errorf("%w: %w", ErrRow, err)
		}
		text = z
	}
	lines := bufio.NewScanner(text)
	lines.Buffer(make([]byte, 0, maxLine), maxLine)
	for lines.Scan() {
		if len(lines.Bytes()) == 0 {
			continue
		}
		if more, err := use(lines.Bytes()); !more || err != nil {
			return err == nil, err
		}
	}
	return false, lines.Err()
}

// row reads a line.
func (m *Manifest) row(line []byte) (Row, error) {
	fields, err := split(line)
	if err == nil && len(fields) != len(m.columns) {
		err = fmt.Errorf("%w: %d fields, not %d", ErrRow, len(fields), len(m.columns))
	}
	if err != nil {
		return Row{}, err
	}
	field := func(i int, otherwise string) string {
		if i < 0 {
			return otherwise
		}
		return fields[i]
	}
	row := Row{
		Bucket:       field(m.at.bucket, m.Bucket),
		Version:      field(m.at.version, ""),
		Latest:       field(m.at.latest, "true") == "true",
		DeleteMarker: field(m.at.marker, "") == "true",
		StorageClass: field(m.at.class, ""),
	}
	// A plus sign in a key is written %2B, so that one that stands is a space.
	if row.Key, err = url.QueryUnescape(fields[m.at.key]); err != nil || row.Key == "" {
		return Row{}, fmt.Errorf("%w: the key %.100q is not encoded as it should be", ErrRow, fields[m.at.key])
	}
	if size := field(m.at.size, ""); size != "" {
		if row.Size, err = strconv.ParseInt(size, 10, 64); err != nil {
			return Row{}, fmt.Errorf("%w: the size %.40q", ErrRow, size)
		}
	}
	return row, nil
}

// split returns the fields of a line of CSV, each quoted or not.
func split(line []byte) ([]string, error) {
	text := strings.TrimSuffix(string(line), "\r")
	var fields []string
	for {
		var field string
		var ok bool
		if rest, quoted := strings.CutPrefix(text, `"`); quoted {
			if field, text, ok = unquote(rest); !ok {
				return nil, fmt.Errorf("%w: a quotation mark is missing", ErrRow)
			}
		} else {
			i := strings.IndexByte(text, ',')
			if i < 0 {
				i = len(text)
			}
			field, text = text[:i], text[i:]
		}
		fields = append(fields, field)
		if text == "" {
			return fields, nil
		}
		text, ok = strings.CutPrefix(text, ",")
		if !ok {
			return nil, fmt.Errorf("%w: %.20q stands behind a field", ErrRow, text)
		}
	}
}

// unquote returns the field before the closing quotation mark, and what stands
// behind it.
func unquote(text string) (field, rest string, ok bool) {
	var b strings.Builder
	for {
		i := strings.IndexByte(text, '"')
		if i < 0 {
			return "", "", false
		}
		b.WriteString(text[:i])
		text = text[i+1:]
		if !strings.HasPrefix(text, `"`) {
			return b.String(), text, true
		}
		b.WriteByte('"')
		text = text[1:]
	}
}
