package main

import (
	"errors"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/pack"
)

// packFlags are the flags that say what a pack is for.
func packFlags() []cli.Flag {
	return []cli.Flag{
		value("case", packing, "`ID` of the case that the packs belong to"),
		value("organisation", packing, "`NAME` of who packs"),
		value("contact", packing, "`NAME` of the person to ask about the packs"),
		value("purpose", packing, "why the packs are kept: `TEXT` of one line"),
		value("retain-until", packing, "the day until which the packs must be kept: `DATE` such as 2031-11-22"),
		&cli.BoolFlag{
			Name: "legal-hold", Category: packing, Usage: "say that the packs may not be deleted, whatever the day",
		},
		&cli.StringSliceFlag{
			Name: "info", Category: packing, Usage: "add `KEY=VALUE` to bag-info.txt; can be given again",
		},
		&cli.BoolFlag{
			Name: "html", Category: packing, Usage: "add the page that lvtool review makes of the session",
		},
		&cli.BoolFlag{
			Name: "sha512", Category: packing, Usage: "list the files with SHA-512 too, beside SHA-256",
		},
	}
}

// packOptions reads the flags of a command into the options of package pack.
// Those of package export are set for each session.
func packOptions(c *cli.Context, export *export.Options, stamp time.Time) (*pack.Options, error) {
	if c.Bool("html") {
		nameAudience(export)
	}
	opts := &pack.Options{
		Export:       *export,
		Time:         stamp,
		Case:         c.String("case"),
		Organisation: c.String("organisation"),
		Contact:      c.String("contact"),
		Purpose:      c.String("purpose"),
		LegalHold:    c.Bool("legal-hold"),
		Page:         c.Bool("html"),
		SHA512:       c.Bool("sha512"),
		Captured:     export.KeepSource,
	}
	if stamp.IsZero() {
		opts.Time = clock(c.Context)()
	}
	if err := firstError(readRetention(c, opts), readInfo(c, opts)); err != nil {
		return nil, err
	}
	err := opts.Validate()
	if errors.Is(err, pack.ErrOptions) {
		return nil, usageError("%v", err)
	}
	return opts, err
}

func readRetention(c *cli.Context, opts *pack.Options) error {
	day := c.String("retain-until")
	if day == "" {
		return nil
	}
	var err error
	if opts.RetainUntil, err = time.Parse(time.DateOnly, day); err != nil {
		return usageError("--retain-until %s: want a day such as 2031-11-22", day)
	}
	return nil
}

func readInfo(c *cli.Context, opts *pack.Options) error {
	for _, field := range c.StringSlice("info") {
		label, value, ok := strings.Cut(field, "=")
		if !ok {
			return usageError("--info %s: want KEY=VALUE", field)
		}
		opts.Info = append(opts.Info, bag.Field{Label: label, Value: value})
	}
	return nil
}
