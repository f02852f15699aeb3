package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/export/plan"
	"github.com/lvtool/lvtool/internal/jsonwords"
)

// failedSchema is the name of the shape of a line of --failed.
const failedSchema = "lvtool.failed/1"

// A failedEntry is a line of --failed: an input that has to be read again, and
// why. As an argument, @FILE reads the inputs of such a list.
type failedEntry struct {
	// Schema also keeps a search of a folder from taking the list for a result.
	Schema string `json:"schema"`
	// Input is what was opened, and Label what reports call it.
	Input string `json:"input"`
	Label string `json:"label"`
	// Session, Folder, Line and Pointer say which session failed, if it was one.
	Session string `json:"session,omitempty"`
	Folder  string `json:"folder,omitempty"`
	Line    int    `json:"line,omitempty"`
	Pointer string `json:"pointer,omitempty"`
	// Error says what is wrong.
	Error string `json:"error"`
}

// A failedList is the file of --failed in the making. The nil list takes
// nothing.
type failedList struct {
	name string
	f    *os.File
	w    *bufio.Writer
}

// newFailedList begins the file name, of which nothing is to be seen before
// publish; nil for none.
func newFailedList(name string) (*failedList, error) {
	if name == "" {
		return nil, nil
	}
	switch info, err := os.Stat(name); {
	case err == nil && !info.Mode().IsRegular():
		return nil, usageError("--failed %s: it is there, and no file: give the name of a file", name)
	case err == nil && info.Size() > 0 && !bytes.HasPrefix(fileHead(name), []byte(`{"schema":"`+failedSchema+`"`)):
		return nil, usageError("--failed %s: the file is there, and is no list of --failed: give another name", name)
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-")
	if err != nil {
		return nil, fmt.Errorf("--failed %s: %w", name, unwrapPath(err))
	}
	return &failedList{name, f, bufio.NewWriter(f)}, nil
}

// add adds a line. An error shows in publish.
func (l *failedList) add(e failedEntry) {
	if l == nil {
		return
	}
	e.Schema = failedSchema
	encoder := json.NewEncoder(l.w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(e)
}

// publish gives the list its name, also when it is empty: an older one would
// mislead.
func (l *failedList) publish() error {
	if l == nil {
		return nil
	}
	err := errors.Join(l.w.Flush(), l.f.Close())
	if err == nil {
		err = os.Rename(l.f.Name(), l.name)
	}
	if err != nil {
		return fmt.Errorf("--failed %s: %w", l.name, unwrapPath(err))
	}
	return nil
}

// drop forgets the list where it was not published. A run that did not come to
// its end leaves an older list as it is: it may be what the run was to do.
func (l *failedList) drop() {
	if l != nil {
		_ = l.f.Close()
		_ = os.Remove(l.f.Name()) // fails, as it should, when it has its name
	}
}

// listLine is the most bytes of a line of a list.
const listLine = 1 << 20

// errEmptyList says that a list has nothing in it.
var errEmptyList = errors.New("the list is empty: nothing failed, or nothing was listed")

// listed returns the inputs of the list name, each once: its lines are those of
// --failed, or plain names.
func listed(ctx context.Context, from *cloud, name string) ([]failedEntry, error) {
	r, err := openList(ctx, from, name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var entries []failedEntry
	seen := map[string]bool{}
	for e, err := range listLines(r) {
		if err != nil {
			return nil, listError(name, err)
		}
		if !seen[e.Input] {
			seen[e.Input] = true
			entries = append(entries, e)
		}
	}
	if len(entries) == 0 {
		return nil, listError(name, errEmptyList)
	}
	return entries, nil
}

// openList opens a list, here or in S3, which may be compressed.
func openList(ctx context.Context, from *cloud, name string) (io.ReadCloser, error) {
	var r io.ReadCloser
	var err error
	if isS3(name) {
		var in decode.S3Object
		if in, err = parseS3(name); err != nil {
			return nil, err
		}
		var store *s3source.Store
		if store, err = from.open(ctx); err != nil {
			return nil, listError(name, err)
		}
		r, err = store.Open(ctx, in, maxResult)
	} else {
		r, err = os.Open(name)
	}
	if err != nil {
		return nil, listError(name, unwrapPath(err))
	}
	buffered := bufio.NewReader(r)
	text := io.Reader(buffered)
	if head, _ := buffered.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		if text, err = gzip.NewReader(buffered); err != nil {
			return nil, listError(name, errors.Join(err, r.Close()))
		}
	}
	return struct {
		io.Reader
		io.Closer
	}{text, r}, nil
}

// listLines yields the lines of a list that say something. An error is the last.
func listLines(r io.Reader) iter.Seq2[failedEntry, error] {
	return func(yield func(failedEntry, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, listLine)
		n := 1
		for ; lines.Scan(); n++ {
			e, err := parseListed(lines.Text())
			if err != nil {
				yield(e, fmt.Errorf("line %d: %w", n, err))
				return
			}
			if e.Input != "" && !yield(e, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			if errors.Is(err, bufio.ErrTooLong) {
				err = fmt.Errorf("it is longer than %d bytes: want a name, or a line of --failed", listLine)
			}
			yield(failedEntry{}, fmt.Errorf("line %d: %w", n, err))
		}
	}
}

// A listedObject is a line of a list that others have written, with the names that
// S3 has for things.
type listedObject struct {
	Bucket    string `json:"bucket"`
	Key       string `json:"key"`
	VersionID string `json:"versionId"`
}

func parseListed(line string) (failedEntry, error) {
	line = strings.TrimRight(line, "\r")
	if !strings.HasPrefix(line, "{") {
		return failedEntry{Input: line}, nil
	}
	var e failedEntry
	var o listedObject
	err := json.Unmarshal([]byte(line), &e)
	if err == nil && e.Input == "" {
		err = json.Unmarshal([]byte(line), &o)
	}
	if err != nil {
		return e, fmt.Errorf("neither a name nor a line of --failed: %w", jsonwords.Of([]byte(line), err))
	}
	if e.Schema != "" && e.Schema != failedSchema && e.Schema != plan.EntrySchema {
		return e, fmt.Errorf("a line of %.40q, not of %s", e.Schema, failedSchema)
	}
	if o.Bucket != "" && o.Key != "" {
		e.Input = s3source.FormatURL(decode.S3Object{Bucket: o.Bucket, Name: o.Key, Version: o.VersionID})
	}
	switch e.Input {
	case "":
		return e, errors.New(`neither "input" nor "bucket" and "key"`)
	case stdinName:
		return e, errors.New("its input cannot be read again")
	}
	return e, nil
}
