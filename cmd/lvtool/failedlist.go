package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
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

// listed returns the inputs of the list name, each once: its lines are those of
// --failed, or plain names.
func listed(name string) ([]failedEntry, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, &exitError{code: exitFailed, err: fmt.Errorf("@%s: %w", name, unwrapPath(err))}
	}
	defer f.Close()
	entries, err := readList(f)
	if err == nil && len(entries) == 0 {
		err = errors.New("the list is empty: nothing failed, or nothing was listed")
	}
	if err != nil {
		return nil, &exitError{code: exitFailed, err: fmt.Errorf("@%s: %w", name, err)}
	}
	return entries, nil
}

func readList(r io.Reader) ([]failedEntry, error) {
	var entries []failedEntry
	seen := map[string]bool{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, listLine)
	for n := 1; lines.Scan(); n++ {
		e, err := parseListed(lines.Text())
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if e.Input == "" || seen[e.Input] {
			continue
		}
		seen[e.Input] = true
		entries = append(entries, e)
	}
	return entries, lines.Err()
}

func parseListed(line string) (failedEntry, error) {
	line = strings.TrimRight(line, "\r")
	if !strings.HasPrefix(line, "{") {
		return failedEntry{Input: line}, nil
	}
	var e failedEntry
	if err := json.Unmarshal([]byte(line), &e); err != nil {
		return e, fmt.Errorf("neither a name nor a line of --failed: %w", err)
	}
	if e.Schema != failedSchema {
		return e, fmt.Errorf("a line of %.40q, not of %s", e.Schema, failedSchema)
	}
	if e.Input == "" || e.Input == stdinName {
		return e, errors.New("its input cannot be read again")
	}
	return e, nil
}
