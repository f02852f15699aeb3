package decode_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/decode"
)

func ExampleOfWebAddress() {
	o, ok := decode.OfWebAddress("https://bucket.s3.eu-west-1.amazonaws.com/a/key.jpg?X-Amz-Signature=secret")
	fmt.Println(o, ok)
	// Output: s3://bucket/a/key.jpg true
}

func TestOfWebAddress(t *testing.T) {
	const (
		signed = "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F20261122%2Feu-west-1%2Fs3%2Faws4_request" +
			"&X-Amz-Date=20261122T160000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=secret"
		old = "?AWSAccessKeyId=AKIA&Signature=secret&Expires=1795370400"
		b   = "s3://bucket/a/key.jpg"

		point = "arn:aws:s3:eu-west-1:123456789012:accesspoint/ap"
	)
	for address, want := range map[string]string{
		"https://bucket.s3.amazonaws.com/a/key.jpg" + signed:                        b,
		"https://bucket.s3.amazonaws.com/a/key.jpg" + old:                           b,
		"https://bucket.s3.eu-west-1.amazonaws.com/a/key.jpg" + signed:              b,
		"https://bucket.s3-eu-west-1.amazonaws.com/a/key.jpg":                       b,
		"https://bucket.s3.us-gov-west-1.amazonaws.com/a/key.jpg":                   b,
		"https://bucket.s3.cn-north-1.amazonaws.com.cn/a/key.jpg":                   b,
		"https://bucket.s3.dualstack.eu-west-1.amazonaws.com/a/key.jpg":             b,
		"https://bucket.s3-fips.us-east-1.amazonaws.com/a/key.jpg":                  b,
		"https://bucket.s3-fips.dualstack.us-east-1.amazonaws.com/a/key.jpg":        b,
		"https://bucket.s3-accelerate.amazonaws.com/a/key.jpg":                      b,
		"https://bucket.s3-accelerate.dualstack.amazonaws.com/a/key.jpg":            b,
		"https://bucket.s3-external-1.amazonaws.com/a/key.jpg":                      b,
		"http://bucket.s3-website-us-east-1.amazonaws.com/a/key.jpg":                b,
		"http://bucket.s3-website.eu-central-1.amazonaws.com/a/key.jpg":             b,
		"https://BUCKET.S3.Amazonaws.com./a/key.jpg":                                b,
		"https://user:pass@bucket.s3.amazonaws.com:443/a/key.jpg#x":                 b,
		" https://bucket.s3.amazonaws.com/a/key.jpg\n":                              b,
		"https://s3.amazonaws.com/bucket/a/key.jpg" + signed:                        b,
		"https://s3.eu-west-1.amazonaws.com/bucket/a/key.jpg":                       b,
		"https://s3-eu-west-1.amazonaws.com/bucket/a/key.jpg":                       b,
		"https://s3.dualstack.eu-west-1.amazonaws.com/bucket/a/key.jpg":             b,
		"http://127.0.0.1:9000/bucket/a/key.jpg" + signed:                           b,
		"https://my.bucket.s3.amazonaws.com/k":                                      "s3://my.bucket/k",
		"https://s3.bucket.s3.amazonaws.com/k":                                      "s3://s3.bucket/k",
		"https://bucket.s3.amazonaws.com/a%20b/%C3%BC+c":                            "s3://bucket/a b/ü+c",
		"https://ap-123456789012.s3-accesspoint.eu-west-1.amazonaws.com/k" + signed: "s3://" + point + "/k",
		"https://bucket.s3.amazonaws.com/":                                          "",
		"https://s3.amazonaws.com/bucket":                                           "",
		"https://bucket.s3.amazonaws.com.example.com/k":                             "",
		"https://example.com/bucket/k":                                              "",
		"https://d111111abcdef8.cloudfront.net/k?Signature=secret":                  "",
		"ftp://bucket.s3.amazonaws.com/k":                                           "",
		"https://bucket.s3.amazonaws.com/%zz":                                       "",
		"":                                                                          "",
	} {
		o, ok := decode.OfWebAddress(address)
		got := ""
		if ok {
			got = "s3://" + o.Bucket + "/" + o.Name
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", address, got, want)
		}
		if safe := decode.WithoutSecrets(address); strings.Contains(safe, "secret") || strings.Contains(safe, "pass") {
			t.Errorf("%s: got %q to print", address, safe)
		}
	}
	if o, _ := decode.OfWebAddress("https://b.s3.amazonaws.com/k?versionId=v1&X-Amz-Signature=s"); o.Version != "v1" {
		t.Errorf("got version %q, want v1", o.Version)
	}
}
