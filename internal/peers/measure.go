package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A usage is what a process and those it waited for took.
type usage struct {
	CPU, Wall time.Duration
	RSS       int64 // the largest of one process, in bytes
	PNG       int64 // bytes of the pictures it wrote
}

// measure runs a peer on sessions and returns what that took. The folder is
// emptied before.
func (p *program) measure(of peer, out string, sheet dims, sessions []string) (usage, error) {
	if err := errors.Join(os.RemoveAll(out), os.MkdirAll(out, 0o777)); err != nil {
		return usage{}, err
	}
	args := of.command(out, sheet, sessions)
	var words bytes.Buffer
	cmd := p.command(args[0], args[1:]...)
	cmd.Env, cmd.Stderr = of.environment(), &words
	start := p.now()
	err := cmd.Run()
	u := usage{Wall: p.now().Sub(start)}
	if err != nil {
		return u, fmt.Errorf("%s: %w: %s", of.Name, err, strings.TrimSpace(words.String()))
	}
	u.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	u.RSS = peak(cmd.ProcessState)
	sizes, bytes, err := written(out)
	if err != nil {
		return u, err
	}
	u.PNG = bytes
	if want := len(sessions) * picturesOfSession; len(sizes) != want {
		return u, fmt.Errorf("%s wrote %d pictures, want %d", of.Name, len(sizes), want)
	}
	return u, nil
}

// written returns the sizes of the pictures below a folder by their names from
// there, and how many bytes they have. The overview is not counted: it is of
// all sessions, and lvtool alone makes one.
func written(dir string) (sizes map[string]dims, bytes int64, err error) {
	sizes = map[string]dims{}
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, name)
		if err != nil || filepath.Ext(name) != ".png" || !strings.ContainsRune(rel, filepath.Separator) {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		bytes += info.Size()
		sizes[filepath.ToSlash(rel)], err = pngSize(name)
		return err
	})
	return sizes, bytes, err
}
