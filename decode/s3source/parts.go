package s3source

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/lvtool/lvtool/decode"
)

// The bounds of parts
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html).
const (
	// MinPart is the size of the smallest part that S3 takes, but for the last.
	MinPart = 5 << 20
	// MaxPart is the size of the largest.
	MaxPart = 5 << 30

	defaultPart = 128 << 20
	maxParts    = 10_000
)

// completing is for how many bytes S3 gets time to put parts together.
const completing = 600 * slowest

// aborting is how long a caller waits who has given up.
const aborting = 20 * time.Second

// A partsClient writes objects in parts.
type partsClient interface {
	CreateMultipartUpload(
		context.Context, *s3.CreateMultipartUploadInput, ...func(*s3.Options),
	) (*s3.CreateMultipartUploadOutput, error)
	UploadPart(context.Context, *s3.UploadPartInput, ...func(*s3.Options)) (*s3.UploadPartOutput, error)
	CompleteMultipartUpload(
		context.Context, *s3.CompleteMultipartUploadInput, ...func(*s3.Options),
	) (*s3.CompleteMultipartUploadOutput, error)
	AbortMultipartUpload(
		context.Context, *s3.AbortMultipartUploadInput, ...func(*s3.Options),
	) (*s3.AbortMultipartUploadOutput, error)
}

// parts says how an object is divided.
type parts struct {
	size int64 // of each but the last
	sums [][sha256.Size]byte
}

// partSize returns the size of the parts of an object.
func (s *Store) partSize(size int64) int64 { return max(s.opts.PartSize, (size+maxParts-1)/maxParts) }

// checksum returns what S3 makes of the checksums of the parts.
func (p *parts) checksum() string {
	digest := sha256.New()
	for _, sum := range p.sums {
		digest.Write(sum[:])
	}
	return base64.StdEncoding.EncodeToString(digest.Sum(nil)) + "-" + strconv.Itoa(len(p.sums))
}

// contentOf returns the first size bytes of r, which are read once.
func (s *Store) contentOf(o decode.S3Object, r io.ReaderAt, size int64) (content, error) {
	c := content{data: r, size: size}
	whole, part := sha256.New(), sha256.New()
	each, to := size, io.Writer(whole)
	if size > s.opts.PartSize {
		each, to = s.partSize(size), io.MultiWriter(whole, part)
		c.parts = &parts{size: each}
	}
	for off := int64(0); off < size; off += each {
		part.Reset()
		if _, err := io.Copy(to, io.NewSectionReader(r, off, min(each, size-off))); err != nil {
			return content{}, fmt.Errorf("reading what is to be written to %s: %w", o, err)
		}
		if c.parts != nil {
			c.parts.sums = append(c.parts.sums, [sha256.Size]byte(part.Sum(nil)))
		}
	}
	c.sum = [sha256.Size]byte(whole.Sum(nil))
	return c, nil
}

// An upload is an object that is written in parts, which nobody sees before it is
// completed.
type upload struct {
	store  *Store
	object decode.S3Object
	data   content
	id     *string
	parts  []types.CompletedPart
}

// putParts is put for what is written in parts. None is left where it fails.
func (s *Store) putParts(ctx context.Context, o decode.S3Object, data content, on condition) (bool, error) {
	u := &upload{store: s, object: o, data: data}
	if err := u.begin(ctx); err != nil {
		return false, err
	}
	var created bool
	err := u.send(ctx)
	if err == nil {
		created, err = u.complete(ctx, on)
	}
	if !created {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), aborting)
		defer cancel()
		err = errors.Join(err, u.abort(ctx))
	}
	return created, err
}

func (u *upload) call(bytes int64, send func(context.Context, func(*s3.Options)) error) call {
	return call{op: OpPut, object: u.object, bytes: bytes, send: send}
}

// begin asks for the id of the upload.
func (u *upload) begin(ctx context.Context) error {
	in := &s3.CreateMultipartUploadInput{
		Bucket: &u.object.Bucket, Key: &u.object.Name, ContentType: aws.String(contentType(u.object.Name)),
		ChecksumAlgorithm: types.ChecksumAlgorithmSha256, ChecksumType: types.ChecksumTypeComposite,
		ExpectedBucketOwner: u.store.owner(),
	}
	if u.store.opts.KMSKey != "" {
		in.ServerSideEncryption, in.SSEKMSKeyId = types.ServerSideEncryptionAwsKms, &u.store.opts.KMSKey
	}
	return u.store.do(ctx, u.call(0, func(ctx context.Context, region func(*s3.Options)) error {
		out, err := u.store.client.CreateMultipartUpload(ctx, in, region)
		if err == nil {
			u.id = out.UploadId
		}
		return err
	}))
}

// send sends the parts, one after the other, each with its checksum, and again
// where it fails. None is held in memory.
func (u *upload) send(ctx context.Context) error {
	for i, sum := range u.data.parts.sums {
		off := int64(i) * u.data.parts.size
		n := min(u.data.parts.size, u.data.size-off)
		number, checksum := aws.Int32(int32(i+1)), aws.String(base64.StdEncoding.EncodeToString(sum[:]))
		err := u.store.do(ctx, u.call(n, func(ctx context.Context, region func(*s3.Options)) error {
			u.store.sent.Add(n)
			out, err := u.store.client.UploadPart(ctx, &s3.UploadPartInput{
				Bucket: &u.object.Bucket, Key: &u.object.Name, UploadId: u.id, PartNumber: number,
				Body: io.NewSectionReader(u.data.data, off, n), ContentLength: &n,
				ChecksumAlgorithm: types.ChecksumAlgorithmSha256, ChecksumSHA256: checksum,
				ExpectedBucketOwner: u.store.owner(),
			}, region)
			if err != nil {
				return err
			}
			if out.ChecksumSHA256 != nil && *out.ChecksumSHA256 != *checksum {
				return ErrChecksum
			}
			u.parts = append(u.parts, types.CompletedPart{PartNumber: number, ETag: out.ETag, ChecksumSHA256: checksum})
			return nil
		}))
		if err != nil {
			return err
		}
	}
	return nil
}

// complete makes the object of the parts, on a condition; that it was met, created
// says.
func (u *upload) complete(ctx context.Context, on condition) (created bool, err error) {
	in := &s3.CompleteMultipartUploadInput{
		Bucket: &u.object.Bucket, Key: &u.object.Name, UploadId: u.id,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: u.parts},
		ChecksumType:    types.ChecksumTypeComposite, ExpectedBucketOwner: u.store.owner(),
	}
	if on.absent {
		in.IfNoneMatch = aws.String("*")
	}
	if on.etag != "" {
		in.IfMatch = aws.String(`"` + on.etag + `"`)
	}
	refused := false
	err = u.store.do(ctx, u.call(completing, func(ctx context.Context, region func(*s3.Options)) error {
		out, err := u.store.client.CompleteMultipartUpload(ctx, in, region)
		if statusOf(err) == http.StatusNotImplemented && on != (condition{}) {
			// The object was looked at before the parts were sent, for such servers.
			in.IfNoneMatch, in.IfMatch = nil, nil
			out, err = u.store.client.CompleteMultipartUpload(ctx, in, region)
		}
		if statusOf(err) == http.StatusPreconditionFailed && on != (condition{}) {
			refused = true
			return nil
		}
		if err == nil && out.ChecksumSHA256 != nil && *out.ChecksumSHA256 != u.data.parts.checksum() {
			return ErrChecksum
		}
		return err
	}))
	switch failure, ok := errors.AsType[*Error](err); {
	case err == nil:
		return !refused, nil
	case ok && failure.Code == "NoSuchUpload" && failure.Tries > 1:
		// An earlier try may have completed it, and its answer have been lost.
		return u.store.same(ctx, u.object, u.data)
	case on.etag != "" && errors.Is(err, decode.ErrNotFound) && !errors.Is(err, ErrNoSuchBucket):
		return false, nil // what was to be overwritten has been deleted
	}
	return false, err
}

// abort has S3 forget the parts, which else cost as much as an object.
func (u *upload) abort(ctx context.Context) error {
	err := u.store.do(ctx, call{
		op: OpAbort, object: u.object, send: func(ctx context.Context, region func(*s3.Options)) error {
			_, err := u.store.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{
				Bucket: &u.object.Bucket, Key: &u.object.Name, UploadId: u.id, ExpectedBucketOwner: u.store.owner(),
			}, region)
			return err
		},
	})
	if failure, ok := errors.AsType[*Error](err); ok && failure.Code == "NoSuchUpload" {
		return nil
	}
	return err
}

// statusOf returns the status of the answer that an error is, 0 where it is none.
func statusOf(err error) int {
	answer, ok := errors.AsType[*awshttp.ResponseError](err)
	if !ok {
		return 0
	}
	return answer.HTTPStatusCode()
}
