package main

import (
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/bag/seal"
	"github.com/lvtool/lvtool/export/leak"
	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/export/redact"
)

func newRedactCommand() *cli.Command {
	return &cli.Command{
		Name:      "redact",
		Usage:     "make the copy of a session that may leave the house",
		ArgsUsage: "DIR|PACK…",
		Description: `DIR is a folder that convert made: of one session, or of several. PACK is the folder
or archive of an evidence pack, or a folder of such; it is verified first.

Of every session a copy is made whose pictures have solid areas in place of the
faces (--faces), of all but the faces (--background), or of everything (--all).
Crops, sheet, report, PDF and page are made of the filled pictures alone.
Originals, their digests and metadata, names, places in S3 and unknown members are
left out, and the session id is replaced. Every file is searched for what was left
out; if any of it is found, nothing is written.

The copy of a folder is a folder; that of a pack is a pack of its own, with a log
that begins with the redaction, signed if that is asked for. --as makes either of
both. With -o FILE.zip the pack of a single session is an archive.

The commitments of the copies can be opened with the file that --opening names,
which tells the real session ids: keep it with the full folders.

Examples:
   lvtool redact --faces -o copy lvtool-out
   lvtool redact --background --pseudonym-key case-17.key -o copy lvtool-out/ID
   lvtool redact --faces --sign ~/.ssh/id_ed25519 -o copies lvtool-packs
   lvtool redact --all --audience subject --pdf -o copy.zip evidence.zip`,
		Flags: slices.Concat([]cli.Flag{
			&cli.BoolFlag{Name: "faces", Usage: "fill the faces"},
			&cli.BoolFlag{Name: "background", Usage: "fill all but the faces"},
			&cli.BoolFlag{Name: "all", Usage: "fill the pictures"},
			&cli.StringFlag{
				Name: "grow", Value: "0.25",
				Usage: "with --faces, add `SHARE` of a box's width and height on every side",
			},
			audienceFlag("", "`WHOM` the copy is for: reviewer, auditor, or subject (no score in it)"),
			&cli.BoolFlag{Name: "hide-confidence", Usage: "leave the confidence out, whomever it is for"},
			&cli.StringFlag{
				Name:  "pseudonym-key",
				Usage: "replace session ids with the key in `FILE`, of 16 bytes or more; or else one kept nowhere",
			},
			&cli.StringFlag{
				Name: "output", Aliases: []string{"o"}, Value: "lvtool-redacted",
				Usage: "write to `DIR`, new or empty, or the pack of a single session to FILE.zip",
			},
			&cli.StringFlag{
				Name:  "opening",
				Usage: "keep what opens the commitments in `FILE`, a new one; or else in DIR.opening.json",
			},
			&cli.StringFlag{Name: "as", Usage: "make every copy a `KIND`: folder, or pack"},
			&cli.BoolFlag{Name: "pdf", Usage: "make session.pdf too, for paper files"},
			paperFlag(""),
		}, packFlags(), sealFlags(), packReadFlags(), limitFlagList()),
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
	stamp    time.Time
	files    *export.Options // for what is made of a copy
	packs    *pack.Options
	to       []seal.Recipient // of the archive
	sealer   *sealer
	used     map[string]int // folders by name
	index    []*export.IndexEntry
	said     []string      // the lines about copies
	secrets  []leak.Secret // of all sessions, for the index
	openings redact.Openings
	opening  *openingFile // where they go
}

func (r *redactor) run() (err error) {
	if r.c.NArg() == 0 {
		return usageError("redact: give at least one DIR that convert made, or PACK")
	}
	if r.stamp, err = sourceDate(); err != nil {
		return err
	}
	if err := firstError(r.readOptions(), r.readFiles()); err != nil {
		return err
	}
	opening, out := r.openingName(), r.c.String("output")
	if _, err := os.Lstat(opening); !errors.Is(err, fs.ErrNotExist) {
		e := usageError("--opening %s: the file exists: it may open copies made before", opening)
		e.hint = "give another -o, or another --opening"
		return e
	}
	if within(out, opening) {
		return usageError("--opening %s: it tells the real session ids, so it must not lie among the copies", opening)
	}
	if r.sealer, err = newSealer(r.c); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.sealer.close()) }()
	r.opening = &openingFile{name: opening}
	write := r.toFolder
	if isArchiveName(out) {
		write = r.toArchive
	} else if err := refuseArchive(out); err != nil {
		return err
	}
	if err := write(); err != nil {
		return err
	}
	for _, line := range r.said {
		sayf(r.c.App.Writer, "%s", line)
	}
	return nil
}

func (r *redactor) readOptions() error {
	audience := export.Audience(r.c.String("audience"))
	r.opts = redact.Options{
		Grow: decode.Number(r.c.String("grow")), Tool: new(tool(nil)).Name(), Nonce: make([]byte, sha256.Size),
		HideConfidence: r.c.Bool("hide-confidence") || audience == export.Subject,
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

// readFiles reads what is made of the copies: what pack makes by default, and a
// PDF where that is asked for.
func (r *redactor) readFiles() error {
	paper := &export.Options{Tool: tool(map[string]string{})}
	err := firstError(
		readPaper(r.c, paper),
		idle(r.c, "paper", r.c.Bool("pdf"), "it is that of a PDF: give --pdf too"),
		idle(r.c, "grow", r.c.Bool(string(redact.Faces)), "only the areas of --faces grow: leave it out"),
		idleSeal(r.c),
	)
	if err != nil {
		return err
	}
	outputs := export.DefaultOutputs()
	if r.c.Bool("pdf") {
		outputs = export.OutputNames()
	}
	r.files, err = recordedOptions(map[string]string{
		"outputs": strings.Join(outputs, ","), "paper": r.c.String("paper"), "audience": r.c.String("audience"),
	})
	if err != nil {
		return err
	}
	as := r.c.String("as")
	if err := oneOf("as", as, "", asFolder, asPack); err != nil {
		return usageError("--as %s: want %s, %s", as, asFolder, asPack)
	}
	if as == asFolder && isArchiveName(r.c.String("output")) {
		return usageError("--as %s: an archive is one of a pack", asFolder)
	}
	if r.to, err = outputRecipients(r.c); err != nil {
		return err
	}
	r.packs, err = packOptions(r.c, r.files, r.stamp)
	return err
}

// What --as can be.
const (
	asFolder = "folder"
	asPack   = "pack"
)
