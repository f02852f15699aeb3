package main

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/export/pack"
)

// maxReceived bounds a log beside a pack in S3.
const maxReceived = 64 << 20

// withReceived returns the options with which a pack is verified together with
// the log beside it, where there is one.
func (v *packVerifier) withReceived(ctx context.Context, name string) (pack.VerifyOptions, error) {
	opts, log := v.opts, filepath.ToSlash(receivedPath(name))
	var data []byte
	var err error
	if isS3(name) {
		log = strings.TrimRight(name, "/") + pack.ReceivedEnd
		data, err = v.receivedInS3(ctx, log)
	} else {
		data, err = readReceived(name)
	}
	switch {
	case errors.Is(err, s3source.ErrDenied) && !errors.Is(err, s3source.ErrKey):
		// Who may not list is denied what is not there, and cannot tell.
		opts.More = append(slices.Clip(opts.More), unseen)
		err = nil
	case data != nil:
		opts.More = append(slices.Clip(opts.More), pack.Received(log, data))
	}
	return opts, err
}

// unseen is the check of a log that might be there.
func unseen(context.Context, *pack.Contents) pack.Check {
	return pack.Check{
		Name: "received", Verdict: pack.Skipped,
		Words: "it cannot be seen whether a log lies beside the pack: access denied, and s3:ListBucket would tell",
	}
}

// receivedInS3 returns the log at an address, nil where there is none.
func (v *packVerifier) receivedInS3(ctx context.Context, address string) ([]byte, error) {
	o, err := parseS3(address)
	if err != nil {
		return nil, err
	}
	store, err := v.reader.cloud.open(ctx)
	if err != nil {
		return nil, err
	}
	got, err := store.Object(ctx, o, maxReceived)
	switch {
	case errors.Is(err, s3source.ErrNoSuchBucket):
		return nil, err
	case errors.Is(err, decode.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return got.Data, nil
}
