package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/lvtool/lvtool/export/pack"
)

// An expiredLine is what --json says of a pack.
type expiredLine struct {
	Pack        string         `json:"pack"`
	TagManifest string         `json:"tagmanifest_sha256,omitempty"`
	State       pack.Retention `json:"state"`
	RetainUntil string         `json:"retain_until,omitempty"`
	// HalfDeleted says that a run was stopped while it deleted the pack.
	HalfDeleted bool `json:"half_deleted,omitempty"`
	Deleted     bool `json:"deleted"`
	// Versions counts what was deleted in S3, and Stays are the versions there that
	// cannot be.
	Versions int      `json:"versions,omitempty"`
	Stays    []string `json:"stays,omitempty"`
}

// say writes what became of each pack.
func (e *expiry) say() error {
	w := e.c.App.Writer
	for _, k := range e.packs {
		line := expiredLine{
			Pack: e.shelf.address(k.name), TagManifest: k.digest, State: k.state,
			HalfDeleted: k.half && !k.deleted, Deleted: k.deleted, Stays: k.stays,
		}
		if k.deleted {
			line.Versions = k.versions
		}
		if !k.until.IsZero() {
			line.RetainUntil = k.until.Format(time.DateOnly)
		}
		if !e.c.Bool("json") {
			sayf(w, "%s  %s", line.Pack, line.words())
		} else if err := json.NewEncoder(asciiControls{w}).Encode(line); err != nil {
			return err
		}
	}
	return nil
}

// words says it for people.
func (l *expiredLine) words() string {
	words := string(l.State)
	if l.RetainUntil != "" {
		words += ", to be kept until " + l.RetainUntil
	}
	switch {
	case l.Deleted && l.Versions > 0:
		words += fmt.Sprintf(": deleted, %s", count(l.Versions, "version"))
	case l.Deleted:
		words += ": deleted"
	case l.HalfDeleted:
		words += ": half deleted, by a run that was stopped"
	}
	return words
}
