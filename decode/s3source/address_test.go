package s3source_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
)

func ExampleParseURL() {
	o, err := s3source.ParseURL("s3://evidence/liveness/5f3c1a20/reference.jpg?versionId=3L4kqtJl")
	fmt.Println(o.Bucket, o.Name, o.Version, err)
	o, err = s3source.ParseURL("s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/audit/reference.jpg")
	fmt.Println(o.Bucket, o.Name, err)
	// Output:
	// evidence liveness/5f3c1a20/reference.jpg 3L4kqtJl <nil>
	// arn:aws:s3:eu-west-1:123456789012:accesspoint/audit reference.jpg <nil>
}

func TestParseURL(t *testing.T) {
	const outpost = "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-1/accesspoint/ap"
	for _, tt := range []struct {
		address string
		want    decode.S3Object
	}{
		{"s3://bucket", decode.S3Object{Bucket: "bucket"}},
		{"s3://bucket/", decode.S3Object{Bucket: "bucket"}},
		{"s3://bucket/prefix/", decode.S3Object{Bucket: "bucket", Name: "prefix/"}},
		{"s3://bucket/a//b", decode.S3Object{Bucket: "bucket", Name: "a//b"}},
		{"s3://bucket//a", decode.S3Object{Bucket: "bucket", Name: "/a"}},
		{"s3://bucket/%41 +#&?日本é", decode.S3Object{Bucket: "bucket", Name: "%41 +#&?日本é"}},
		{"s3://bucket/../../etc/passwd", decode.S3Object{Bucket: "bucket", Name: "../../etc/passwd"}},
		{"s3://Old_Bucket.2/k", decode.S3Object{Bucket: "Old_Bucket.2", Name: "k"}},
		{"s3://bucket/k?versionId=null", decode.S3Object{Bucket: "bucket", Name: "k", Version: "null"}},
		{"s3://bucket/k?versionId=3/L4+q==", decode.S3Object{Bucket: "bucket", Name: "k", Version: "3/L4+q=="}},
		{"s3://arn:aws:s3::123456789012:accesspoint/m.mrap/k", decode.S3Object{
			Bucket: "arn:aws:s3::123456789012:accesspoint/m.mrap", Name: "k",
		}},
		{"s3://arn:aws-cn:s3:cn-north-1:123456789012:accesspoint:ap/a/b", decode.S3Object{
			Bucket: "arn:aws-cn:s3:cn-north-1:123456789012:accesspoint:ap", Name: "a/b",
		}},
		{"s3://" + outpost + "/k", decode.S3Object{Bucket: outpost, Name: "k"}},
		{"s3://" + outpost, decode.S3Object{Bucket: outpost}},
	} {
		got, err := s3source.ParseURL(tt.address)
		if err != nil || got != tt.want {
			t.Errorf("%s: got %+v, %v, want %+v", tt.address, got, err, tt.want)
		}
	}
	for _, address := range []string{
		"", "s3:", "s3:/bucket/key", "S3://bucket/key", "https://bucket/key", "s3://", "s3:///key",
		"s3://a/key", "s3://user@bucket/key", "s3://bucket:80/key", "s3://-bucket/key", "s3://a..b/key",
		"s3://bucket/k?versionId=", "s3://bucket/?versionId=1", "s3://bucket/k?versionId=a b",
		"s3://bucket/\xff", "s3://bucket/" + strings.Repeat("k", 1025), "s3://" + strings.Repeat("b", 256) + "/k",
		"s3://arn:aws:s3:eu-west-1:123456789012:bucket/key", "s3://arn:aws:iam::123456789012:accesspoint/x/k",
		"s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/a$b/k",
	} {
		if got, err := s3source.ParseURL(address); !errors.Is(err, s3source.ErrAddress) {
			t.Errorf("%q: got %+v, %v, want ErrAddress", address, got, err)
		}
	}
}

// What an address is taken for has an address that is taken for the same, and a
// bucket that cannot lead a request to another host.
func FuzzParseURL(f *testing.F) {
	for _, seed := range []string{
		"s3://bucket/key", "s3://bucket/a//b?versionId=1", "s3://bucket", "s3://b.c-d_e/%00?#",
		"s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/ap/key?versionId=null",
		"s3://arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-1/accesspoint/ap/key",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		o, err := s3source.ParseURL(address)
		if err != nil {
			return
		}
		if !strings.HasPrefix(o.Bucket, "arn:aws") && strings.ContainsAny(o.Bucket, "/:@?#% \\") {
			t.Errorf("%q: got bucket %q", address, o.Bucket)
		}
		again, err := s3source.ParseURL(s3source.FormatURL(o))
		if err != nil || again != o {
			t.Errorf("%q: got %+v, then %+v, %v", address, o, again, err)
		}
	})
}
