package seal

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"fmt"
	"strings"
)

// maxResponse is how long an answer of a timestamp authority may be. Those with
// a chain of certificates take 6 kB.
const maxResponse = 1 << 20

// response is TimeStampResp of RFC 3161, section 2.4.2.
type response struct {
	Status status
	Token  asn1.RawValue `asn1:"optional"`
}

// status is PKIStatusInfo.
type status struct {
	Status  int
	Text    []asn1.RawValue `asn1:"optional"`
	Failure asn1.BitString  `asn1:"optional"`
}

// The values of status that come with a token.
const (
	granted         = 0
	grantedWithMods = 1
)

// statuses and failures are the words of RFC 3161 for why there is no token.
var (
	statuses = []string{
		"granted", "granted with modifications", "rejected", "waiting",
		"warned of a revocation", "has revoked its certificate",
	}
	failures = []struct {
		bit  int
		text string
	}{
		{0, "it does not know the digest algorithm"},
		{2, "it does not allow or support the request"},
		{5, "the request has the wrong format"},
		{14, "its source of time is not available"},
		{15, "it does not support the policy asked for"},
		{16, "it does not support an extension asked for"},
		{17, "it does not understand or have additional information asked for"},
		{25, "its system failed"},
	}
)

// readResponse returns the status and the token of an answer in DER.
func readResponse(der []byte) (response, error) {
	switch {
	case len(der) == 0:
		return response{}, finding(TimestampMissing, "there is no timestamp")
	case len(der) > maxResponse:
		return response{}, finding(TimestampMalformed, "the timestamp is longer than %d bytes", maxResponse)
	}
	r, err := exact[response](der)
	if err != nil {
		return r, finding(TimestampMalformed, "the timestamp is not a response as RFC 3161 wants it: %s", quiet(err))
	}
	if r.Status.Status != granted && r.Status.Status != grantedWithMods {
		return r, finding(TimestampRefused, "the authority gave no timestamp: %s", r.Status)
	}
	if len(r.Token.FullBytes) == 0 {
		return r, finding(TimestampMalformed, "the response of the authority holds no timestamp")
	}
	return r, nil
}

// String says why there is no token, in the words of the RFC and of the authority.
func (s status) String() string {
	words := []string{fmt.Sprintf("status %d", s.Status)}
	if s.Status >= 0 && s.Status < len(statuses) {
		words[0] = statuses[s.Status]
	}
	for _, f := range failures {
		if s.Failure.At(f.bit) == 1 {
			words = append(words, f.text)
		}
	}
	for _, t := range s.Text {
		words = append(words, quote(string(t.Bytes)))
	}
	return strings.Join(words, "; ")
}

// errNotDER says that a file, or a part of one, is something else altogether.
var errNotDER = errors.New("it is something else, or was changed or cut short")

// exact reads DER that is that of a T to the last byte. Without the comparison,
// elements that T has no place for would be passed over.
func exact[T any](der []byte) (T, error) {
	var v T
	rest, err := asn1.Unmarshal(der, &v)
	if err != nil {
		return v, errNotDER // Go's words say nothing of what the file is
	}
	if len(rest) > 0 {
		return v, fmt.Errorf("%d bytes too many", len(rest))
	}
	again, err := asn1.Marshal(v)
	if err != nil {
		return v, err
	}
	if !bytes.Equal(again, der) {
		return v, fmt.Errorf("it holds more than it should, or is not in DER")
	}
	return v, nil
}
