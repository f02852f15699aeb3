package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/bag/seal"
	"github.com/lvtool/lvtool/export/pack"
)

func newVerifyCommand() *cli.Command {
	return &cli.Command{
		Name:      "verify",
		Usage:     "check evidence packs, and bags of other programs",
		ArgsUsage: "PACK…",
		Description: `PACK is the folder or ZIP archive of a pack, or a folder of such folders and archives.

Checked are the structure of the bag, that all files are there and no other, every
digest, the chain of the custody log, the report against its schema and against
the files it names, and that every file is accounted for. A bag of another program
is checked as a bag, and said to be one. All that is wrong is said, each with a
code that stays the same over versions. The exit code is 3 where a check failed.

The log of what was done with a pack since it was sealed, such as reviewers'
decisions, is checked too where it lies beside the pack: PACK` + pack.ReceivedEnd + `.

A signature is checked with --allowed-signers, a list as ssh-keygen reads it, and a
timestamp with --tsa-ca. Both must have reached you by another way than the pack.
Without them, this shows that a pack is whole and does not contradict itself; whoever
changed a file could have made the lists and a signature of their own too. Then
compare the digest of the tag manifest with one that was kept somewhere else.

With --redacted instead of PACK, what is checked is that a copy has just the files
that its report lists, unchanged; that its commitment is to the full folder; and
that its document, made again of that folder, is the same.

Examples:
   lvtool verify --redacted copy/ID --of lvtool-out/ID --opening copy.opening.json
   lvtool verify --allowed-signers allowed_signers --tsa-ca tsa.pem lvtool-packs
   lvtool verify --rederive --json evidence.zip`,
		Flags: append(slices.Concat(trustFlags(), redactedFlags()),
			identityFlag(),
			rederiveFlag(),
			&cli.BoolFlag{Name: "json", Usage: "print one line of JSON a pack on standard output"},
			&cli.IntFlag{
				Name: "max-entries", Category: limits, Value: 200_000, Usage: "most files and folders of a pack",
			},
			value("max-bytes", limits, "most bytes of a pack's files together (default 64G)"),
		),
		Action: func(c *cli.Context) error {
			v := &packVerifier{c: c}
			return v.run()
		},
	}
}

// A packVerifier is one run of the verify command.
type packVerifier struct {
	c      *cli.Context
	opts   pack.VerifyOptions
	passed int
	failed int
	// identities decrypt archives.
	identities []seal.Identity
}

func (v *packVerifier) run() error {
	if isRedacted(v.c) {
		return verifyRedacted(v.c)
	}
	if v.c.NArg() == 0 {
		return usageError("verify: give at least one PACK: a folder or a ZIP archive")
	}
	trust, err := readTrust(v.c)
	if err := firstError(err, v.limits()); err != nil {
		return err
	}
	if v.identities, err = identities(v.c); err != nil {
		return err
	}
	v.opts.More = trust.Checks()
	if v.c.Bool("rederive") {
		v.opts.More = append(v.opts.More, (&pack.Rederive{Options: recordedOptions}).Check)
	}
	v.opts.Each = each(v.c.Context)
	for _, arg := range v.c.Args().Slice() {
		packs, err := packsIn(arg)
		if err != nil {
			return err
		}
		for _, name := range packs {
			if err := v.one(name); err != nil {
				return err
			}
		}
	}
	if v.failed > 0 {
		return &exitError{
			code: exitVerify,
			err:  fmt.Errorf("%d of %s did not pass", v.failed, count(v.passed+v.failed, "pack")),
		}
	}
	return nil
}

// limits reads the flags of limits.
func (v *packVerifier) limits() error {
	v.opts.Limits.Entries = v.c.Int("max-entries")
	if v.opts.Limits.Entries < 1 {
		return usageError("--max-entries %d: want a number above 0", v.opts.Limits.Entries)
	}
	if s := v.c.String("max-bytes"); s != "" {
		if v.opts.Limits.Bytes = readCount(s); v.opts.Limits.Bytes == 0 {
			return usageError("--max-bytes %s: want a whole number above 0, or one with k, M or G behind it", s)
		}
	}
	return nil
}

// packsIn returns the packs that an argument names: itself, or, of a folder that
// is none, what lies in it.
func packsIn(arg string) ([]string, error) {
	info, err := os.Stat(arg)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.ToSlash(arg), unwrapPath(err))
	}
	if _, err := os.Lstat(filepath.Join(arg, "bagit.txt")); !info.IsDir() || err == nil {
		return []string{arg}, nil
	}
	list, err := os.ReadDir(arg)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.ToSlash(arg), unwrapPath(err))
	}
	var packs []string
	for _, e := range list {
		zip := e.Type().IsRegular() && (strings.EqualFold(filepath.Ext(e.Name()), ".zip") || isEncryptedName(e.Name()))
		if zip || e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			packs = append(packs, filepath.Join(arg, e.Name()))
		}
	}
	if len(packs) == 0 {
		return []string{arg}, nil // which then is said to be none
	}
	return packs, nil
}

// one verifies one pack.
func (v *packVerifier) one(name string) error {
	result, err := v.open(name)
	found, sealed := errors.AsType[*seal.Error](err)
	switch {
	case v.c.Err() != nil:
		return v.c.Err()
	case errors.Is(err, bag.ErrZip):
		result = unopened(bag.BadZip, err)
	case sealed:
		result = unopened(bag.Code(found.Code), err)
	case err != nil:
		return fmt.Errorf("%s: %w", filepath.ToSlash(name), unwrapPath(err))
	}
	if result.Passed() {
		v.passed++
	} else {
		v.failed++
	}
	v.say(filepath.ToSlash(name), result)
	return nil
}

// unopened is what is said of an archive that cannot be looked into.
func unopened(code bag.Code, err error) *pack.Verification {
	return &pack.Verification{Kind: pack.KindNone, Checks: []pack.Check{{
		Name: "structure", Verdict: pack.Failed, Words: err.Error(),
		Findings: []bag.Finding{{Code: code, Message: err.Error()}},
	}}}
}

// open verifies a pack, and the log beside it where there is one.
func (v *packVerifier) open(name string) (result *pack.Verification, err error) {
	opts := v.opts
	received, err := readReceived(name)
	if err != nil {
		return nil, err
	}
	if received != nil {
		more := pack.Received(filepath.ToSlash(receivedPath(name)), received)
		opts.More = append(slices.Clip(opts.More), more)
	}
	err = openPack(name, opts.Limits, v.identities, func(tree bag.Tree) error {
		result, err = pack.Verify(v.c.Context, tree, &opts)
		return err
	})
	return result, err
}
