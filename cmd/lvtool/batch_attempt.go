package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/export/plan"
)

// errPassing says that a session could not be made, and may be another time.
var errPassing = errors.New("cannot be made now")

// passing says, as an error, why a session is not to be kept as it is: that what
// it lacks may be had another time, or when somebody has set something right.
func passing(r *export.Report) error {
	for _, p := range r.AllProblems() {
		switch p.Code {
		case "s3_throttled", "s3_server", "s3_network", "s3_timeout", "s3_expired_credentials":
			return fmt.Errorf("%w: %s", errPassing, p)
		case "s3_no_credentials", "s3_bad_credentials", "s3_config", "s3_clock", "s3_tls":
			return &exitError{code: exitConfig, err: errors.New(p.String()), hint: adviceOn(p.Code)}
		}
	}
	return nil
}

// settle takes a session that another attempt has made in the meantime, given the
// error that says so. What a killed attempt has left of one, made of other
// answers of S3, is made anew: that it is whole then, in spite of any other
// attempt, is found out last.
func (v *converter) settle(ctx context.Context, it *item, taken error) (*export.Result, error) {
	data, err := v.out.existing(ctx, it.name)
	if err != nil {
		return nil, err
	}
	if data != nil {
		report, err := export.Earlier(data, it.session, v.source.options(it.session))
		if err != nil {
			return nil, taken
		}
		if v.out.check(ctx, it.name, report.Outputs, true) == nil {
			return &export.Result{Report: report}, nil
		}
	}
	result, err := v.make(ctx, it, v.out.forced().stage)
	if err != nil {
		return nil, err
	}
	if err := v.out.check(ctx, it.name, result.Report.Outputs, true); err != nil {
		return nil, fmt.Errorf("%s: %w: another attempt is at it: %w", v.out.address(it.name), errPassing, err)
	}
	return result, nil
}

// pack makes the packs of the shard that are not there.
func (w *worker) pack(p *packer, jobs int) (err error) {
	at, err := time.Parse(time.RFC3339, w.plan.Job.Time)
	if err != nil {
		return fmt.Errorf("%w: the time of its packs: %w", plan.ErrDamaged, err)
	}
	if p.opts, err = packOptions(p.c, p.source.opts, at); err != nil {
		return err
	}
	if w.plan.Job.Signed && len(p.c.StringSlice("sign")) == 0 {
		return usageError("the packs of this run must be signed: give --sign")
	}
	if p.sealer, err = newSealer(p.c); err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, p.sealer.close()) }()
	p.names, p.records, p.attempt = folderNames{}, w, true
	return p.each(jobs)
}

// settle is that of a converter, for packs. Signatures and timestamps are others
// each time, so that those of another attempt are no fault of this one.
func (p *packer) settle(ctx context.Context, o *packed, taken error) error {
	if p.earlier(ctx, o, p.options(ctx, o)) {
		return nil
	}
	if _, err := p.out.read(ctx, o.name, pack.TagManifest); err == nil {
		return taken
	}
	folders, ok := p.out.(packFolders)
	if !ok {
		return taken
	}
	if err := p.pack(ctx, o, packFolders{folders.forced()}); err != nil {
		return err
	}
	for name, sum := range o.sums {
		data, err := p.out.read(ctx, o.name, name)
		if err != nil || digestOf(data) != sum {
			return fmt.Errorf("%s: %w: another attempt is at it", p.out.address(o.name), errPassing)
		}
	}
	return nil
}
