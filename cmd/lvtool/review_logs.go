package main

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/bag/custody"
	"github.com/lvtool/lvtool/export/review"
)

// decisionLogs are the logs that decisions are added to, by the dir of the
// places they belong to. Nothing is written until all has been added.
type decisionLogs struct {
	m       *importer
	folders map[string][]byte
	packs   map[string]*custody.Log // those beside packs
}

func newDecisionLogs(m *importer) *decisionLogs {
	return &decisionLogs{m: m, folders: map[string][]byte{}, packs: map[string]*custody.Log{}}
}

// add adds decisions of a file, which are about the sessions of the given
// numbers.
func (l *decisionLogs) add(r reviewFile, found []int) error {
	parts := map[int]*review.Decisions{} // by the first session of their log
	for i, at := range found {
		dir := l.m.places[at].dir
		first := slices.IndexFunc(l.m.places, func(p sessionPlace) bool { return p.dir == dir })
		if parts[first] == nil {
			parts[first] = &review.Decisions{Reviewer: r.Reviewer, Blind: r.Blind}
		}
		parts[first].Decisions = append(parts[first].Decisions, r.Decisions.Decisions[i])
	}
	for _, at := range slices.Sorted(maps.Keys(parts)) {
		add := l.addToFolder
		if l.m.places[at].pack {
			add = l.addToPack
		}
		if err := add(at, r.data, parts[at]); err != nil {
			return err
		}
	}
	return nil
}

func (l *decisionLogs) addToFolder(at int, file []byte, d *review.Decisions) error {
	dir := l.m.places[at].dir
	log, ok := l.folders[dir]
	if !ok {
		var err error
		if log, err = readLog(dir); err != nil {
			return err
		}
	}
	log, err := review.Append(log, file, d)
	if errors.Is(err, review.ErrLog) {
		return &exitError{code: exitVerify, err: fmt.Errorf("%s: %w", logPath(dir), err)}
	}
	if err == nil {
		l.folders[dir] = log
	}
	return err
}

func (l *decisionLogs) addToPack(at int, file []byte, d *review.Decisions) error {
	dir := l.m.places[at].dir
	log := l.m.sessions[at].log
	_, events, _ := custody.Verify("", log.Bytes(), nil) // the chain was followed when it was read
	now, err := l.now(events)
	if err != nil {
		return err
	}
	l.packs[dir] = log
	return d.AddTo(log, events, file, now, "lvtool/"+version)
}

// now is the time of what is added to a log. It is not before the last event: a
// clock can go back, and a log cannot.
func (l *decisionLogs) now(events []custody.Event) (time.Time, error) {
	now, err := sourceDate()
	if now.IsZero() {
		now = clock(l.m.c.Context)()
	}
	if n := len(events); n > 0 && now.Before(events[n-1].Time) {
		now = events[n-1].Time
	}
	return now, err
}

// write writes the logs, each whole or not at all.
func (l *decisionLogs) write() error {
	for _, dir := range slices.Sorted(maps.Keys(l.folders)) {
		if err := l.writeFile(dir, review.LogName, l.folders[dir]); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.packs)) {
		path := receivedPath(name)
		if err := l.writeFile(filepath.Dir(path), filepath.Base(path), l.packs[name].Bytes()); err != nil {
			return err
		}
	}
	return nil
}

func (l *decisionLogs) writeFile(dir, name string, data []byte) error {
	return writeFiles(l.m.c.Context, dir, nil, func(put export.Put) error { return put(name, data) })
}

// say says where the logs beside packs end.
func (l *decisionLogs) say() {
	for _, name := range slices.Sorted(maps.Keys(l.packs)) {
		sayf(l.m.c.App.Writer, "%s  head %s", filepath.ToSlash(receivedPath(name)), l.packs[name].Head())
	}
}
