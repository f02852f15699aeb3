package e2e

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

const duePrefix = "s3://evidence/packs/"

// versioning has the bucket keep versions.
func versioning(t *testing.T, s *server) {
	t.Helper()
	_, err := s.root.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket:                  &s.bucket,
		VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// locked makes a bucket with Object Lock in place of the server's first one.
func locked(t *testing.T, s *server) {
	t.Helper()
	_, err := s.root.DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: &s.bucket})
	if err == nil {
		_, err = s.root.CreateBucket(t.Context(), &s3.CreateBucketInput{
			Bucket: &s.bucket, ObjectLockEnabledForBucket: aws.Bool(true),
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// versions returns the versions and delete markers below a prefix.
func (s *server) versions(t *testing.T, prefix string) (all []string) {
	t.Helper()
	out, err := s.root.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: &s.bucket, Prefix: &prefix})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range out.Versions {
		all = append(all, *v.Key+" "+*v.VersionId)
	}
	for _, m := range out.DeleteMarkers {
		all = append(all, *m.Key+" "+*m.VersionId+" marker")
	}
	return all
}

// duePacks packs a document twice, so that there are older versions, and returns
// the key of the pack.
func (u user) duePacks(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"one", "two"} {
		file, err := program()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), file, "pack", "-q", "--force", "--retain-until", "2020-02-01",
			"--case", name, "-o", duePrefix, "../../samples/tiny.json")
		cmd.Env = append(u.environment(t), "SOURCE_DATE_EPOCH=1577836800")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	return "packs/58f1d4c0-b2e9-4a73-8d6c-e1907a3b5f2d/"
}

// receiptVersions returns how many versions of how many packs a receipt has.
func receiptVersions(t *testing.T, file string) (versions, packs int) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var receipt struct{ Packs []struct{ Versions int } }
	if err := json.Unmarshal(data, &receipt); err != nil {
		t.Fatal(err)
	}
	for _, p := range receipt.Packs {
		versions += p.Versions
	}
	return versions, len(receipt.Packs)
}

// All versions of a pack are gone in the end, whatever the bucket keeps, also after
// a run that was killed.
func TestExpire(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		setup []func(*testing.T, *server)
	}{
		{"no versions", nil},
		{"versions", []func(*testing.T, *server){versioning}},
		{"Object Lock", []func(*testing.T, *server){locked}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := start(t)
			for _, set := range tt.setup {
				set(t, srv)
			}
			u, dir := srv.as("root"), t.TempDir()
			pack := u.duePacks(t)
			u.lvtool(t, "", "pack", "-q", "-o", duePrefix, "../../samples/created.json").want(t, 0)
			before, kept := srv.versions(t, pack), len(srv.versions(t, "packs/"))-len(srv.versions(t, pack))
			if !u.killedAtDelete(t, 7, "pack", "expire", "--delete", "--receipt", dir+"/r.json", duePrefix) {
				t.Fatal("the run ended before it was killed")
			}
			left := srv.versions(t, pack)
			if len(left) == 0 || len(left) >= len(before) {
				t.Fatalf("%d of %d versions are left by the run that was killed", len(left), len(before))
			}
			r := u.lvtool(t, "", "pack", "expire", duePrefix)
			if r.want(t, 0); !strings.Contains(r.stdout, pack+"  due, to be kept until 2020-02-01: half deleted") {
				t.Errorf("got %s", r.stdout)
			}
			u.lvtool(t, "", "pack", "expire", "--delete", "--receipt", dir+"/r.json", duePrefix).want(t, 0)
			if left := srv.versions(t, ""); len(left) != kept {
				t.Errorf("left are %q, want %d", left, kept)
			}
			if versions, packs := receiptVersions(t, dir+"/r.json"); versions != len(before) || packs != 1 {
				t.Errorf("the receipt has %d versions of %d packs, want %d of 1", versions, packs, len(before))
			}
		})
	}
}

// killedAtDelete runs the program until it sends the nth request that deletes, and
// kills it then. It reports whether that was.
func (u user) killedAtDelete(t *testing.T, n int64, args ...string) bool {
	t.Helper()
	name, err := program()
	if err != nil {
		t.Fatal(err)
	}
	to, err := url.Parse(u.endpoint)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), name, args...)
	var deletes atomic.Int64
	next := httputil.NewSingleHostReverseProxy(to)
	next.ErrorLog = log.New(io.Discard, "", 0) // of requests that the kill cuts
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete && deletes.Add(1) >= n {
			_ = cmd.Process.Kill()
			return
		}
		next.ServeHTTP(w, r) // the Host header, which is signed, stays
	}))
	defer proxy.Close()
	cmd.Env = user{u.name, proxy.URL}.environment(t)
	err = cmd.Run()
	exit, ok := errors.AsType[*exec.ExitError](err)
	return ok && exit.ExitCode() == -1
}

// What cannot be deleted is said, and the pack stays whole.
func TestExpireRefused(t *testing.T) {
	t.Parallel()
	srv := start(t)
	versioning(t, srv)
	root, bob := srv.as("root"), srv.as("bob")
	pack := root.duePacks(t)
	before := len(srv.versions(t, ""))
	allow := func(more string) {
		srv.policy(t, `{"Effect":"Allow","Principal":{"AWS":["bob"]},"Action":["s3:GetObject","s3:PutObject",`+
			`"s3:ListBucket"`+more+`],"Resource":["arn:aws:s3:::evidence/*","arn:aws:s3:::evidence"]}`)
	}
	allow("")
	receipt := filepath.Join(t.TempDir(), "r.json")
	bob.lvtool(t, "", "pack", "expire", "--delete", "--receipt", receipt, duePrefix).
		want(t, 1, "nothing was deleted", "access denied", "hint: the caller needs s3:ListBucketVersions")
	allow(`,"s3:ListBucketVersions","s3:GetBucketObjectLockConfiguration"`)
	bob.lvtool(t, "", "pack", "expire", "--delete", "--receipt", receipt, duePrefix).
		want(t, 1, "deleting "+duePrefix, "hint: the caller needs s3:DeleteObjectVersion")
	srv.put(t, pack+"data/old.txt", []byte("x"))
	if _, err := srv.root.DeleteObject(t.Context(), &s3.DeleteObjectInput{
		Bucket: &srv.bucket, Key: aws.String(pack + "data/old.txt"),
	}); err != nil {
		t.Fatal(err)
	}
	root.lvtool(t, "", "pack", "expire", "--delete", "--receipt", receipt, duePrefix).
		want(t, 1, "2 versions: ", "data/old.txt?versionId=", "not in the pack as it is now")
	if left := len(srv.versions(t, pack)); left != before+2 {
		t.Errorf("%d versions are left of %d: %q", left, before+2, srv.versions(t, ""))
	}
	if names, _ := filepath.Glob(filepath.Dir(receipt) + "/*"); len(names) != 0 {
		t.Errorf("got %q", names)
	}
}

// What Object Lock holds stays, and all with it; where the bucket locks all that is
// new, the mark is hidden.
func TestExpireLocked(t *testing.T) {
	t.Parallel()
	srv := start(t)
	locked(t, srv)
	u := srv.as("root")
	pack := u.duePacks(t)
	before := len(srv.versions(t, pack))
	first := strings.Fields(srv.versions(t, pack)[0])
	key, version := &first[0], &first[1]
	receipt := filepath.Join(t.TempDir(), "r.json")
	expire := func() ran {
		return u.lvtool(t, "", "pack", "expire", "--json", "--delete", "--receipt", receipt, duePrefix)
	}
	hold := func(status types.ObjectLockLegalHoldStatus) {
		_, err := srv.root.PutObjectLegalHold(t.Context(), &s3.PutObjectLegalHoldInput{
			Bucket: &srv.bucket, Key: key, VersionId: version, LegalHold: &types.ObjectLockLegalHold{Status: status},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	hold(types.ObjectLockLegalHoldStatusOn)
	r := expire()
	r.want(t, 1, "1 version: s3://evidence/"+*key+"?versionId="+*version+" by a legal hold: held by S3 Object Lock")
	if !strings.Contains(r.stdout, `"stays":["s3://evidence/`+*key+"?versionId="+*version+`"]`) {
		t.Errorf("got %s", r.stdout)
	}
	hold(types.ObjectLockLegalHoldStatusOff)
	until := time.Now().Add(4 * time.Second).UTC()
	_, err := srv.root.PutObjectRetention(t.Context(), &s3.PutObjectRetentionInput{
		Bucket: &srv.bucket, Key: key, VersionId: version,
		Retention: &types.ObjectLockRetention{Mode: types.ObjectLockRetentionModeCompliance, RetainUntilDate: &until},
	})
	if err != nil {
		t.Fatal(err)
	}
	expire().want(t, 1, " until "+until.Format("2006-01-02T15:04"), "(COMPLIANCE): held by S3 Object Lock")
	if left := srv.versions(t, ""); len(left) != before {
		t.Errorf("left are %q, want %d", left, before)
	}
	time.Sleep(time.Until(until) + time.Second) // the one way to let it pass
	// This server locks what lies there already, once it is to lock what is new: so
	// that deleting fails in the middle.
	srv.lockNew(t, &types.ObjectLockRule{DefaultRetention: &types.DefaultRetention{
		Mode: types.ObjectLockRetentionModeGovernance, Days: aws.Int32(1),
	}})
	r = expire()
	r.want(t, 1, "protected by object lock")
	if left := srv.versions(t, pack); len(left) == 0 || len(left) >= before ||
		!strings.Contains(r.stdout, `"half_deleted":true,"deleted":false`) {
		t.Errorf("%d of %d versions are left\n%s", len(left), before, r.stdout)
	}
	srv.lockNew(t, nil)
	expire().want(t, 0)
	if left := srv.versions(t, ""); len(left) != 0 {
		t.Errorf("left are %q", left)
	}
	if versions, packs := receiptVersions(t, receipt); versions != before || packs != 1 {
		t.Errorf("the receipt has %d versions of %d packs, want %d of 1", versions, packs, before)
	}
}

// lockNew sets what is locked in the bucket without being asked.
func (s *server) lockNew(t *testing.T, rule *types.ObjectLockRule) {
	t.Helper()
	_, err := s.root.PutObjectLockConfiguration(t.Context(), &s3.PutObjectLockConfigurationInput{
		Bucket: &s.bucket,
		ObjectLockConfiguration: &types.ObjectLockConfiguration{
			ObjectLockEnabled: types.ObjectLockEnabledEnabled, Rule: rule,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
}
