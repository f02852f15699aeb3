package main

import (
	"encoding/json"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export"
)

// version is the release that this source becomes. It changes with the
// CHANGELOG, and is part of every report.
const version = "0.1.0"

// tool says what makes the outputs: this release, the toolchain and the
// libraries that decode, draw and write, since the same source built with
// others may give other bytes.
func tool(options map[string]string) export.Tool {
	t := export.Tool{
		Version: version,
		Go:      runtime.Version(),
		Modules: map[string]string{},
		Options: options,
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return t
	}
	for _, m := range info.Deps {
		for m.Replace != nil {
			m = m.Replace
		}
		t.Modules[m.Path] = m.Version
	}
	return t
}

// revision returns the commit that the program was built from, where the build
// recorded it.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}

func newVersionCommand() *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "say which lvtool this is, and what it was built with",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "print the version, toolchain and modules as JSON"},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return usageError("version: takes no argument: %q", c.Args().First())
			}
			if c.Bool("json") {
				return json.NewEncoder(c.App.Writer).Encode(struct {
					export.Tool
					Revision string `json:"revision,omitempty"`
				}{tool(nil), revision()})
			}
			sayf(c.App.Writer, "lvtool %s (%s, %s/%s)", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		},
	}
}
