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

// openingFile returns where the openings go: never into the folder of copies.
func (r *redactor) openingFile() string {
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

// keepOpenings writes what opens the commitments, for the user alone.
func (r *redactor) keepOpenings(name string) error {
	r.openings.Schema = redact.OpeningSchema
	data, err := json.MarshalIndent(&r.openings, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return fmt.Errorf("--opening %s: %w", name, unwrapPath(err))
	}
	_, err = f.Write(append(data, '\n'))
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("--opening %s: %w", name, err)
	}
	return nil
}
