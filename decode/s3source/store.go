package s3source

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/lvtool/lvtool/decode"
)

// Options bound what a [Store] does. The zero Options, or nil, mean the
// defaults.
type Options struct {
	// Tries is the most times that one request is made. Zero means the setting
	// of AWS (AWS_MAX_ATTEMPTS, max_attempts) or else 8; bytes that keep
	// differing from their checksum are got 3 times at most.
	Tries int
	// TryTimeout bounds one try: the request and its answer, the body of a
	// small object included; for a larger one, the wait for its next bytes.
	// Zero means one minute.
	TryTimeout time.Duration
	// Timeout bounds all tries and the waiting between them. Zero means five
	// minutes.
	Timeout time.Duration
	// Backoff returns how long to wait after try n, from 1, has failed. Nil
	// means a random time of up to 100 ms, doubled with every try, and never
	// over 20 s.
	Backoff func(n int) time.Duration
	// Rate is the most requests a second, tries again included, which are spread
	// evenly. Zero means any number.
	Rate int
	// Buckets are the only buckets that may be used; empty means any.
	Buckets []string
	// Owner is the AWS account that must own every bucket; "" means any.
	Owner string
	// KMSKey is the KMS key that what is written is encrypted with; "" leaves
	// it to the bucket.
	KMSKey string
	// PartSize is how large the parts are in which larger objects are written, from
	// [MinPart] to [MaxPart], or what 10,000 parts ask for. Zero means 128 MiB.
	PartSize int64
	// VirtualHosts makes the bucket part of the host name at an endpoint that
	// the caller set. Without it the bucket is part of the path there, as with
	// the AWS CLI.
	VirtualHosts bool
}

// Stats count what a [Store] has done.
type Stats struct {
	// Requests is how many requests were made, all tries counted.
	Requests int64
	// Retries is how many of them repeat one that failed.
	Retries int64
	// Redirects is how many repeat one that went to the wrong region.
	Redirects int64
	// Received and Sent count the bytes of objects, failed tries included.
	Received, Sent int64
}

// A Store reads and writes objects in S3. It is safe for concurrent use.
type Store struct {
	client      client
	opts        Options
	credentials aws.CredentialsProvider
	regions     regions
	pace        *pace

	requests, retries, redirects, received, sent atomic.Int64
}

// client is what the package uses of the SDK.
type client interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
	DeleteObject(context.Context, *s3.DeleteObjectInput, ...func(*s3.Options)) (*s3.DeleteObjectOutput, error)
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
	HeadBucket(context.Context, *s3.HeadBucketInput, ...func(*s3.Options)) (*s3.HeadBucketOutput, error)
	versionClient
	partsClient
}

// versionClient is what is asked about versions, and what locks them.
type versionClient interface {
	ListObjectVersions(
		context.Context, *s3.ListObjectVersionsInput, ...func(*s3.Options),
	) (*s3.ListObjectVersionsOutput, error)
	GetObjectLockConfiguration(
		context.Context, *s3.GetObjectLockConfigurationInput, ...func(*s3.Options),
	) (*s3.GetObjectLockConfigurationOutput, error)
	GetObjectRetention(
		context.Context, *s3.GetObjectRetentionInput, ...func(*s3.Options),
	) (*s3.GetObjectRetentionOutput, error)
	GetObjectLegalHold(
		context.Context, *s3.GetObjectLegalHoldInput, ...func(*s3.Options),
	) (*s3.GetObjectLegalHoldOutput, error)
}

var _ decode.Objects = (*Store)(nil)

// New returns a Store with the credentials, region, endpoint and HTTP client of
// cfg. Without a region it starts at us-east-1, from where every bucket is
// found. Checksums are always on, whatever cfg says.
func New(cfg aws.Config, opts *Options) *Store {
	if opts == nil {
		opts = &Options{}
	}
	s := &Store{
		opts:        opts.orDefault(cfg.RetryMaxAttempts),
		credentials: cfg.Credentials,
		regions:     regions{home: cfg.Region},
		pace:        newPace(opts.Rate),
	}
	s.client = s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenSupported
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenSupported
		o.DisableLogOutputChecksumValidationSkipped = true
		// The SDK's own retries end before the body is read, and its quota of
		// them would end a batch: see [Store.do].
		o.Retryer = aws.NopRetryer{}
		o.UseARNRegion = true
		if o.BaseEndpoint != nil {
			o.UsePathStyle = !opts.VirtualHosts
		}
	})
	return s
}

// Stats returns what s has done so far.
func (s *Store) Stats() Stats {
	return Stats{
		Requests:  s.requests.Load(),
		Retries:   s.retries.Load(),
		Redirects: s.redirects.Load(),
		Received:  s.received.Load(),
		Sent:      s.sent.Load(),
	}
}

// orDefault returns o with its zero fields filled. The number of tries is that
// of the AWS settings where they have one.
func (o Options) orDefault(tries int) Options {
	if o.Tries == 0 {
		o.Tries = tries
	}
	if o.Tries <= 0 {
		o.Tries = 8
	}
	if o.TryTimeout <= 0 {
		o.TryTimeout = time.Minute
	}
	if o.Timeout <= 0 {
		o.Timeout = 5 * time.Minute
	}
	if o.PartSize <= 0 {
		o.PartSize = defaultPart
	}
	if o.Backoff == nil {
		o.Backoff = backoff
	}
	return o
}

// backoff returns a random time, so that many clients that failed together do
// not come back together.
func backoff(n int) time.Duration {
	most := min(100*time.Millisecond<<min(n-1, 10), 20*time.Second)
	return rand.N(most) //nolint:gosec // Not a secret: it only keeps clients apart.
}
