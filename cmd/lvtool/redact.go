package main

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/leak"
	"github.com/lvtool/lvtool/export/redact"
)

func newRedactCommand() *cli.Command {
	return &cli.Command{
		Name:      "redact",
		Usage:     "make the copy of a session that may leave the house",
		ArgsUsage: "DIR…",
		Description: `DIR is a folder that convert or pack made: of one session, or of several.

Of every session a copy is made whose pictures have solid areas in place of the
faces (--faces), of all but the faces (--background), or of everything (--all).
Crops, sheet and report are made of the filled pictures alone. Originals, their
digests and metadata, names, places in S3 and unknown members are left out, and
the session id is replaced. Every file is searched for what was left out; if any
of it is found, nothing is written.

The commitments of the copies can be opened with the file that --opening names,
which tells the real session ids: keep it with the full folders.

Examples:
   lvtool redact --faces -o copy lvtool-out
   lvtool redact --background --pseudonym-key case-17.key -o copy lvtool-out/ID`,
		Flags: slices.Concat([]cli.Flag{
			&cli.BoolFlag{Name: "faces", Usage: "fill the faces"},
			&cli.BoolFlag{Name: "background", Usage: "fill all but the faces"},
			&cli.BoolFlag{Name: "all", Usage: "fill the pictures"},
			&cli.StringFlag{
				Name: "grow", Value: "0.25",
				Usage: "with --faces, add `SHARE` of a box's width and height on every side",
			},
			&cli.BoolFlag{Name: "hide-confidence", Usage: "leave the confidence out"},
			&cli.StringFlag{
				Name:  "pseudonym-key",
				Usage: "replace session ids with the key in `FILE`, of 16 bytes or more; or else one kept nowhere",
			},
			&cli.StringFlag{
				Name: "output", Aliases: []string{"o"}, Value: "lvtool-redacted",
				Usage: "write to `DIR`, new or empty",
			},
			&cli.StringFlag{
				Name:  "opening",
				Usage: "keep what opens the commitments in `FILE`, a new one; or else in DIR.opening.json",
			},
		}, limitFlagList()),
		Action: func(c *cli.Context) error {
			r := &redactor{c: c, used: map[string]int{}}
			return r.run()
		},
	}
}

// A redactor is one run of the redact command.
type redactor struct {
	c        *cli.Context
	opts     redact.Options
	used     map[string]int // folders by name
	index    []*export.IndexEntry
	secrets  []leak.Secret // of all sessions, for the index
	openings redact.Openings
}

func (r *redactor) run() error {
	if r.c.NArg() == 0 {
		return usageError("redact: give at least one DIR that convert or pack made")
	}
	stamp, err := sourceDate()
	if err != nil {
		return err
	}
	if err := r.readOptions(); err != nil {
		return err
	}
	out := &folder{path: r.c.String("output"), stamp: stamp}
	opening := r.openingFile()
	if _, err := os.Lstat(opening); !errors.Is(err, fs.ErrNotExist) {
		return usageError("--opening %s: the file exists", opening)
	}
	if within(out.path, opening) {
		return usageError("--opening %s: it tells the real session ids, so it must not lie among the copies", opening)
	}
	if err := out.fill(r.c.Context, r.copyAll); err != nil {
		return err
	}
	return r.keepOpenings(opening)
}

func (r *redactor) readOptions() error {
	r.opts = redact.Options{
		Grow: decode.Number(r.c.String("grow")), HideConfidence: r.c.Bool("hide-confidence"),
		Tool: new(tool(nil)).Name(), Nonce: make([]byte, sha256.Size),
	}
	var modes []redact.Mode
	for _, m := range []redact.Mode{redact.Faces, redact.Background, redact.All} {
		if r.c.Bool(string(m)) {
			modes = append(modes, m)
		}
	}
	if len(modes) != 1 {
		return usageError("redact: give one of --faces, --background and --all")
	}
	r.opts.Mode = modes[0]
	if err := readLimits(r.c, &r.opts.Limits); err != nil {
		return err
	}
	var err error
	if r.opts.Key, err = readKey(r.c.String("pseudonym-key")); err != nil {
		return err
	}
	if err := r.opts.Validate(); err != nil {
		return usageError("redact: %v", err)
	}
	return nil
}

// copyAll puts the copies of all sessions in all folders, and an index.
func (r *redactor) copyAll(put export.Put) error {
	for _, dir := range r.c.Args().Slice() {
		if err := r.copyFolder(dir, put); err != nil {
			return err
		}
	}
	data, err := r.indexJSON()
	if err != nil {
		return err
	}
	leaks, err := leak.New(r.secrets).Scan("index.json", data)
	switch {
	case err != nil:
		return err
	case len(leaks) > 0:
		return fmt.Errorf("%w: %s", redact.ErrLeak, leaks[0])
	}
	return put("index.json", data)
}

// indexJSON returns the index of the copies.
func (r *redactor) indexJSON() ([]byte, error) {
	var b bytes.Buffer
	w := export.NewIndexWriter(&b, tool(map[string]string{"redact": string(r.opts.Mode)}))
	for _, e := range r.index {
		if err := w.Add(e); err != nil {
			return nil, err
		}
	}
	err := w.Close(nil)
	return b.Bytes(), err
}

func (r *redactor) copyFolder(dir string, put export.Put) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("%s: %w", dir, unwrapPath(err))
	}
	defer root.Close()
	names, err := redact.Folders(root.FS())
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.ToSlash(dir), err)
	}
	for _, name := range names {
		sub, err := fs.Sub(root.FS(), name)
		if err == nil {
			err = r.copySession(sub, put)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path.Join(filepath.ToSlash(dir), name), err)
		}
	}
	return nil
}

// copySession puts the copy of one session.
func (r *redactor) copySession(dir fs.FS, put export.Put) error {
	full, err := redact.ReadFolder(dir)
	if err != nil {
		return err
	}
	if _, err := rand.Read(r.opts.Nonce); err != nil {
		return err
	}
	c, err := redact.Result(r.c.Context, full, &r.opts)
	if err != nil {
		return err
	}
	name := r.folderName(c)
	made, err := c.Files(r.c.Context, &export.Options{Tool: tool(nil)}, func(file string, data []byte) error {
		return put(name+"/"+file, data)
	})
	if err != nil {
		return err
	}
	r.index = append(r.index, export.NewIndexEntry(made.Report, name))
	for _, s := range c.Secrets {
		if s.Kind == leak.Text || s.Kind == leak.Digest {
			r.secrets = append(r.secrets, s)
		}
	}
	session := ""
	if id := full.Report.Session.ID; id != nil {
		session = *id
	}
	r.openings.Openings = append(r.openings.Openings, redact.Opening{
		Copy: name, Session: session,
		Commitment: c.Redaction.Commitment, Nonce: fmt.Sprintf("%x", r.opts.Nonce),
	})
	sayf(r.c.App.Writer, "%s  %s", path.Join(filepath.ToSlash(r.c.String("output")), name), searched(made.Report))
	if len(made.Unchecked) > 0 {
		short := strings.Join(made.Unchecked, ", ")
		sayf(r.c.App.ErrWriter, "lvtool: %s: too short to be searched for: %s", name, short)
	}
	return nil
}

func searched(r *export.Report) string {
	return count(len(r.Frames), "picture") + ", " + count(len(r.Outputs)+2, "file") + " searched, no leak found"
}

// folderName returns the name of a copy's folder: its id, or, where it has none,
// one made from the digest of its document.
func (r *redactor) folderName(c *redact.Copy) string {
	name := c.ID
	if name == "" {
		name = fmt.Sprintf("session-%x", sha256.Sum256(c.Document))[:24]
	}
	r.used[name]++
	if n := r.used[name]; n > 1 {
		name += fmt.Sprintf("~%d", n)
	}
	return name
}
