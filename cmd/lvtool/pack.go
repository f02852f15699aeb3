package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/internal/pipeline"
)

func newPackCommand() *cli.Command {
	return &cli.Command{
		Name:        "pack",
		Subcommands: []*cli.Command{newAttachCommand(), newPackDiffCommand(), newPackExpireCommand()},
		Usage:       "make an evidence pack of every session: sealed, checkable without lvtool",
		ArgsUsage:   "RESULT…",
		Description: `RESULT is what it is to convert.

Every session becomes a pack of its own, a BagIt bag named by the session's id: the
result and its images byte for byte as they came, everything that convert makes of
them, who packed it for what, where every file comes from, and VERIFY.txt, which
says how to check it without lvtool. A pack appears when it is whole, and is never
replaced unless --force is given: the same command again goes on where a run was
stopped. The same input, options and SOURCE_DATE_EPOCH make the same bytes.

What is printed for each pack is the digest of its tag manifest, which stands for
all of it: kept somewhere else, it shows later that nothing was changed.

Examples:
   lvtool pack --case KYC-0815 --organisation "Bank AG" result.json
   lvtool pack --sign ~/.ssh/id_ed25519 --tsa http://TSA/ result.json
   lvtool pack --retain-until 2031-11-22 -o packs results/
   lvtool pack -o evidence.zip result.json
   lvtool pack s3://BUCKET/results/ -o s3://BUCKET/packs/`,
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{
				Name: "output", Aliases: []string{"o"}, Value: "lvtool-packs",
				Usage: "write to `DIR`, s3://BUCKET/PREFIX/ or, a single session, to FILE.zip",
			},
		}, packFlags(), sealFlags(), packBatchFlags(), sessionFlags(), pictureFlags(), outputFlags()),
		Action: func(c *cli.Context) error {
			p := &packer{c: c}
			return p.run()
		},
	}
}

// packBatchFlags are those of a batch that mean something to pack.
func packBatchFlags() []cli.Flag {
	return slices.DeleteFunc(batchFlags(), func(f cli.Flag) bool {
		return slices.Contains([]string{"check", "failed"}, f.Names()[0])
	})
}

// A packer is one run of the pack command.
type packer struct {
	c       *cli.Context
	source  *source
	out     packTarget
	names   folderNames
	console *console
	opts    *pack.Options
	export  export.Converter
	sealer  *sealer // nil where packs are not signed
	tally   tally
	unsaid  *packed // the pack of an archive
	// records keeps what became of the sessions; nil where nobody asks.
	records recorder
	// attempt is that of a [converter].
	attempt bool
}

func (p *packer) run() (err error) {
	if p.console, err = newConsole(p.c); err != nil {
		return err
	}
	defer func() { err = p.console.last(p.c.Context, err) }()
	jobs, err := jobs(p.c)
	if err != nil {
		return err
	}
	stamp, err := sourceDate()
	if err != nil {
		return err
	}
	if p.source, err = newSource(p.c); err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, p.source.close()) }()
	if p.opts, err = packOptions(p.c, p.source.opts, stamp); err != nil {
		return err
	}
	err = firstError(idlePaper(p.c, p.source.opts.Makes(export.OutputPDF), p.c.Bool("html")), idleSeal(p.c))
	if err != nil {
		return err
	}
	if p.sealer, err = newSealer(p.c); err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, p.sealer.close()) }()
	if p.out, err = newPackTarget(p.c, p.source.cloud, stamp, p.console.swept); err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, p.out.close()) }()
	p.names = folderNames{}
	if _, ok := p.out.(*zipTarget); ok {
		jobs = 1 // pack, that is: another ends the run
	}
	return p.all(jobs)
}

// all packs all sessions.
func (p *packer) all(jobs int) error {
	if err := p.each(jobs); err != nil {
		return err
	}
	if err := p.out.finish(p.tally.read); err != nil {
		return err
	}
	if p.unsaid != nil {
		p.say(p.unsaid)
	}
	summary, err := outcomeOf(p.tally.read, p.tally.partly, p.tally.failed, p.tally.refused)
	if summary != "" {
		p.console.say(message{level: slog.LevelError, event: "outcome", text: summary})
	}
	return err
}

// each packs sessions until the last.
func (p *packer) each(jobs int) error {
	ctx, cancel := context.WithCancel(p.c.Context)
	defer cancel() // for the reading, when a write has failed
	s := &pipeline.Stream[*item, *packed]{
		Workers: jobs,
		Do:      p.work,
		Weight:  (*item).weight,
		Budget:  inHand,
	}
	for o, err := range s.Run(ctx, p.source.items(ctx, p.names.folderName)) {
		if err := p.take(o, err); err != nil {
			return err
		}
	}
	return p.c.Err()
}

// A packed session is what became of an item.
type packed struct {
	*item
	// report is nil where the session failed, for the reason item.err.
	report *export.Report
	// digest is that of the tag manifest.
	digest string
	// sums are the digests of the files of a pack that was made.
	sums map[string]string
	// kept says that an earlier run made the pack.
	kept bool
}

// work packs a session. It returns an error only where going on makes no sense.
func (p *packer) work(ctx context.Context, it *item) (*packed, error) {
	o := &packed{item: it}
	if it.err != nil {
		return o, nil
	}
	defer func() { it.session = nil }()
	err := p.pack(ctx, o, p.out)
	if isTaken(err) && p.attempt {
		err = p.settle(ctx, o, err)
	}
	if isTaken(err) || errors.Is(err, errPassing) {
		o.report, it.err = nil, err
		err = nil
	}
	return o, err
}

// options are those of one pack.
func (p *packer) options(ctx context.Context, o *packed) *pack.Options {
	opts := *p.opts
	opts.Export = *p.source.options(o.session)
	if p.sealer != nil {
		opts.SealedWith = p.sealer.with()
		opts.Seal = func(tagManifest []byte, put bag.Put) error { return p.sealer.seal(ctx, o.name, tagManifest, put) }
	}
	return &opts
}

func (p *packer) pack(ctx context.Context, o *packed, to packTarget) error {
	opts := p.options(ctx, o)
	if p.earlier(ctx, o, opts) {
		return nil
	}
	stage, err := to.stage(o.name)
	if err != nil {
		return err
	}
	put := &packPut{stage: stage, sums: map[string]string{}}
	result, err := pack.WriteBy(ctx, p.export.Convert, o.session, opts, put.put)
	if err == nil && p.attempt {
		err = passing(result.Report)
	}
	if err != nil {
		return errors.Join(err, stage.drop())
	}
	o.report, o.digest, o.sums = result.Report, put.sums[pack.TagManifest], put.sums
	return stage.commit(ctx)
}

// earlier reports whether an earlier run has made the pack: then it stays as it
// is.
func (p *packer) earlier(ctx context.Context, o *packed, opts *pack.Options) bool {
	read := func(file string) ([]byte, error) { return p.out.read(ctx, o.name, file) }
	if p.c.Bool("force") || !pack.Earlier(o.session, opts, read) {
		return false
	}
	tags, err1 := read(pack.TagManifest)
	report, err2 := read(pack.ReportFile)
	if err1 != nil || err2 != nil {
		return false
	}
	r, err := export.ParseReport(bytes.NewReader(report))
	if err != nil {
		return false
	}
	o.report, o.digest, o.kept = r, digestOf(tags), true
	return true
}

// take takes what became of an item, in the order of the input.
func (p *packer) take(o *packed, err error) error {
	if caught, ok := errors.AsType[*pipeline.PanicError](err); ok {
		it, ok := caught.Item.(*item)
		if !ok {
			return err // the reading
		}
		it.err = fmt.Errorf("%s:%d: session %s: %w; this is a mistake in lvtool", it.from.name, it.line, it.id, caught)
		o, err = &packed{item: it}, nil
	}
	if err != nil {
		return err
	}
	if o.report == nil {
		p.tally.fail(o.err)
		p.console.complain("failed", o.err, o.fields(o.from.name)...)
		if p.records != nil {
			return p.records.fail(o.item)
		}
		return nil
	}
	if p.records != nil {
		if err := p.records.add(o.item, export.NewIndexEntry(o.report, o.name)); err != nil {
			return err
		}
	}
	p.tally.read++
	if !o.report.Complete() {
		p.tally.partly++
	}
	if _, ok := p.out.(*zipTarget); ok {
		p.unsaid = o // until the archive has its name: there may be none
	} else {
		p.say(o)
	}
	return nil
}
