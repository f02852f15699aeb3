package main

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/internal/awsconf"
	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// The headings of the flags that say where and as whom to ask AWS. Nothing
// under them changes what is made of a session.
const (
	amazon   = "AWS:"
	sessions = "Live sessions:"
)

// amazonFlags are the flags of every command that reads or writes S3. They mean
// what they mean to the AWS CLI, whose variables and config files hold for what
// is not given here; [newCloud] reads them.
func amazonFlags() []cli.Flag {
	return []cli.Flag{
		awsFlag("profile", "section `NAME` of the config files"),
		awsFlag("region", "`REGION` to ask; buckets elsewhere are followed"),
		awsFlag("endpoint-url", "send requests to `URL`"),
		&cli.BoolFlag{
			Name: "no-sign-request", Category: amazon, Usage: "look for no credentials: for public buckets",
		},
		awsFlag("ca-bundle", "trust the authorities in `FILE` alone"),
		&cli.BoolFlag{Name: "no-verify-ssl", Category: amazon, Usage: "accept any certificate"},
		awsFlag("cli-read-timeout", "wait `SECONDS` for each part of an answer; 0: for ever (default 60)"),
		awsFlag("cli-connect-timeout", "wait `SECONDS` for a connection; 0: for ever (default 60)"),
		&cli.StringSliceFlag{
			Name: "s3-bucket", Category: amazon,
			Usage: "get images from `BUCKET` alone, whatever their keys, or from any with *; can be given again." +
				" Without it: from any, where the key holds the session's id",
		},
		&cli.IntFlag{
			Name: "s3-rate", Category: amazon,
			Usage: "send at most `N` requests a second to S3, spread evenly; 0: any number",
		},
		awsFlag("s3-owner", "`ACCOUNT` that must own every bucket, 12 digits"),
	}
}

// outputFlags are the flags of every command that can write to S3.
func outputFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{
			Name: "force", Category: batches,
			Usage: "make sessions again that are whole; overwrite what is in S3, and an index or page of others",
		},
		kmsFlag(), partFlag(),
	}
}

func kmsFlag() cli.Flag {
	return awsFlag("s3-kms-key", "encrypt what is written to S3 with the KMS key `ID`")
}

// partFlag is the flag of commands that write files of any size to S3.
func partFlag() cli.Flag {
	return awsFlag("s3-part-size", "write to S3 in parts of `SIZE` what is larger, from 5M to 5G (default 128M)")
}

func awsFlag(name, usage string) cli.Flag { return value(name, amazon, usage) }

// isBystander reports whether a flag changes nothing in what is made of a
// session.
func isBystander(f cli.Flag) bool {
	if slices.Contains(bystanders, f.Names()[0]) {
		return true
	}
	c, ok := f.(cli.CategorizableFlag)
	return ok && slices.Contains([]string{amazon, sessions, batches, packing, sealing}, c.GetCategory())
}

var accountID = lazyregexp.New(`^[0-9]{12}$`)

// newCloud reads the flags of [amazonFlags] and [outputFlags].
func newCloud(c *cli.Context) (*cloud, error) {
	settings, err := awsSettings(c)
	if err != nil {
		return nil, err
	}
	opts := s3source.Options{Owner: c.String("s3-owner"), KMSKey: c.String("s3-kms-key")}
	if opts.Owner != "" && !accountID.MatchString(opts.Owner) {
		return nil, usageError("--s3-owner %s: want the 12 digits of an AWS account", opts.Owner)
	}
	if opts.Rate = c.Int("s3-rate"); opts.Rate < 0 {
		return nil, usageError("--s3-rate %d: want a number of requests a second, 0 for no limit", opts.Rate)
	}
	if s := c.String("s3-part-size"); s != "" {
		opts.PartSize = readCount(s)
		if opts.PartSize < s3source.MinPart || opts.PartSize > s3source.MaxPart {
			return nil, usageError("--s3-part-size %s: want a size from 5M to 5G", s)
		}
	}
	to := &cloud{settings: settings, opts: opts, buckets: c.StringSlice("s3-bucket")}
	for _, bucket := range to.buckets {
		if _, err := s3source.ParseURL(s3source.Scheme + bucket); err != nil && bucket != anyBucket {
			return nil, usageError("--s3-bucket %s: want the name of a bucket, without s3://, or *", bucket)
		}
	}
	return to, nil
}

func awsSettings(c *cli.Context) (awsconf.Settings, error) {
	s := awsconf.Settings{
		Profile:       c.String("profile"),
		Region:        c.String("region"),
		EndpointURL:   c.String("endpoint-url"),
		CABundle:      c.String("ca-bundle"),
		NoVerifySSL:   c.Bool("no-verify-ssl"),
		NoSignRequest: c.Bool("no-sign-request"),
	}
	if s.Region != "" && !validRegion(s.Region) {
		return s, usageError("--region %s: not the name of a region, such as eu-west-1", s.Region)
	}
	if u := s.EndpointURL; u != "" && (!strings.Contains(u, "://") || !hasHost(u)) {
		return s, usageError("--endpoint-url %s: want http://HOST or https://HOST", u)
	}
	var err error
	if s.ReadTimeout, err = timeout(c, "cli-read-timeout"); err != nil {
		return s, err
	}
	s.ConnectTimeout, err = timeout(c, "cli-connect-timeout")
	return s, err
}

// timeout reads a number of seconds, of which zero means no limit; awsconf
// writes that as a negative one.
func timeout(c *cli.Context, flag string) (time.Duration, error) {
	text := c.String(flag)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 31)
	switch {
	case err != nil:
		return 0, usageError("--%s %s: want a whole number of seconds, 0 for no limit", flag, text)
	case n == 0:
		return -1, nil
	}
	return time.Duration(n) * time.Second, nil
}
