package s3source

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/lvtool/lvtool/decode"
)

// maxPut is the size of the largest object that one request can write.
const maxPut = 5 << 30

// PutOptions say how objects are written. Nil means the zero PutOptions.
type PutOptions struct {
	// Force allows other bytes to be overwritten.
	Force bool
	// Own reports whether an object that is there with other bytes may be
	// overwritten, by its name and bytes; nil means none may. Objects of more
	// than 64 MiB are not asked for.
	Own func(name string, data []byte) bool
	// Files returns the files that belong to the mark of a folder, by name, with
	// their SHA-256 digests in hexadecimal: those of a folder that Own takes are
	// replaced with it, where they have these digests. See [Folder.Commit].
	Files func(mark []byte) map[string]string
}

// A condition is what must be so for an object to be written.
type condition struct {
	absent bool
	etag   string // of the object that is overwritten; any where empty
}

// maxOwn is how large an object may be to be looked at before it is overwritten.
const maxOwn = 64 << 20

// Put writes an object, whole or not at all, with its SHA-256 as the checksum
// that S3 compares and keeps. An object that is there already stays: with the
// same bytes that is no error, with others an [ErrExists], unless opts.Force
// says to overwrite it, or opts.Own takes it for the caller's. Two writers at once cannot overwrite each other either.
//
// The type of the content is set after the name's ending.
func (s *Store) Put(ctx context.Context, o decode.S3Object, data []byte, opts *PutOptions) error {
	created, err := s.put(ctx, o, data, condition{absent: true})
	if created || err != nil {
		return err
	}
	same, err := s.same(ctx, o, data)
	if same || err != nil {
		return err
	}
	over := condition{}
	if opts == nil || !opts.Force {
		if over, err = s.own(ctx, o, opts); err != nil {
			return err
		}
	}
	written, err := s.put(ctx, o, data, over)
	if err == nil && !written { // it has become another
		err = &Error{Op: OpPut, Object: o, Err: ErrExists}
	}
	return err
}

// own returns the condition on which an object may be overwritten, an [ErrExists]
// where it may not be.
func (s *Store) own(ctx context.Context, o decode.S3Object, opts *PutOptions) (condition, error) {
	exists := &Error{Op: OpPut, Object: o, Err: ErrExists}
	if opts == nil || opts.Own == nil {
		return condition{}, exists
	}
	is, err := s.Object(ctx, o, maxOwn)
	switch {
	case errors.Is(err, decode.ErrTooLarge):
		return condition{}, exists
	case err != nil:
		return condition{}, err
	case !opts.Own(o.Name, is.Data):
		return condition{}, exists
	}
	return condition{etag: is.Origin.ETag}, nil
}

// put writes an object, on a condition; that it was met, created says.
func (s *Store) put(ctx context.Context, o decode.S3Object, data []byte, on condition) (created bool, err error) {
	if o.Version != "" || strings.HasSuffix(o.Name, "/") || int64(len(data)) > maxPut {
		err := fmt.Errorf("%w: %d bytes cannot be put there", ErrAddress, len(data))
		return false, &Error{Op: OpPut, Object: o, Err: err}
	}
	in := s.putInput(o, data)
	if on.absent {
		in.IfNoneMatch = aws.String("*")
	}
	if on.etag != "" {
		in.IfMatch = aws.String(`"` + on.etag + `"`)
	}
	send := func(ctx context.Context, region func(*s3.Options)) error {
		in.Body = bytes.NewReader(data)
		s.sent.Add(int64(len(data)))
		out, err := s.client.PutObject(ctx, in, region)
		if answer, ok := errors.AsType[*awshttp.ResponseError](err); ok && on != (condition{}) &&
			answer.HTTPStatusCode() == http.StatusPreconditionFailed {
			return nil
		}
		if err == nil && out.ChecksumSHA256 != nil && *out.ChecksumSHA256 != *in.ChecksumSHA256 {
			return ErrChecksum
		}
		created = err == nil
		return err
	}
	err = s.do(ctx, call{op: OpPut, object: o, send: send})
	return created, err
}

func (s *Store) putInput(o decode.S3Object, data []byte) *s3.PutObjectInput {
	in := &s3.PutObjectInput{
		Bucket:              &o.Bucket,
		Key:                 &o.Name,
		ContentLength:       aws.Int64(int64(len(data))),
		ContentType:         aws.String(contentType(o.Name)),
		ChecksumAlgorithm:   types.ChecksumAlgorithmSha256,
		ChecksumSHA256:      aws.String(digest(data)),
		ExpectedBucketOwner: s.owner(),
	}
	if s.opts.KMSKey != "" {
		in.ServerSideEncryption, in.SSEKMSKeyId = types.ServerSideEncryptionAwsKms, &s.opts.KMSKey
	}
	return in
}

// same reports whether an object has these bytes. The checksum tells, where S3
// keeps one that [Store.Put] has set, or else the bytes.
func (s *Store) same(ctx context.Context, o decode.S3Object, data []byte) (same bool, err error) {
	err = s.do(ctx, call{op: OpGet, object: o, send: func(ctx context.Context, region func(*s3.Options)) error {
		out, err := s.get(ctx, o, nil, region)
		if err != nil {
			return err
		}
		defer out.Body.Close()
		if same = false; aws.ToInt64(out.ContentLength) != int64(len(data)) {
			return nil
		}
		if sum := aws.ToString(out.ChecksumSHA256); sum != "" && !strings.Contains(sum, "-") {
			same = sum == digest(data)
			return nil
		}
		is, err := readAll(out, decode.LimitDocument, int64(len(data)))
		same = bytes.Equal(is, data)
		return err
	}})
	return same, err
}

// digest returns the SHA-256 of data, as S3 writes it.
func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// contentTypes are those of the files that lvtool writes. Package mime would
// ask the operating system.
var contentTypes = map[string]string{
	".csv":    "text/csv; charset=utf-8",
	".html":   "text/html; charset=utf-8",
	".jpg":    "image/jpeg",
	".json":   "application/json",
	".jsonl":  "application/x-ndjson",
	".ndjson": "application/x-ndjson",
	".pdf":    "application/pdf",
	".png":    "image/png",
	".svg":    "image/svg+xml",
	".txt":    "text/plain; charset=utf-8",
	".webp":   "image/webp",
	".yaml":   "application/yaml",
	".zip":    "application/zip",
}

func contentType(name string) string {
	if t, ok := contentTypes[strings.ToLower(path.Ext(name))]; ok {
		return t
	}
	return "application/octet-stream"
}
