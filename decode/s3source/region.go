package s3source

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/internal/lazyregexp"
)

const (
	regionHeader = "x-amz-bucket-region"
	// defaultRegion is where a request goes for which no region is set; its
	// answer says where the bucket is.
	defaultRegion = "us-east-1"
	// maxRegions bounds what is remembered, since buckets come from outside.
	maxRegions = 1000
)

var (
	// A region becomes part of a host name.
	regionName   = lazyregexp.New(`^[a-z0-9]+(-[a-z0-9]+){1,5}$`)
	regionInText = lazyregexp.New(`expecting ['"]([a-z0-9-]{1,40})['"]`)
)

// regions remembers where buckets are that are not where they were looked for.
type regions struct {
	// home is the region that the caller set; "" for none.
	home string

	mu    sync.Mutex
	moved map[string]string
}

// of returns the region to look for a bucket in.
func (r *regions) of(bucket string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if region, ok := r.moved[bucket]; ok {
		return region
	}
	if r.home == "" {
		return defaultRegion
	}
	return r.home
}

func (r *regions) remember(bucket, region string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.moved == nil || len(r.moved) >= maxRegions {
		r.moved = map[string]string{}
	}
	r.moved[bucket] = region
}

// problem says that a bucket is not in the region that was set. Nil means that
// it is, or that none was set.
func (r *regions) problem(bucket string) []decode.Problem {
	is := r.of(bucket)
	if isARN(bucket) {
		is = strings.SplitN(bucket, ":", 5)[3]
	}
	if r.home == "" || is == "" || is == r.home {
		return nil
	}
	return []decode.Problem{{
		Code: "bucket_region",
		Message: fmt.Sprintf("the bucket is in %s, the region set is %s: a session and its bucket are in one region",
			is, r.home),
	}}
}

// follow finds the region of a bucket after a request for it went to another,
// the one tried. It reports whether it has found one to try instead.
func (s *Store) follow(ctx context.Context, bucket, tried string, cause error) bool {
	region := regionFrom(cause)
	if region == "" {
		region = s.askRegion(ctx, bucket, tried)
	}
	if region == "" || region == tried {
		return false
	}
	s.regions.remember(bucket, region)
	s.redirects.Add(1)
	return true
}

// regionFrom returns the region that an error of S3 names, "" for none.
func regionFrom(err error) string {
	region := header(err).Get(regionHeader)
	if api, ok := errors.AsType[smithy.APIError](err); ok && region == "" {
		if m := regionInText.FindStringSubmatch(api.ErrorMessage()); m != nil {
			region = m[1]
		}
	}
	if !regionName.MatchString(region) {
		return ""
	}
	return region
}

// askRegion asks S3 where a bucket is. S3 says so even to strangers and with
// its refusals, so the request is not signed.
func (s *Store) askRegion(ctx context.Context, bucket, region string) string {
	ctx, cancel := context.WithTimeout(ctx, s.opts.TryTimeout)
	defer cancel()
	s.requests.Add(1)
	out, err := s.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &bucket}, func(o *s3.Options) {
		o.Region = region
		o.Credentials = nil
	})
	if err != nil {
		return regionFrom(err)
	}
	if region = aws.ToString(out.BucketRegion); !regionName.MatchString(region) {
		return ""
	}
	return region
}

// header returns the header of the answer that an error is about. It is nil,
// which is empty, where there was no answer.
func header(err error) http.Header {
	answer, ok := errors.AsType[*awshttp.ResponseError](err)
	if !ok || answer.Response == nil || answer.Response.Response == nil {
		return nil
	}
	return answer.Response.Header
}
