package main

import (
	"fmt"
	"os"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/bag/seal"
	"github.com/lvtool/lvtool/export/pack"
)

// trustFlags are the flags that say whom the user trusts.
func trustFlags() []cli.Flag {
	return []cli.Flag{
		value("allowed-signers", sealing, "packs must be signed by somebody in the list `FILE`, see ssh-keygen(1)"),
		value("signer", sealing, "every signer must have the name `NAME` in that list"),
		&cli.BoolFlag{Name: "require-signature", Category: sealing, Usage: "packs must be signed, by whomever"},
		value("tsa-ca", sealing,
			"packs must have a timestamp of an authority that a certificate in `FILE` vouches for"),
		value("require-timestamp-before", sealing, "that timestamp must be from before `DATE`, such as 2026-12-01"),
	}
}

// readTrust reads the flags of [trustFlags].
func readTrust(c *cli.Context) (*pack.Trust, error) {
	t := &pack.Trust{
		Identity: c.String("signer"), RequireSignature: c.Bool("require-signature"), Now: clock(c.Context)(),
	}
	signers, roots := c.String("allowed-signers"), c.String("tsa-ca")
	if t.Identity != "" && signers == "" {
		return nil, usageError("--signer is a name in the list of --allowed-signers: give that too")
	}
	if signers != "" {
		text, err := os.ReadFile(signers)
		if err == nil {
			t.AllowedSigners, err = seal.ParseAllowedSigners(text, seal.AllowedOptions{})
		}
		if err != nil {
			return nil, fmt.Errorf("--allowed-signers %s: %w", signers, unwrapPath(err))
		}
	}
	if roots != "" {
		text, err := os.ReadFile(roots)
		if err == nil {
			t.Roots, err = seal.ParseRoots(text)
		}
		if err != nil {
			return nil, fmt.Errorf("--tsa-ca %s: %w", roots, unwrapPath(err))
		}
	}
	return t, readBefore(c, t)
}

func readBefore(c *cli.Context, t *pack.Trust) error {
	day := c.String("require-timestamp-before")
	if day == "" {
		return nil
	}
	if len(t.Roots) == 0 {
		return usageError("--require-timestamp-before: give --tsa-ca too, since anybody can write a time")
	}
	var err error
	if t.Before, err = time.Parse(time.DateOnly, day); err != nil {
		return usageError("--require-timestamp-before %s: want a day such as 2026-12-01", day)
	}
	return nil
}

// profileFlag has a name of its own too, so that LVTOOL_PROFILE, which other
// commands take for that of AWS, is not taken for a file.
func profileFlag() cli.Flag {
	return &cli.StringFlag{
		Name: "bagit-profile", Aliases: []string{"profile"},
		Usage: "packs must follow the BagIt Profile in `FILE` too, such as a stricter copy of profile.json",
	}
}

func readProfile(c *cli.Context) (*bag.Profile, error) {
	file := c.String("bagit-profile")
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--profile %s: %w", file, unwrapPath(err))
	}
	p, err := bag.ParseProfile(data)
	if err != nil {
		return nil, fmt.Errorf("--profile %s: %w", file, err)
	}
	return p, nil
}
