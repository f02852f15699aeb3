package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/redact"
)

// redacting is the heading of those flags.
const redacting = "Redacted copies:"

// redactedFlags are those of verifying a redacted copy.
func redactedFlags() []cli.Flag {
	return []cli.Flag{
		value("redacted", redacting, "check that the copy of a session in `DIR`"),
		value("of", redacting, "was made of the folder, or the pack, `DIR`"),
		value("opening", redacting, "with what opens the copy's commitment: the `FILE` that redact kept"),
		value("pseudonym-key", redacting, "check the session id too, with the key in `FILE`"),
	}
}

// isRedacted reports whether any of those flags is given.
func isRedacted(c *cli.Context) bool {
	for _, f := range redactedFlags() {
		if c.String(f.Names()[0]) != "" {
			return true
		}
	}
	return false
}

// verifyRedacted checks that a redacted copy was made of a full folder.
func verifyRedacted(c *cli.Context) error {
	for _, flag := range []string{"redacted", "of", "opening"} {
		if c.String(flag) == "" || c.NArg() > 0 {
			return usageError("verify: give --redacted, --of and --opening, and no PACK with them")
		}
	}
	var key []byte
	if name := c.String("pseudonym-key"); name != "" {
		var err error
		if key, err = readKey(name); err != nil {
			return err
		}
	}
	opening, err := readOpening(c.String("opening"), filepath.Base(filepath.Clean(c.String("redacted"))))
	if err != nil {
		return err
	}
	redacted, err := os.OpenRoot(c.String("redacted"))
	if err != nil {
		return fmt.Errorf("%s: %w", c.String("redacted"), unwrapPath(err))
	}
	defer redacted.Close()
	full, err := os.OpenRoot(c.String("of"))
	if err != nil {
		return fmt.Errorf("%s: %w", c.String("of"), unwrapPath(err))
	}
	defer full.Close()
	err = redact.Verify(c.Context, redacted.FS(), full.FS(), opening, key)
	if errors.Is(err, redact.ErrMismatch) || errors.Is(err, redact.ErrFolder) {
		return &exitError{code: exitVerify, err: fmt.Errorf("%s: %w", filepath.ToSlash(c.String("redacted")), err)}
	}
	if err != nil {
		return err
	}
	sayf(c.App.Writer, "%s: every picture and fact in it is that of %s, but for what is filled and left out",
		filepath.ToSlash(c.String("redacted")), filepath.ToSlash(c.String("of")))
	return nil
}

// readOpening reads the opening of a copy, by the name of its folder.
func readOpening(name, folder string) (redact.Opening, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return redact.Opening{}, usageError("--opening %s: %v", name, unwrapPath(err))
	}
	var all redact.Openings
	if err := json.Unmarshal(data, &all); err != nil || all.Schema != redact.OpeningSchema {
		return redact.Opening{}, fmt.Errorf("--opening %s: not a file of openings", name)
	}
	for _, o := range all.Openings {
		if o.Copy == folder {
			return o, nil
		}
	}
	return redact.Opening{}, fmt.Errorf("--opening %s: no opening of %s in it", name, folder)
}
