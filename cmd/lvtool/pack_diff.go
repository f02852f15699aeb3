package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/pack"
)

func newPackDiffCommand() *cli.Command {
	return &cli.Command{
		Name:      "diff",
		Usage:     "say in what two packs differ",
		ArgsUsage: "A B",
		Description: `A and B are the folders or ZIP archives of packs, here or in S3. Compared are all
files by their SHA-256 digests, the fields of bag-info.txt, and the facts of
report.json by their JSON pointers: a line with - is what A has, one with + what B
has. A folder and an archive of the same pack do not differ.

Both packs are verified first, without regard to who signed them. The exit code is
0 where they pass and are the same, and 3 otherwise.

Examples:
   lvtool pack diff packs/ID received.zip
   lvtool pack diff --json packs/ID later/ID
   lvtool pack diff packs/ID s3://BUCKET/packs/ID/`,
		Flags: slices.Concat([]cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "print JSON on standard output"},
		}, packReadFlags(), packCloudFlags()),
		Action: func(c *cli.Context) error {
			if c.NArg() != 2 {
				return usageError("pack diff: give two packs")
			}
			reader, err := newPackReader(c)
			if err != nil {
				return err
			}
			if reader.cloud, err = newPackCloud(c); err != nil {
				return err
			}
			d := &packDiff{c: c, reader: reader}
			return d.run(c.Args().Get(0), c.Args().Get(1))
		},
	}
}

// A packDiff is one run of the command pack diff.
type packDiff struct {
	c      *cli.Context
	reader *packReader
}

// A diffSide is what is said of a pack as a whole.
type diffSide struct {
	Pack        string `json:"pack"`
	TagManifest string `json:"tagmanifest_sha256,omitempty"`
	Passed      bool   `json:"passed"`
}

func (d *packDiff) run(a, b string) error {
	var sides [2]diffSide
	var list []pack.Difference
	opts := &pack.VerifyOptions{}
	err := d.reader.read(d.c.Context, a, opts, func(va *pack.Verification, ca *pack.Contents) error {
		return d.reader.read(d.c.Context, b, opts, func(vb *pack.Verification, cb *pack.Contents) error {
			sides = [2]diffSide{newDiffSide(a, va), newDiffSide(b, vb)}
			if ca == nil || cb == nil {
				return fmt.Errorf("%s: it cannot be looked into: see lvtool verify", unread(sides, ca == nil))
			}
			list = pack.Diff(ca, cb)
			return nil
		})
	})
	if err != nil {
		return err
	}
	if err := d.say(sides, list); err != nil {
		return err
	}
	return verdict(sides, list)
}

func newDiffSide(name string, v *pack.Verification) diffSide {
	return diffSide{Pack: packName(name), TagManifest: v.TagManifest, Passed: v.Passed()}
}

// unread returns the name of the pack that could not be opened.
func unread(sides [2]diffSide, first bool) string {
	if first {
		return sides[0].Pack
	}
	return sides[1].Pack
}

// verdict returns how the command ends.
func verdict(sides [2]diffSide, list []pack.Difference) error {
	var bad []string
	for _, s := range sides {
		if !s.Passed {
			bad = append(bad, s.Pack+" did not pass: see lvtool verify")
		}
	}
	if len(list) > 0 {
		bad = append(bad, "the packs differ: "+count(len(list), "difference"))
	}
	if len(bad) == 0 {
		return nil
	}
	return &exitError{code: exitVerify, err: fmt.Errorf("%s", strings.Join(bad, "; "))}
}

func (d *packDiff) say(sides [2]diffSide, list []pack.Difference) error {
	w := d.c.App.Writer
	if d.c.Bool("json") {
		return json.NewEncoder(asciiControls{w}).Encode(struct {
			A           diffSide          `json:"a"`
			B           diffSide          `json:"b"`
			Same        bool              `json:"same"`
			Differences []pack.Difference `json:"differences"`
		}{sides[0], sides[1], len(list) == 0, append([]pack.Difference{}, list...)})
	}
	for i, s := range sides {
		passed := "passed"
		if !s.Passed {
			passed = "FAILED"
		}
		sayf(w, "%s %s  %s  tag manifest SHA-256 %s", "-+"[i:i+1], s.Pack, passed, cmp.Or(s.TagManifest, "none"))
	}
	for _, diff := range list {
		sayf(w, "%s %s", diff.Kind, diff.Name)
		for i, v := range []*string{diff.A, diff.B} {
			if v != nil {
				sayf(w, "  %s %s", "-+"[i:i+1], cut(*v))
			}
		}
	}
	return nil
}

// cut returns what of a value fits a line.
func cut(s string) string {
	const longest = 200
	if r := []rune(s); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return s
}
