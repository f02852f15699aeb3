package s3fault

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// faults are the failures by name.
var faults = map[string]http.HandlerFunc{
	// The wrong region.
	"301": moved(301, "PermanentRedirect", "The bucket you are attempting to access must be addressed using the "+
		"specified endpoint. Please send all future requests to this endpoint."),
	"400-region": moved(400, "AuthorizationHeaderMalformed", "The authorization header is malformed; "+
		"the region 'us-east-1' is wrong; expecting 'eu-west-1'"),
	"400-region-text": refused(400, "AuthorizationHeaderMalformed", "The authorization header is malformed; "+
		`the region "us-east-1" is wrong; expecting "eu-west-1"`),
	"400-region-silent": refused(400, "AuthorizationHeaderMalformed", "The authorization header is malformed"),
	"400-region-evil":   evil,
	"400-location": moved(400, "IllegalLocationConstraintException", "The eu-west-1 location constraint is "+
		"incompatible for the region specific endpoint this request was sent to."),
	"307": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "/b/ok")
		Error(w, r, 307, "TemporaryRedirect", "Please re-send this request to the specified temporary endpoint.")
	},

	// Refusals, for good.
	"400-expired": refused(400, "ExpiredToken", "The provided token has expired."),
	"400-ssec": refused(400, "InvalidRequest", "The object was stored using a form of Server Side Encryption. "+
		"The correct parameters must be provided to retrieve the object."),
	"400-version": refused(400, "InvalidArgument", "Invalid version id specified"),
	"400-odd":     refused(400, "Odd\u009b[31m", "red\u202etxt"),
	"403":         refused(403, "AccessDenied", "Access Denied"),
	"403-kms": refused(403, "AccessDenied", "User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to "+
		"perform: kms:Decrypt on resource: arn:aws:kms:us-east-1:123456789012:key/k"),
	"403-key":      refused(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist."),
	"403-secret":   refused(403, "SignatureDoesNotMatch", "The request signature we calculated does not match"),
	"403-archived": refused(403, "InvalidObjectState", "The operation is not valid for the object's storage class"),
	"403-html": func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, "<html>proxy says no")
	},
	"403-clock": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", "Thu, 01 Jan 2026 00:00:00 GMT")
		Error(w, r, 403, "RequestTimeTooSkewed", "The difference between the request time and the current time "+
			"is too large.")
	},
	"404":         refused(404, "NoSuchKey", "The specified key does not exist."),
	"404-bucket":  refused(404, "NoSuchBucket", "The specified bucket does not exist"),
	"404-version": refused(404, "NoSuchVersion", "The specified version does not exist."),
	"412":         refused(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold"),
	"404-marker":  marker(404, "NoSuchKey"),
	"405-marker":  marker(405, "MethodNotAllowed"),

	// Failures that pass, perhaps.
	"409": refused(409, "ConditionalRequestConflict", "A conflicting conditional operation is in progress"),
	"429": refused(429, "TooManyRequests", "slow"),
	"500": refused(500, "InternalError", "We encountered an internal error. Please try again."),
	"501": refused(501, "NotImplemented", "A header you provided implies functionality that is not implemented."),
	"502-html": func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, "<html>bad gateway")
	},
	"503": refused(503, "SlowDown", "Please reduce your request rate."),
	"reset": func(w http.ResponseWriter, _ *http.Request) {
		if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = c.Close()
		}
	},
	"silent": wait, // no answer at all

	// Bodies that are not what they should be.
	"cut": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(2*len(Body)))
		cut(w)
	},
	"cut-chunked": func(w http.ResponseWriter, _ *http.Request) { cut(w) },
	"stall": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(Body)))
		_, _ = io.WriteString(w, "x")
		_ = http.NewResponseController(w).Flush()
		wait(w, r)
	},
	"crc32": sum("crc32", "AAAAAA=="),
	"crc64": sum("crc64nvme", "AAAAAAAAAAA="),
	"short": func(w http.ResponseWriter, _ *http.Request) { // whole to HTTP, but not by its checksum
		w.Header().Set("x-amz-checksum-sha256", digest([]byte(Body)))
		_, _ = io.WriteString(w, Body[:len(Body)/2])
	},
	"huge": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(int64(1)<<50))
		cut(w)
	},
	"endless": func(w http.ResponseWriter, _ *http.Request) {
		for err := error(nil); err == nil; {
			_, err = io.WriteString(w, Body)
		}
	},
	// Listings that cannot be.
	"list-loop":    listing("", "<IsTruncated>true</IsTruncated><NextContinuationToken>1</NextContinuationToken>"),
	"list-loop-2":  listing("", "<IsTruncated>true</IsTruncated><NextContinuationToken>2</NextContinuationToken>"),
	"list-stuck":   listing("", "<IsTruncated>true</IsTruncated>"),
	"list-outside": listing("z/outside.json", ""),
	"list-escape":  listing("a/%zz.json", ""),

	// What S3 says of other objects.
	"told-kms": told("x-amz-server-side-encryption", "aws:kms",
		"x-amz-server-side-encryption-aws-kms-key-id", "arn:aws:kms:us-east-1:123456789012:key/k"),
	"told-customer": told("x-amz-server-side-encryption-customer-algorithm", "AES256"),
	"told-parts":    told("x-amz-checksum-sha256", "AAAA-3", "x-amz-checksum-type", "COMPOSITE"),

	"unversioned": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, Body) },
	"other-version": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("x-amz-version-id", "another")
		_, _ = io.WriteString(w, Body)
	},
}

// halves are failures in the middle of an object that is right so far.
var halves = map[string]http.HandlerFunc{
	"half-cut":   func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	"half-stall": wait,
}

// A half is a body that ends in the middle.
type half struct {
	http.ResponseWriter
	then func()
}

func (h *half) Write(p []byte) (int, error) {
	n, err := h.ResponseWriter.Write(p[:len(p)/2])
	_ = http.NewResponseController(h.ResponseWriter).Flush()
	h.then()
	return n, err
}

// Error answers as S3 does where something is wrong.
func Error(w http.ResponseWriter, r *http.Request, status int, code, message string) {
	w.Header().Set("Content-Type", "application/xml")
	w.Header().Set("x-amz-request-id", "REQUEST1")
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return
	}
	var text strings.Builder
	_ = xml.EscapeText(&text, []byte(message))
	_, _ = fmt.Fprintf(w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>%s</Message>"+
		"<RequestId>REQUEST1</RequestId><HostId>H</HostId></Error>", code, text.String())
}

func refused(status int, code, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { Error(w, r, status, code, message) }
}

// moved refuses requests that are not signed for the other region.
func moved(status int, code, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if signedFor(r, Elsewhere) {
			_, _ = io.WriteString(w, Body)
			return
		}
		w.Header().Set("x-amz-bucket-region", Elsewhere)
		Error(w, r, status, code, message)
	}
}

// evil names a region that is none, but another host.
func evil(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("x-amz-bucket-region", "evil.example/#")
	Error(w, r, 400, "AuthorizationHeaderMalformed", "expecting 'evil.example/#'")
}

func signedFor(r *http.Request, region string) bool {
	return strings.Contains(r.Header.Get("Authorization"), "/"+region+"/s3/")
}

func marker(status int, code string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("x-amz-delete-marker", "true")
		Error(w, r, status, code, "The specified method is not allowed against this resource.")
	}
}

func listing(key, more string) http.HandlerFunc {
	if key != "" {
		more += "<Contents><Key>" + key + "</Key></Contents>"
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/xml")
		_, _ = io.WriteString(w, "<ListBucketResult><EncodingType>url</EncodingType>"+more+"</ListBucketResult>")
	}
}

// told answers with an object and these headers, names and values.
func told(headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		_, _ = io.WriteString(w, Body)
	}
}

func sum(name, value string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("x-amz-checksum-"+name, value)
		w.Header().Set("x-amz-checksum-type", "FULL_OBJECT")
		_, _ = io.WriteString(w, Body)
	}
}

func cut(w http.ResponseWriter) {
	_, _ = io.WriteString(w, Body)
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// wait keeps a client waiting until it goes.
func wait(_ http.ResponseWriter, r *http.Request) {
	select {
	case <-time.After(30 * time.Second):
	case <-r.Context().Done():
	}
}
