package decode

import (
	"bytes"
	"errors"
	"strings"
)

// A RefusalError is input that is recognised and cannot be read: what it is, and
// what gives good input next time.
type RefusalError struct {
	// Code names the kind of input and stays the same over versions.
	Code string
	// Found says what the input is.
	Found string
	// Advice is the command or the change of a program that gives good input.
	Advice string
	// Err is one of the errors of this package: what the input fails to be.
	Err error
}

// Error returns what the input is and what to do about it.
func (r *RefusalError) Error() string { return r.Found + "; " + r.Advice }

// Unwrap returns what the input fails to be.
func (r *RefusalError) Unwrap() error { return r.Err }

var errUTF32 = &RefusalError{
	"utf-32", "the text is UTF-32", "convert it with iconv -f UTF-32 -t UTF-8", ErrSyntax,
}

// refuseDocument returns a [*RefusalError] where a document is of a known kind that
// cannot be read; nil where it is not. With sure, only what the document starts
// with counts, not what it has somewhere, as a log may.
func refuseDocument(head []byte, sure bool) error {
	head = bytes.TrimLeft(head, "\ufeff \t\r\n")
	for i := range documentSigns {
		if m := &documentSigns[i]; m.fits(head) && (m.prefix != "" || !sure) {
			return &RefusalError{m.code, m.found, m.advice, ErrNotSession}
		}
	}
	return nil
}

// refuseText returns a [*RefusalError] where a string in the place of bytes is of a
// known kind that holds none; nil where it is not.
func refuseText(text []byte) error {
	head := bytes.TrimSpace(text[:min(len(text), 200)])
	for i := range textSigns {
		if m := &textSigns[i]; m.fits(head) {
			found := m.found + ": " + printable(string(head[:min(len(head), 24)]))
			return &RefusalError{m.code, found, m.advice, ErrEncoding}
		}
	}
	if bytes.Contains(text, []byte("\ufffd")) {
		return &RefusalError{
			"bytes-as-text", "bytes that were read as text and have lost most of their values",
			"put the bytes into Base64 before any conversion to a string", ErrEncoding,
		}
	}
	lower := strings.ToLower(string(head))
	for _, stub := range stubs {
		if strings.HasPrefix(lower, stub) {
			return refuseStripped("the document has " + printable(string(head)) + " in place of its bytes")
		}
	}
	for _, end := range []string{"...", "…", "<truncated>", "[truncated]", "(truncated)"} {
		if bytes.HasSuffix(bytes.TrimSpace(text), []byte(end)) {
			return &RefusalError{
				"bytes-cut", "bytes that a logger has cut off",
				"take the result from where it was not logged, or raise the length that the logger keeps", ErrEncoding,
			}
		}
	}
	return nil
}

func refuseStripped(found string) error {
	return &RefusalError{
		"bytes-stripped", found,
		"save the result before Bytes is taken out of it, or set OutputConfig in CreateFaceLivenessSession " +
			"so that the images are kept in S3", ErrNoImage,
	}
}

// refuseAddress refuses a web address. None is asked for: whoever writes the
// document would choose where the request goes.
func refuseAddress(address string) error {
	if strings.HasPrefix(address, "blob:") {
		return &RefusalError{
			"web-address", "an address that only the browser knew that made it",
			"write the bytes in Base64 instead", ErrNoImage,
		}
	}
	found := "a web address, which is never fetched: " + WithoutSecrets(address)
	advice := "save the bytes, or the S3Object as the service returns it, in its place"
	if o, ok := OfWebAddress(address); ok {
		found += " (that is " + o.String() + ")"
		advice = `write {"S3Object":{"Bucket":…,"Name":…}} in its place, which is read with your own permission`
	}
	return &RefusalError{"web-address", found, advice, ErrNoImage}
}

// explain says what a document is that has no session.
func explain(v *value) error {
	names := map[string]*value{}
	for _, m := range v.members {
		names[fold(m.name)] = m.value
	}
	for _, call := range otherCalls {
		if names[call.member] != nil {
			return &RefusalError{
				"other-call", "the result of " + call.name + ", not of GetFaceLivenessSessionResults",
				saveAdvice, ErrNotSession,
			}
		}
	}
	if kind := failureOf(names); kind != "" {
		found := "an error answer, no result: " + printable(kind)
		return &RefusalError{"service-error", found, saveAdvice, ErrNotSession}
	}
	if len(names) == 1 && names["sessionid"] != nil {
		return &RefusalError{
			"session-created", "the result of CreateFaceLivenessSession, which has no images yet",
			"call GetFaceLivenessSessionResults with its SessionId, within three minutes", ErrNotSession,
		}
	}
	return errors.Join(ErrNotSession)
}

// otherCalls are the calls whose results may be taken for those of a liveness
// check, by a member that only they have.
var otherCalls = []struct{ member, name string }{
	{"facedetails", "DetectFaces"},
	{"facematches", "CompareFaces or SearchFaces"},
	{"sourceimageface", "CompareFaces"},
	{"facerecords", "IndexFaces"},
	{"celebrityfaces", "RecognizeCelebrities"},
	{"moderationlabels", "DetectModerationLabels"},
	{"textdetections", "DetectText"},
	{"labels", "DetectLabels"},
}

// failureOf returns what an error answer says, "" where there is none.
func failureOf(names map[string]*value) string {
	for _, name := range []string{"type", "errortype", "errorcode", "error", "errormessage", "message"} {
		if v := names[name]; v != nil && len(v.text()) > 0 {
			return v.text()
		}
	}
	return ""
}
