package s3source

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/lvtool/lvtool/decode"
)

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
// says to overwrite it, or opts.Own takes it for the caller's. Two writers at
// once cannot overwrite each other either.
//
// More bytes than [Options].PartSize are sent in parts, each with its checksum, of
// which S3 makes one object in the end: it compares and keeps a checksum of theirs.
//
// The type of the content is set after the name's ending.
func (s *Store) Put(ctx context.Context, o decode.S3Object, data []byte, opts *PutOptions) error {
	return s.PutFile(ctx, o, bytes.NewReader(data), int64(len(data)), opts)
}

// PutFile is [Store.Put] for the first size bytes of r, which are read several
// times, and not held in memory. They must not change until it returns.
func (s *Store) PutFile(ctx context.Context, o decode.S3Object, r io.ReaderAt, size int64, opts *PutOptions) error {
	data, err := s.contentOf(o, r, size)
	if err != nil {
		return err
	}
	return s.putContent(ctx, o, data, opts)
}

// Replace is [Store.PutFile] in place of the object that has the entity tag given.
// Where it is another by now, or gone, it is an [ErrChanged], and stays.
func (s *Store) Replace(ctx context.Context, o decode.S3Object, r io.ReaderAt, size int64, etag string) error {
	data, err := s.contentOf(o, r, size)
	if err != nil {
		return err
	}
	written, err := s.put(ctx, o, data, condition{etag: etag})
	if written || err != nil {
		return err
	}
	// A request of which the answer was lost has been refused when it was repeated.
	same, err := s.same(ctx, o, data)
	if err == nil && !same || errors.Is(err, decode.ErrNotFound) {
		err = &Error{Op: OpPut, Object: o, Err: ErrChanged}
	}
	return err
}

// A content is what an object is to hold.
type content struct {
	data io.ReaderAt
	size int64
	sum  [sha256.Size]byte
	// parts is nil where one request writes it.
	parts *parts
}

// contentIn returns bytes that one request can write.
func contentIn(data []byte) content {
	return content{data: bytes.NewReader(data), size: int64(len(data)), sum: sha256.Sum256(data)}
}

// checksum returns the SHA-256 as S3 writes it.
func (c content) checksum() string { return base64.StdEncoding.EncodeToString(c.sum[:]) }

func (s *Store) putContent(ctx context.Context, o decode.S3Object, data content, opts *PutOptions) error {
	if data.parts != nil { // too much to be sent in vain
		there, err := s.exists(ctx, o)
		if err != nil && !errors.Is(err, ErrDenied) { // as in unmark
			return err
		}
		if there {
			return s.putOver(ctx, o, data, opts)
		}
	}
	created, err := s.put(ctx, o, data, condition{absent: true})
	if created || err != nil {
		return err
	}
	return s.putOver(ctx, o, data, opts)
}

// putOver is putContent where an object is there already.
func (s *Store) putOver(ctx context.Context, o decode.S3Object, data content, opts *PutOptions) error {
	same, err := s.same(ctx, o, data)
	if errors.Is(err, ErrDeleteMarker) {
		// Some servers take a delete marker for an object that is there. What another
		// writes at the same moment is not lost: there are versions.
		_, err = s.put(ctx, o, data, condition{})
		return err
	}
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
func (s *Store) put(ctx context.Context, o decode.S3Object, data content, on condition) (created bool, err error) {
	if o.Version != "" || strings.HasSuffix(o.Name, "/") {
		err := fmt.Errorf("%w: %d bytes cannot be put there", ErrAddress, data.size)
		return false, &Error{Op: OpPut, Object: o, Err: err}
	}
	if data.parts != nil {
		return s.putParts(ctx, o, data, on)
	}
	in := s.putInput(o, data)
	if on.absent {
		in.IfNoneMatch = aws.String("*")
	}
	if on.etag != "" {
		in.IfMatch = aws.String(`"` + on.etag + `"`)
	}
	send := func(ctx context.Context, region func(*s3.Options)) error {
		in.Body = io.NewSectionReader(data.data, 0, data.size)
		s.sent.Add(data.size)
		out, err := s.client.PutObject(ctx, in, region)
		if statusOf(err) == http.StatusPreconditionFailed && on != (condition{}) {
			return nil
		}
		if err == nil && out.ChecksumSHA256 != nil && *out.ChecksumSHA256 != *in.ChecksumSHA256 {
			return ErrChecksum
		}
		created = err == nil
		return err
	}
	err = s.do(ctx, call{op: OpPut, object: o, send: send, bytes: data.size})
	if on.etag != "" && errors.Is(err, decode.ErrNotFound) && !errors.Is(err, ErrNoSuchBucket) {
		return false, nil // it has been deleted
	}
	return created, err
}

func (s *Store) putInput(o decode.S3Object, data content) *s3.PutObjectInput {
	in := &s3.PutObjectInput{
		Bucket:              &o.Bucket,
		Key:                 &o.Name,
		ContentLength:       &data.size,
		ContentType:         aws.String(contentType(o.Name)),
		ChecksumAlgorithm:   types.ChecksumAlgorithmSha256,
		ChecksumSHA256:      aws.String(data.checksum()),
		ExpectedBucketOwner: s.owner(),
	}
	if s.opts.KMSKey != "" {
		in.ServerSideEncryption, in.SSEKMSKeyId = types.ServerSideEncryptionAwsKms, &s.opts.KMSKey
	}
	return in
}

// same reports whether an object has these bytes. The checksum tells, where S3
// keeps one that [Store.Put] has set, or else the bytes.
func (s *Store) same(ctx context.Context, o decode.S3Object, data content) (same bool, err error) {
	send := func(ctx context.Context, region func(*s3.Options)) error {
		out, err := s.get(ctx, o, nil, region)
		if err != nil {
			return err
		}
		defer out.Body.Close()
		if same = false; aws.ToInt64(out.ContentLength) != data.size {
			return nil
		}
		sum := aws.ToString(out.ChecksumSHA256)
		if data.parts != nil && sum == data.parts.checksum() {
			same = true
			return nil
		}
		if sum != "" && !strings.Contains(sum, "-") {
			same = sum == data.checksum()
			return nil
		}
		digest := sha256.New()
		n, err := io.Copy(digest, io.LimitReader(out.Body, data.size+1))
		same = n == data.size && [sha256.Size]byte(digest.Sum(nil)) == data.sum
		return err
	}
	err = s.do(ctx, call{op: OpGet, object: o, send: send, bytes: data.size})
	return same, err
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
