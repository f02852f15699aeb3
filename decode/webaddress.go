package decode

import (
	"net/url"
	"strings"

	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// The hosts of S3, with a bucket before them or not. Regions come behind s3 with
// a dot, or with a hyphen as they did before 2019
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html).
var (
	hostOfS3 = lazyregexp.New(`^(?:(.+)\.)?s3(?:-fips|-accelerate|-external-1)?` +
		`(?:[.-]dualstack)?(?:[.-][a-z]{2}(?:-[a-z]+)+-[0-9])?\.amazonaws\.com(?:\.cn)?$`)
	siteOfS3 = lazyregexp.New(`^(.+)\.s3-website[.-][a-z0-9-]+\.amazonaws\.com(?:\.cn)?$`)
	pointOf  = lazyregexp.New(
		`^([a-z0-9-]+)-([0-9]{12})\.s3-accesspoint(?:-fips)?(?:\.dualstack)?\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$`)
)

// OfWebAddress returns the object of S3 that a web address, presigned or not, is
// of, and whether it is of one: in the styles of AWS with the bucket in the host
// or in the path, of access points, and, of other servers, presigned ones with
// the bucket in the path. Nothing is asked for.
func OfWebAddress(address string) (S3Object, bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return S3Object{}, false
	}
	host, query := strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")), parameters(u)
	o := S3Object{Name: strings.TrimPrefix(u.Path, "/"), Version: query["versionid"]}
	inPath := strings.HasSuffix(query["x-amz-credential"], "/s3/aws4_request")
	if m := pointOf.FindStringSubmatch(host); m != nil {
		partition := "aws"
		if m[4] != "" {
			partition = "aws-cn"
		}
		o.Bucket = "arn:" + partition + ":s3:" + m[3] + ":" + m[2] + ":accesspoint/" + m[1]
	} else if m := hostOfS3.FindStringSubmatch(host); m != nil {
		o.Bucket, inPath = m[1], m[1] == ""
	} else if m := siteOfS3.FindStringSubmatch(host); m != nil {
		o.Bucket = m[1]
	}
	if o.Bucket == "" && inPath {
		o.Bucket, o.Name, _ = strings.Cut(o.Name, "/")
	}
	return o, o.Bucket != "" && o.Name != ""
}

// parameters are the first values of those in the query of an address, by their
// names in lower case.
func parameters(u *url.URL) map[string]string {
	all := map[string]string{}
	for name, values := range u.Query() {
		all[strings.ToLower(name)] = values[0]
	}
	return all
}

// WithoutSecrets returns a web address, fit to print, without what may be secret
// in it: a query, which may hold a signature that still opens the object, and a
// password.
func WithoutSecrets(address string) string {
	address, _, _ = strings.Cut(address, "?")
	address, _, _ = strings.Cut(address, "#")
	scheme, rest, _ := strings.Cut(address, "//")
	host, path, slash := strings.Cut(rest, "/")
	host = host[strings.LastIndexByte(host, '@')+1:]
	if slash {
		path = "/" + path
	}
	return printable(scheme + "//" + host + path)
}
