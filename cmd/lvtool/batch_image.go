package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/container"
)

func newBatchImageCommand() *cli.Command {
	return &cli.Command{
		Name: "image", Usage: "make a container image of lvtool, without a container engine", ArgsUsage: " ",
		Description: `The image is an archive that docker load, podman load, ctr images import, crane push
and skopeo copy read. It holds the program, root certificates with --ca, and an
empty /tmp; the program runs as nobody, and needs no more than to write into /tmp.
The same program gives the same bytes.

Examples:
   lvtool batch image --name REGISTRY/lvtool:1 --ca ca-certificates.crt -o lvtool.tar
   crane push lvtool.tar REGISTRY/lvtool:1`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "name", Usage: "`NAME:TAG` of the image"},
			&cli.StringFlag{Name: "binary", Usage: "`FILE` of a static lvtool for Linux (default: this very program)"},
			&cli.StringFlag{Name: "ca", Usage: "root certificates in PEM: `FILE`; without them no S3"},
			&cli.StringFlag{Name: "user", Value: container.DefaultUser, Usage: "`UID:GID` that it runs as, not root's"},
			&cli.StringFlag{
				Name: "output", Aliases: []string{"o"}, Value: "lvtool.tar",
				Usage: "write to `FILE`, or - for standard output",
			},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return usageError("batch image: takes no argument: %q; its name is that of --name", c.Args().First())
			}
			if c.String("name") == "" {
				return usageError("batch image: give --name NAME:TAG, such as registry.example/lvtool:1")
			}
			i, err := imageOf(c)
			if err != nil {
				return err
			}
			var b bytes.Buffer
			if err := i.Write(&b); err != nil {
				return &exitError{code: exitUsage, err: err, hint: "see lvtool batch image --help"}
			}
			if c.String("output") == "-" {
				_, err := b.WriteTo(c.App.Writer)
				return err
			}
			if err := writeWhole(c.String("output"), b.Bytes()); err != nil {
				return err
			}
			newTextConsole(c).result(fmt.Sprintf("%s: %s", filepath.ToSlash(c.String("output")), i.Name))
			return nil
		},
	}
}

// imageOf returns the image that a command line asks for.
func imageOf(c *cli.Context) (*container.Image, error) {
	i := &container.Image{Name: c.String("name"), Entry: "lvtool", User: c.String("user")}
	self, err := os.Executable()
	if err != nil && c.String("binary") == "" {
		return nil, usageError("--binary: give the program: %v", err)
	}
	binary := cmp.Or(c.String("binary"), self)
	if i.Program, err = os.ReadFile(binary); err != nil {
		return nil, usageError("--binary %s: %v", binary, unwrapPath(err))
	}
	if ca := c.String("ca"); ca != "" {
		if i.Authorities, err = os.ReadFile(ca); err != nil {
			return nil, usageError("--ca %s: %v", ca, unwrapPath(err))
		}
	}
	return i, nil
}
