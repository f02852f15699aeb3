package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/bag/custody"
	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/export/redact"
)

// redacting is the heading of those flags.
const redacting = "Redacted copies:"

// redactedFlags are those of verifying a redacted copy.
func redactedFlags() []cli.Flag {
	return []cli.Flag{
		value("redacted", redacting, "check that the copy of a session in `DIR`, or in an archive,"),
		value("of", redacting, "was made of the folder, or the pack, `DIR`, or of that in an archive"),
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
	if err := idleRedacted(c); err != nil {
		return err
	}
	var key []byte
	if name := c.String("pseudonym-key"); name != "" {
		var err error
		if key, err = readKey(name); err != nil {
			return err
		}
	}
	openings, err := readOpenings(c.String("opening"))
	if err != nil {
		return err
	}
	opts := &redact.VerifyOptions{Key: key, Packed: isPack(c.String("redacted")), Recorded: recordedOptions}
	var found *redact.Verified
	err = withFiles(c, c.String("redacted"), func(copied fs.FS) error {
		opening, err := openings.of(copied)
		if err != nil {
			return err
		}
		return withFiles(c, c.String("of"), func(full fs.FS) error {
			found, err = redact.Verify(c.Context, copied, full, opening, opts)
			return err
		})
	})
	if errors.Is(err, errPack) {
		return &exitError{code: exitVerify, err: err, hint: mismatchAdvice(err)}
	}
	if errors.Is(err, redact.ErrMismatch) || errors.Is(err, redact.ErrFolder) {
		return &exitError{code: exitVerify, err: fmt.Errorf("%s: %w", filepath.ToSlash(c.String("redacted")), err)}
	}
	if err != nil {
		return err
	}
	sayFits(c, opts, found)
	return nil
}

// idleRedacted refuses what is about packs alone.
func idleRedacted(c *cli.Context) error {
	names := []string{"rederive", "bagit-profile", "json", "jobs"}
	for _, f := range slices.Concat(trustFlags(), packCloudFlags()) {
		names = append(names, f.Names()[0])
	}
	for _, name := range names {
		err := idle(c, name, false, "--redacted compares a copy with what it was made of, and no more:"+
			" verify the copy as a pack by itself too")
		if err != nil {
			return err
		}
	}
	return nil
}

// sayFits says what was proved of a copy, and no more.
func sayFits(c *cli.Context, opts *redact.VerifyOptions, found *redact.Verified) {
	where := "it"
	if opts.Packed {
		where = "its payload"
	}
	same := "byte for byte"
	if n := len(found.Pixels); n > 0 {
		same += fmt.Sprintf(", but of %s only the pixels are the same: another build wrote them, or other hands",
			count(n, "picture"))
	}
	sayf(c.App.Writer, "%s: every picture and fact in %s is that of %s, but for what is filled and left out",
		filepath.ToSlash(c.String("redacted")), where, filepath.ToSlash(c.String("of")))
	sayf(c.App.Writer, "%s made again, %s", count(found.Files, "file"), same)
}

// withFiles hands the files of a session to use: those of a folder, or the payload
// of a pack that verifies.
func withFiles(c *cli.Context, name string, use func(fs.FS) error) error {
	if isPack(name) {
		return withPack(c, name, func(in *pack.Contents, _ *custody.Log) error { return use(in.Payload()) })
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return fmt.Errorf("%s: %w", name, unwrapPath(err))
	}
	defer root.Close()
	if !hasReport(name) {
		return &exitError{
			code: exitVerify, err: fmt.Errorf("%s: no %s in it", filepath.ToSlash(name), markFile),
			hint: "give the folder of one session, or its pack",
		}
	}
	return use(root.FS())
}

// keptOpenings are the openings in a file.
type keptOpenings struct {
	file string
	redact.Openings
}

// readOpenings reads a file of openings.
func readOpenings(name string) (*keptOpenings, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, usageError("--opening %s: %v", name, unwrapPath(err))
	}
	all := &keptOpenings{file: name}
	if err := json.Unmarshal(data, &all.Openings); err != nil || all.Schema != redact.OpeningSchema {
		return nil, fmt.Errorf("--opening %s: not a file of openings", name)
	}
	return all, nil
}

// of returns the opening of a copy, by its commitment: whoever got the copy may
// have called it something else.
func (k *keptOpenings) of(copied fs.FS) (redact.Opening, error) {
	commitment, err := redact.CommitmentOf(copied)
	if err != nil {
		return redact.Opening{}, err
	}
	for _, o := range k.Openings.Openings {
		if o.Commitment == commitment {
			return o, nil
		}
	}
	return redact.Opening{}, fmt.Errorf("--opening %s: no opening of this copy in it", k.file)
}
