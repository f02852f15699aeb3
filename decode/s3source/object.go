package s3source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/lvtool/lvtool/decode"
)

// wholeBytes is the size up to which [Store.Open] gets an object whole before
// it hands out the first byte, and up to which memory is reserved for a length
// that S3 has only claimed.
const wholeBytes = 16 << 20

// Object gets an object whole, with its checksum checked; it implements
// [decode.Objects].
func (s *Store) Object(ctx context.Context, o decode.S3Object, limit int64) (*decode.Object, error) {
	got := &decode.Object{}
	err := s.do(ctx, call{op: OpGet, object: o, send: func(ctx context.Context, region func(*s3.Options)) error {
		out, err := s.get(ctx, o, nil, region)
		if err != nil {
			return err
		}
		defer out.Body.Close()
		got.Origin = origin(o, out)
		got.Data, err = readAll(out, decode.LimitImageBytes, limit)
		return err
	}})
	if err != nil {
		return nil, err
	}
	got.Problems = s.problems(o, got.Origin)
	return got, nil
}

// A part is what is missing of an object of which the beginning has been read.
type part struct {
	from int64
	etag *string
}

// get asks for an object, or the rest of one.
func (s *Store) get(ctx context.Context, o decode.S3Object, rest *part, region func(*s3.Options),
) (*s3.GetObjectOutput, error) {
	in := &s3.GetObjectInput{
		Bucket:              &o.Bucket,
		Key:                 &o.Name,
		ChecksumMode:        types.ChecksumModeEnabled,
		ExpectedBucketOwner: s.owner(),
	}
	if o.Version != "" {
		in.VersionId = &o.Version
	}
	if rest != nil {
		in.Range, in.IfMatch = aws.String(fmt.Sprintf("bytes=%d-", rest.from)), rest.etag
	}
	out, err := s.client.GetObject(ctx, in, region)
	if err != nil {
		return nil, err
	}
	out.Body = counted{out.Body, &s.received}
	if got := aws.ToString(out.VersionId); o.Version != "" && got != "" && got != o.Version {
		return nil, errors.Join(fmt.Errorf("%w: %.100q came instead", ErrNoSuchVersion, got), out.Body.Close())
	}
	return out, nil
}

// counted counts the bytes that are read.
type counted struct {
	io.ReadCloser
	n *atomic.Int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// readAll reads the body of an answer to its end, where the SDK compares the
// checksum. A body over the limit is a [decode.LimitError] of the name given.
func readAll(out *s3.GetObjectOutput, name string, limit int64) ([]byte, error) {
	length := aws.ToInt64(out.ContentLength)
	if err := within(name, length, limit); err != nil {
		return nil, err
	}
	var data bytes.Buffer
	data.Grow(int(min(max(length, 0), wholeBytes)) + bytes.MinRead)
	n, err := data.ReadFrom(io.LimitReader(out.Body, min(limit, math.MaxInt64-1)+1))
	if err != nil {
		return nil, err
	}
	return data.Bytes(), within(name, n, limit)
}

func within(name string, n, limit int64) error {
	if n <= limit {
		return nil
	}
	return &decode.LimitError{Limit: name, Got: n, Max: limit}
}

// origin records what S3 says of an object.
func origin(o decode.S3Object, out *s3.GetObjectOutput) decode.Origin {
	sum := checksumOf(out)
	return decode.Origin{
		Kind:         "s3",
		Bucket:       o.Bucket,
		Key:          o.Name,
		Version:      aws.ToString(out.VersionId),
		ETag:         unquote(out.ETag),
		LastModified: timestamp(out.LastModified),
		Checksum:     sum.String(),
		Encryption:   encryption(out),
	}
}

// problems are the doubts about an object that was got.
func (s *Store) problems(o decode.S3Object, is decode.Origin) []decode.Problem {
	all := s.regions.problem(o.Bucket)
	if o.Version != "" && is.Version == "" {
		all = append(all, decode.Problem{
			Code:    "version_unchecked",
			Message: "the result names a version of the object, which the bucket does not confirm: it keeps none",
		})
	}
	return all
}

// encryption returns how S3 keeps an object encrypted: AES256, aws:kms, … and
// the key's ARN after a space, or SSE-C.
func encryption(out *s3.GetObjectOutput) string {
	switch {
	case out.SSECustomerAlgorithm != nil:
		return "SSE-C " + *out.SSECustomerAlgorithm
	case out.SSEKMSKeyId != nil:
		return string(out.ServerSideEncryption) + " " + *out.SSEKMSKeyId
	}
	return string(out.ServerSideEncryption)
}

func timestamp(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// unquote returns an entity tag without the quotes that are part of it.
func unquote(etag *string) string { return strings.Trim(aws.ToString(etag), `"`) }
