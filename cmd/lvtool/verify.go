package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/internal/pipeline"
)

func newVerifyCommand() *cli.Command {
	return &cli.Command{
		Name:      "verify",
		Usage:     "check evidence packs, and bags of other programs",
		ArgsUsage: "PACK…",
		Description: `PACK is the folder or ZIP archive of a pack, or a folder of such folders and archives,
here or in S3. There, an object that changes after it was listed is found.

Checked are the structure of the bag, that all files are there and no other, every
digest, the chain of the custody log, the report against its schema and against
the files it names, and that every file is accounted for. A bag of another program
is checked as a bag, and said to be one. All that is wrong is said, each with a
code that stays the same over versions. The exit code is 3 where a check failed.

The log of what was done with a pack since it was sealed, such as reviewers'
decisions, is checked too where it lies beside the pack, also in S3: PACK` + pack.ReceivedEnd + `.

A signature is checked with --allowed-signers, a list as ssh-keygen reads it, and a
timestamp with --tsa-ca. Both must have reached you by another way than the pack.
Without them, this shows that a pack is whole and does not contradict itself; whoever
changed a file could have made the lists and a signature of their own too. Then
compare the digest of the tag manifest with one that was kept somewhere else.

With --redacted instead of PACK, what is checked is that a copy's commitment is to the
full folder; that its document, made again of that folder, is the same; that its other
files, report and page too, made again of the document, are the same, by bytes or
pictures by pixels; and that it has no more. Where the copy
is a pack, this is about its payload.

Examples:
   lvtool verify --redacted copy/ID --of lvtool-out/ID --opening copy.opening.json
   lvtool verify --allowed-signers allowed_signers --tsa-ca tsa.pem lvtool-packs
   lvtool verify --rederive --json evidence.zip
   lvtool verify s3://BUCKET/packs/`,
		Flags: append(slices.Concat(trustFlags(), packReadFlags(), packCloudFlags(), redactedFlags()),
			rederiveFlag(),
			profileFlag(),
			&cli.BoolFlag{Name: "json", Usage: "print one line of JSON a pack on standard output"},
			&cli.IntFlag{
				Name: "jobs", Aliases: []string{"j"},
				Usage: "check `N` packs, or files of a single one, at a time; 0 means one for every core",
			},
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
	reader *packReader
	jobs   int
	opts   pack.VerifyOptions
	passed int
	failed int
}

func (v *packVerifier) run() error {
	if isRedacted(v.c) {
		return verifyRedacted(v.c)
	}
	if v.c.NArg() == 0 {
		return usageError("verify: give at least one PACK: a folder, a ZIP archive, or s3://BUCKET/PREFIX/")
	}
	var err error
	if v.opts.Trust, err = readTrust(v.c); err != nil {
		return err
	}
	if v.jobs, err = jobs(v.c); err != nil {
		return err
	}
	if v.reader, err = newPackReader(v.c); err != nil {
		return err
	}
	if v.reader.cloud, err = newPackCloud(v.c); err != nil {
		return err
	}
	if v.opts.Profile, err = readProfile(v.c); err != nil {
		return err
	}
	if v.c.Bool("rederive") {
		v.opts.More = append(v.opts.More, (&pack.Rederive{Options: recordedOptions}).Check)
	}
	for _, arg := range v.c.Args().Slice() {
		packs, err := v.packs(arg)
		if err != nil {
			return err
		}
		if err := v.all(packs); err != nil {
			return err
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

// packs returns the packs that an argument names.
func (v *packVerifier) packs(arg string) ([]string, error) {
	if isS3(arg) {
		return s3Packs(v.c.Context, v.reader.cloud, arg)
	}
	return packsIn(arg)
}

// all verifies packs, several at a time, and says what is found in their order.
// Of a single one, several files are read at a time.
func (v *packVerifier) all(packs []string) error {
	opts := v.opts
	if len(packs) == 1 {
		opts.Each = each(v.c.Context, v.jobs)
	}
	type verified struct {
		*pack.Verification
		err error
	}
	one := func(ctx context.Context, _ int, name string) (o verified) {
		opts, err := v.withReceived(ctx, name)
		if err != nil {
			return verified{err: err}
		}
		o.err = v.reader.read(ctx, name, &opts, func(r *pack.Verification, _ *pack.Contents) error {
			o.Verification = r
			return nil
		})
		return o
	}
	i := 0
	for o := range pipeline.Map(v.c.Context, v.jobs, packs, one) {
		if o.err != nil {
			return o.err
		}
		if o.Passed() {
			v.passed++
		} else {
			v.failed++
		}
		v.say(packName(packs[i]), o.Verification)
		i++
	}
	return nil
}

// packName is what a pack is called.
func packName(name string) string {
	if isS3(name) {
		return name
	}
	return filepath.ToSlash(name)
}

// each returns what does the work of several files at a time, for
// [bag.Options].
func each(ctx context.Context, jobs int) func(n int, do func(i int)) {
	return func(n int, do func(int)) {
		work := func(_ context.Context, i int, _ struct{}) struct{} {
			do(i)
			return struct{}{}
		}
		for range pipeline.Map(ctx, jobs, make([]struct{}, n), work) {
		}
	}
}
