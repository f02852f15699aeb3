package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/internal/awsconf"
)

const limit = 1 << 20

var image = bytes.Repeat([]byte("jpeg"), 1000)

// store returns a Store of the user who may do everything.
func (s *server) store() *s3source.Store { return s3source.New(s.config("root"), nil) }

func (s *server) object(key string) decode.S3Object {
	return decode.S3Object{Bucket: s.bucket, Name: key}
}

// put writes an object behind the Store's back, and returns its version.
func (s *server) put(t *testing.T, key string, data []byte) string {
	t.Helper()
	out, err := s.root.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: &s.bucket, Key: &key, Body: bytes.NewReader(data),
	})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.VersionId)
}

func TestObject(t *testing.T) {
	t.Parallel()
	srv := start(t)
	o := srv.object("liveness/5f3c1a20/reference.jpg")
	srv.put(t, o.Name, image)
	got, err := srv.store().Object(t.Context(), o, limit)
	if err != nil || !bytes.Equal(got.Data, image) || len(got.Problems) > 0 {
		t.Fatalf("got %+v, %v", got, err)
	}
	is := got.Origin
	if is.Kind != "s3" || is.Bucket != o.Bucket || is.Key != o.Name || len(is.ETag) != 32 ||
		!strings.HasPrefix(is.Checksum, "crc32:") || !strings.HasSuffix(is.LastModified, "Z") {
		t.Errorf("got origin %+v", is)
	}
	if _, err := srv.store().Object(t.Context(), o, int64(len(image)-1)); !errors.Is(err, decode.ErrTooLarge) {
		t.Errorf("got %v, want too large", err)
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	srv := start(t)
	ctx, s, o := t.Context(), srv.store(), srv.object("a/b.jpg")
	_, err := srv.root.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
		Bucket:                  &srv.bucket,
		VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	if err != nil {
		t.Fatal(err)
	}
	first, second := srv.put(t, o.Name, []byte("first")), srv.put(t, o.Name, []byte("second"))
	deleted, err := srv.root.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &o.Bucket, Key: &o.Name})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, version, want string
		err                 error
	}{
		{"first", first, "first", nil},
		{"second", second, "second", nil},
		{"newest", "", "", decode.ErrNotFound},
		{"delete marker", aws.ToString(deleted.VersionId), "", s3source.ErrDeleteMarker},
		{"unknown", "01KAAAAAAAAAAAAAAAAAAAAAAA", "", s3source.ErrNoSuchVersion},
		{"malformed", "x", "", s3source.ErrNoSuchVersion},
	} {
		o.Version = tt.version
		got, err := s.Object(ctx, o, limit)
		if !errors.Is(err, tt.err) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.err)
		}
		if err == nil && (string(got.Data) != tt.want || got.Origin.Version != tt.version || len(got.Problems) > 0) {
			t.Errorf("%s: got %q, %+v", tt.name, got.Data, got.Origin)
		}
		if err != nil && s3source.Advice(err) == "" {
			t.Errorf("%s: no advice on %v", tt.name, err)
		}
	}
}

// A bucket in another region than the one set is found.
func TestRegion(t *testing.T) {
	t.Parallel()
	srv := start(t)
	o := srv.object("a.jpg")
	srv.put(t, o.Name, image)
	cfg := srv.config("root")
	cfg.Region = "eu-west-1"
	s := s3source.New(cfg, nil)
	for range 2 {
		got, err := s.Object(t.Context(), o, limit)
		if err != nil || len(got.Problems) != 1 || got.Problems[0].Code != "bucket_region" {
			t.Fatalf("got %+v, %v, want a doubt about the region", got, err)
		}
	}
	if got := s.Stats(); got.Redirects != 1 || got.Retries != 0 {
		t.Errorf("got %+v, want one redirection", got)
	}
	f := s3source.New(cfg, nil).Folder(srv.object("out"), "report.json", nil)
	if whole, err := f.Whole(t.Context()); whole || err != nil {
		t.Errorf("got %v, %v", whole, err)
	}
}

func TestDenied(t *testing.T) {
	t.Parallel()
	srv := start(t)
	o := srv.object("a.jpg")
	srv.put(t, o.Name, image)
	wrong := srv.config("root")
	wrong.Credentials = srv.config("nobody").Credentials
	secret := srv.config("root")
	secret.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "root", SecretAccessKey: "wrong"}, nil
	})
	none := srv.config("root")
	none.Credentials = aws.AnonymousCredentials{}
	for _, tt := range []struct {
		name string
		cfg  aws.Config
		want error
	}{
		{"another user", srv.config("bob"), s3source.ErrDenied},
		{"no signature", none, s3source.ErrDenied},
		{"unknown key", wrong, s3source.ErrBadCredentials},
		{"wrong secret", secret, s3source.ErrBadCredentials},
	} {
		s := s3source.New(tt.cfg, nil)
		if _, err := s.Object(t.Context(), o, limit); !errors.Is(err, tt.want) {
			t.Errorf("%s: get: got %v, want %v", tt.name, err, tt.want)
		}
		if err := s.Put(t.Context(), o, image, nil); !errors.Is(err, tt.want) {
			t.Errorf("%s: put: got %v, want %v", tt.name, err, tt.want)
		}
		if _, err := s.List(t.Context(), srv.object(""), nil); !errors.Is(err, tt.want) {
			t.Errorf("%s: list: got %v, want %v", tt.name, err, tt.want)
		}
		if got := s.Stats(); got.Requests != 3 {
			t.Errorf("%s: got %d requests, want 3", tt.name, got.Requests)
		}
	}
}

func TestNotFound(t *testing.T) {
	t.Parallel()
	srv := start(t)
	s := srv.store()
	if _, err := s.Object(t.Context(), srv.object("nothing"), limit); !errors.Is(err, decode.ErrNotFound) {
		t.Errorf("got %v, want not found", err)
	}
	o := decode.S3Object{Bucket: "no-such-bucket", Name: "a"}
	if _, err := s.Object(t.Context(), o, limit); !errors.Is(err, s3source.ErrNoSuchBucket) {
		t.Errorf("got %v, want no such bucket", err)
	}
	if _, err := s.List(t.Context(), o, nil); !errors.Is(err, s3source.ErrNoSuchBucket) {
		t.Errorf("got %v, want no such bucket", err)
	}
}

// A byte that changed on the server's disk is noticed, however the object is
// read.
func TestTampered(t *testing.T) {
	t.Parallel()
	srv := start(t)
	s := srv.store()
	for _, size := range []int{4000, 20 << 20} {
		o, data := srv.object(fmt.Sprint(size)), make([]byte, size)
		srv.put(t, o.Name, data)
		data[size/2] ^= 1
		if err := os.WriteFile(filepath.Join(srv.data, o.Bucket, o.Name), data, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Object(t.Context(), o, 32<<20); !errors.Is(err, s3source.ErrChecksum) {
			t.Errorf("%d bytes: got %v, want a checksum mismatch", size, err)
		}
		r, err := s.Open(t.Context(), o, 32<<20)
		if err == nil {
			_, err = io.Copy(io.Discard, r)
			r.Close()
		}
		if !errors.Is(err, s3source.ErrChecksum) {
			t.Errorf("%d bytes, opened: got %v, want a checksum mismatch", size, err)
		}
	}
}

// A stream gives what was put, of any size around where Open begins to stream.
func TestOpen(t *testing.T) {
	t.Parallel()
	srv := start(t)
	for _, size := range []int{0, 1, 16<<20 - 1, 16 << 20, 16<<20 + 1, 24 << 20} {
		o, data := srv.object(fmt.Sprint("open/", size)), bytes.Repeat([]byte{1, 2, 3, 5}, size/4+1)[:size]
		srv.put(t, o.Name, data)
		r, err := srv.store().Open(t.Context(), o, int64(size))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("%d bytes: got %d, %v", size, len(got), err)
		}
		r.Close()
	}
}

// A public bucket needs no credentials.
func TestPublic(t *testing.T) {
	t.Parallel()
	srv := start(t)
	o := srv.object("a.jpg")
	srv.put(t, o.Name, image)
	policy := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",`+
		`"Action":"s3:GetObject","Resource":"arn:aws:s3:::%s/*"}]}`, srv.bucket)
	_, err := srv.root.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: &srv.bucket, Policy: &policy})
	if err != nil {
		t.Fatal(err)
	}
	cfg := srv.config("")
	cfg.Credentials = aws.AnonymousCredentials{}
	if got, err := s3source.New(cfg, nil).Object(t.Context(), o, limit); err != nil || !bytes.Equal(got.Data, image) {
		t.Errorf("got %v, want the object", err)
	}
}

// The keys that S3 allows all come back from where they were put.
func TestKeys(t *testing.T) {
	t.Parallel()
	srv := start(t)
	s := srv.store()
	keys := []string{
		"k/é.json", "k/a+b.json", "k/a b.json", "k/100%.json", "k/%41.json", "k/a&b=c.json", "k/a#b.json",
		"k/日本/写真.json", "k/a?b.json", "k/quote'\".json", "k/(1)!*.json", "k/a,b;c:d@e$.json", "k/\u2028.json",
		"k/" + strings.Repeat("n", 200) + ".json", "k/a~b.json", "k/<&>.json",
	}
	slices.Sort(keys)
	for _, key := range keys {
		if err := s.Put(t.Context(), srv.object(key), []byte(key), nil); err != nil {
			t.Errorf("put %q: %v", key, err)
			continue
		}
		got, err := s.Object(t.Context(), srv.object(key), limit)
		if err != nil || string(got.Data) != key {
			t.Errorf("get %q: %v", key, err)
		}
	}
	entries, err := s.List(t.Context(), srv.object("k"), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Object.Name)
	}
	if !slices.Equal(got, keys) {
		t.Errorf("got %q, want %q", got, keys)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	srv := start(t)
	s := srv.store()
	const n = 2100
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := worker; i < n; i += 8 {
				srv.put(t, fmt.Sprintf("in/%02d/%04d.json", i%7, i), []byte("{}"))
			}
		})
	}
	group.Wait()
	srv.put(t, "in/00/sheet.png", nil)
	srv.put(t, "inner/a.json", nil)
	json := func(name string) bool { return strings.HasSuffix(name, ".json") }
	got, err := s.List(t.Context(), srv.object("in"), &s3source.ListOptions{Match: json})
	if err != nil || len(got) != n {
		t.Fatalf("got %d objects, %v, want %d", len(got), err, n)
	}
	if requests := s.Stats().Requests; requests != 3 {
		t.Errorf("got %d requests, want 3", requests)
	}
	if got[0].Object != srv.object("in/00/0000.json") || got[0].Size != 2 {
		t.Errorf("got %+v first", got[0])
	}
}

func TestPut(t *testing.T) {
	t.Parallel()
	srv := start(t)
	ctx, s, o := t.Context(), srv.store(), srv.object("out/report.json")
	if err := s.Put(ctx, o, []byte("one"), nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(ctx, o, []byte("one"), nil); err != nil {
		t.Errorf("the same again: %v", err)
	}
	if err := s.Put(ctx, o, []byte("two"), nil); !errors.Is(err, s3source.ErrExists) {
		t.Errorf("other bytes: got %v, want exists", err)
	}
	srv.put(t, "plain", []byte("one")) // without a SHA-256
	if err := s.Put(ctx, srv.object("plain"), []byte("one"), nil); err != nil {
		t.Errorf("the same without a checksum: %v", err)
	}
	if err := s.Put(ctx, o, []byte("two"), &s3source.PutOptions{Force: true}); err != nil {
		t.Error(err)
	}
	got, err := s.Object(ctx, o, limit)
	if err != nil || string(got.Data) != "two" || !strings.HasPrefix(got.Origin.Checksum, "sha256:") {
		t.Errorf("got %+v, %v", got, err)
	}
	head, err := srv.root.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &o.Bucket, Key: &o.Name})
	if err != nil || aws.ToString(head.ContentType) != "application/json" {
		t.Errorf("got %v, %v", head, err)
	}
}

// Of many that write one object at once, one wins and the others are told.
func TestPutRace(t *testing.T) {
	t.Parallel()
	srv := start(t)
	s, o := srv.store(), srv.object("race")
	errs := make([]error, 8)
	var group sync.WaitGroup
	for i := range errs {
		group.Go(func() { errs[i] = s.Put(t.Context(), o, fmt.Append(nil, "writer ", i), nil) })
	}
	group.Wait()
	won := -1
	for i, err := range errs {
		switch {
		case err == nil && won >= 0:
			t.Errorf("writers %d and %d both won", won, i)
		case err == nil:
			won = i
		case !errors.Is(err, s3source.ErrExists):
			t.Errorf("writer %d: %v", i, err)
		}
	}
	if got, err := s.Object(t.Context(), o, limit); err != nil || string(got.Data) != fmt.Sprint("writer ", won) {
		t.Errorf("got %v, %v, want what writer %d wrote", got, err, won)
	}
}

func TestFolder(t *testing.T) {
	t.Parallel()
	srv := start(t)
	s := srv.store()
	commit := func(report string, opts *s3source.PutOptions) error {
		f := s.Folder(srv.object("out/5f3c1a20"), "report.json", opts)
		return errors.Join(
			f.Put("report.json", []byte(report)),
			f.Put("originals/reference.jpg", image),
			f.Commit(t.Context()),
		)
	}
	for _, tt := range []struct {
		report string
		opts   *s3source.PutOptions
		want   error
	}{
		{"one", nil, nil},
		{"one", nil, nil},
		{"two", nil, s3source.ErrExists},
		{"two", &s3source.PutOptions{Force: true}, nil},
	} {
		if err := commit(tt.report, tt.opts); !errors.Is(err, tt.want) {
			t.Errorf("%s, %v: got %v, want %v", tt.report, tt.opts, err, tt.want)
		}
	}
	whole, err := s.Folder(srv.object("out/5f3c1a20"), "report.json", nil).Whole(t.Context())
	if !whole || err != nil {
		t.Errorf("got %v, %v, want whole", whole, err)
	}
	data, err := os.ReadFile(filepath.Join(srv.data, srv.bucket, "out", "5f3c1a20", "originals", "reference.jpg"))
	if err != nil || !bytes.Equal(data, image) {
		t.Errorf("got %d bytes on the server's disk, %v", len(data), err)
	}
}

// The options of a command line lead here too.
func TestConfig(t *testing.T) {
	srv := start(t)
	o := srv.object("a.jpg")
	srv.put(t, o.Name, image)
	none := filepath.Join(t.TempDir(), "none")
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "root", "AWS_SECRET_ACCESS_KEY": "rootsecret", "AWS_CONFIG_FILE": none,
		"AWS_SHARED_CREDENTIALS_FILE": none, "AWS_PROFILE": "", "AWS_REGION": "", "AWS_DEFAULT_REGION": "",
		"AWS_ENDPOINT_URL_S3": srv.url, "AWS_EC2_METADATA_DISABLED": "true", "AWS_SESSION_TOKEN": "",
	} {
		t.Setenv(name, value)
	}
	for _, settings := range []awsconf.Settings{{Region: region}, {EndpointURL: srv.url}, {}} {
		cfg, err := awsconf.Load(t.Context(), settings)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s3source.New(cfg, nil).Object(t.Context(), o, limit)
		if err != nil || !bytes.Equal(got.Data, image) {
			t.Errorf("%+v: %v", settings, err)
		}
	}
}
