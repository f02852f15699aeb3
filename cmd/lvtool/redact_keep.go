package main

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/lvtool/lvtool/export/redact"
)

// openingName returns where the openings go: never into the folder of copies.
func (r *redactor) openingName() string {
	if name := r.c.String("opening"); name != "" {
		return name
	}
	return filepath.Clean(r.c.String("output")) + ".opening.json"
}

// within reports whether a file lies in a folder or below it.
func within(folder, file string) bool {
	folder, err1 := filepath.Abs(folder)
	file, err2 := filepath.Abs(file)
	rel, err3 := filepath.Rel(folder, file)
	return err1 == nil && err2 == nil && err3 == nil && filepath.IsLocal(rel)
}

// readKey reads a key, without the line end that editors put behind it; a new
// one where there is no file.
func readKey(name string) ([]byte, error) {
	if name == "" {
		key := make([]byte, sha256.Size)
		_, err := rand.Read(key)
		return key, err
	}
	key, err := os.ReadFile(name)
	if err != nil {
		return nil, usageError("--pseudonym-key %s: %v", name, unwrapPath(err))
	}
	return bytes.TrimRight(key, "\r\n"), nil
}

// An openingFile is the file of what opens the commitments, for the user alone.
// It is there before the copies are: copies without it can never be opened.
type openingFile struct {
	name string
	f    *os.File // nil before create
}

// create makes the file, or says why it cannot be, before there is anything to open.
func (o *openingFile) create() error {
	f, err := os.OpenFile(o.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return o.failed(err)
	}
	o.f = f
	return nil
}

// write puts the openings into the file, and returns when they are on the disk.
func (o *openingFile) write(openings *redact.Openings) error {
	openings.Schema = redact.OpeningSchema
	data, err := json.MarshalIndent(openings, "", "  ")
	if err != nil {
		return err
	}
	_, err = o.f.Write(append(data, '\n'))
	if err == nil {
		err = o.f.Sync()
	}
	if err := errors.Join(err, o.f.Close()); err != nil {
		return o.failed(err)
	}
	return nil
}

// drop removes the file of copies that are not made.
func (o *openingFile) drop() error {
	if o.f == nil {
		return nil
	}
	_ = o.f.Close() // which write may have done
	return os.Remove(o.name)
}

func (o *openingFile) failed(err error) error {
	return fmt.Errorf("--opening %s: %w", o.name, unwrapPath(err))
}
