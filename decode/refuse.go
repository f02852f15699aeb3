package decode

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// A Refusal is input that is recognised and cannot be read: what it is, and
// what gives good input next time.
type Refusal struct {
	// Code names the kind of input and stays the same over versions.
	Code string
	// Found says what the input is.
	Found string
	// Advice is the command or the change of a program that gives good input.
	Advice string
	// Err is one of the errors of this package: what the input fails to be.
	Err error
}

func (r *Refusal) Error() string { return r.Found + "; " + r.Advice }

func (r *Refusal) Unwrap() error { return r.Err }

// What the programs have to do so that bytes survive in JSON.
const (
	pythonAdvice = "write it with json.dumps(response, default=lambda b: base64.b64encode(b).decode())"
	nodeAdvice   = "write the bytes with Buffer.from(image.Bytes).toString('base64') before JSON.stringify"
	javaAdvice   = "write the bytes with Base64.getEncoder().encodeToString(image.bytes().asByteArray())"
	dotnetAdvice = "write the bytes with Convert.ToBase64String(image.Bytes.ToArray()), in PowerShell " +
		"[Convert]::ToBase64String($image.Bytes.ToArray()), and ConvertTo-Json -Depth 10"
	rubyAdvice = "write the bytes with Base64.strict_encode64(image.bytes) and the result with JSON.generate"
	phpAdvice  = "write the bytes with base64_encode($image['Bytes']) and the result with json_encode"
	goAdvice   = "write it with json.Marshal, which puts the bytes into Base64"
	cliAdvice  = "use aws rekognition get-face-liveness-session-results --session-id ID --output json"
	saveAdvice = "save the answer of GetFaceLivenessSessionResults within three minutes of creating the session"
)

var refusalUTF32 = &Refusal{
	"utf-32", "the text is UTF-32", "convert it with iconv -f UTF-32 -t UTF-8", ErrSyntax,
}

// A sign tells a kind of input by something that it has in it.
type sign struct {
	// prefix is what the input starts with, contains is something in its first
	// part; where both are given, both must be.
	prefix, contains    string
	code, found, advice string
}

func (m *sign) fits(head []byte) bool {
	return bytes.HasPrefix(head, []byte(m.prefix)) && (m.contains == "" || bytes.Contains(head, []byte(m.contains)))
}

// documentSigns are the kinds of documents that are no results, or not in a
// form that keeps everything.
var documentSigns = []sign{
	{"", "REFERENCEIMAGE\t", "aws-text", "AWS CLI text output, which ties boxes to images only by their order", cliAdvice},
	{"", "AUDITIMAGES\t", "aws-text", "AWS CLI text output, which ties boxes to images only by their order", cliAdvice},
	{"", "BOUNDINGBOX\t", "aws-text", "AWS CLI text output, which ties boxes to images only by their order", cliAdvice},
	{"---", "GetFaceLivenessSessionResults", "aws-table", "an AWS CLI table, which breaks the bytes up", cliAdvice},
	{"+--", "|", "aws-table", "a table, which breaks the bytes up", cliAdvice},
	{"", "An error occurred (", "aws-error", "an error message of the AWS CLI or an SDK, no result", saveAdvice},
	{
		"<!DOCTYPE html", "", "html", "an HTML page, no result: most likely an error or sign-in page of a server",
		"look at it in a browser, and save the JSON that the server answers when all is well",
	},
	{
		"<!doctype html", "", "html", "an HTML page, no result: most likely an error or sign-in page of a server",
		"look at it in a browser, and save the JSON that the server answers when all is well",
	},
	{
		"<html", "", "html", "an HTML page, no result: most likely an error or sign-in page of a server",
		"look at it in a browser, and save the JSON that the server answers when all is well",
	},
	{"<", "<Error>", "s3-error", "an error that S3 answered, no result", "look at its Code, and get the object again"},
	{"<", "", "xml", "XML or HTML, no result", "save the answer as JSON"},
	{"%PDF-", "", "pdf", "a PDF document, no result", saveAdvice},
	{"PK\x03\x04", "", "zip", "a ZIP archive", "unpack it first"},
	{"\xff\xd8\xff", "", "picture", "a JPEG picture, not the result that it belongs to", saveAdvice},
	{"\x89PNG", "", "picture", "a PNG picture, not the result that it belongs to", saveAdvice},
	{"RIFF", "WEBP", "picture", "a WebP picture, not the result that it belongs to", saveAdvice},
	{"{'", "", "python-repr", "Python's repr of a dict, no JSON", pythonAdvice + pythonRescue},
	{"[{'", "", "python-repr", "Python's repr of a list, no JSON", pythonAdvice + pythonRescue},
	{"", "b'\\x", "python-repr", "Python's repr, no JSON", pythonAdvice + pythonRescue},
	{"", "': b'", "python-repr", "Python's repr, no JSON", pythonAdvice + pythonRescue},
	{"", "b\"\\x", "python-repr", "Python's repr, no JSON", pythonAdvice + pythonRescue},
	{"", "Uint8Array(", "js-inspect", "what console.log prints in JavaScript, which leaves bytes out", nodeAdvice},
	{"", "<Buffer ", "js-inspect", "what console.log prints in JavaScript, which leaves bytes out", nodeAdvice},
	{
		"[object Object]", "", "js-object", "[object Object], which is all that JavaScript writes of an object as a string",
		"write it with JSON.stringify; " + nodeAdvice,
	},
	{
		"", "GetFaceLivenessSessionResultsResponse(", "java-string", "what toString writes in Java, which leaves bytes out",
		javaAdvice,
	},
	{
		"", "Amazon.Rekognition.Model.", "dotnet-string", "what .NET or PowerShell prints of an object, which leaves bytes out",
		dotnetAdvice,
	},
	{
		"", "System.IO.MemoryStream", "dotnet-string", "what .NET or PowerShell prints of an object, which leaves bytes out",
		dotnetAdvice,
	},
	{"#<", "", "ruby-inspect", "Ruby's inspect of an object, no JSON", rubyAdvice},
	{"{", "\"=>", "ruby-inspect", "Ruby's inspect of a hash, no JSON", rubyAdvice},
	{"{:", "", "ruby-inspect", "Ruby's inspect of a hash, no JSON", rubyAdvice},
	{"Array\n(", "", "php-print", "what print_r prints in PHP, no JSON", phpAdvice},
	{"array(", "", "php-print", "what var_dump prints in PHP, no JSON", phpAdvice},
	{"Aws\\Result", "", "php-print", "what PHP prints of an object, no JSON", phpAdvice},
	{"&{", "", "go-print", "what fmt prints in Go, no JSON", goAdvice},
	{"map[", "", "go-print", "what fmt prints in Go, no JSON", goAdvice},
	{"{AuditImages:", "", "go-print", "what fmt prints in Go, no JSON", goAdvice},
	{"{ ", "SessionId: '", "js-inspect", "what console.log prints in JavaScript, which leaves bytes out", nodeAdvice},
	{"{\n", "SessionId: '", "js-inspect", "what console.log prints in JavaScript, which leaves bytes out", nodeAdvice},
}

// pythonRescue turns a saved repr into JSON.
const pythonRescue = `; a file that is saved already becomes JSON with python3 -c "import ast,base64,json,sys; ` +
	`json.dump(ast.literal_eval(sys.stdin.read()), sys.stdout, default=lambda b: base64.b64encode(b).decode())"`

// refuseDocument returns a [*Refusal] where a document is of a known kind that
// cannot be read; nil where it is not. With sure, only what the document starts
// with counts, not what it has somewhere, as a log may.
func refuseDocument(head []byte, sure bool) error {
	head = bytes.TrimLeft(head, "\ufeff \t\r\n")
	for i := range documentSigns {
		if m := &documentSigns[i]; m.fits(head) && (m.prefix != "" || !sure) {
			return &Refusal{m.code, m.found, m.advice, ErrNotSession}
		}
	}
	return nil
}

// textSigns are the strings that programs write in place of bytes.
var textSigns = []sign{
	{"b'", "", "python-bytes", "a Python repr of bytes, as json.dumps(…, default=str) writes them", pythonAdvice},
	{"b\"", "", "python-bytes", "a Python repr of bytes, as json.dumps(…, default=str) writes them", pythonAdvice},
	{"bytearray(", "", "python-bytes", "a Python repr of a bytearray", pythonAdvice},
	{"<memory at", "", "python-object", "a Python repr of an object without its bytes", pythonAdvice},
	{"<_io.", "", "python-object", "a Python repr of an object without its bytes", pythonAdvice},
	{
		"<botocore.", "", "python-object", "a Python repr of an object without its bytes",
		"read it with .read() first; " + pythonAdvice,
	},
	{"[object ", "", "js-object", "what JavaScript writes of an object as a string, without its bytes", nodeAdvice},
	{"<Buffer ", "", "js-inspect", "what console.log prints of bytes in JavaScript, which leaves most out", nodeAdvice},
	{"Uint8Array", "", "js-inspect", "what console.log prints of bytes in JavaScript, which leaves most out", nodeAdvice},
	{"System.", "", "dotnet-string", "a .NET type's name without its bytes", dotnetAdvice},
	{"Amazon.", "", "dotnet-string", "a .NET type's name without its bytes", dotnetAdvice},
	{"@{", "", "powershell-depth", "what ConvertTo-Json writes beyond its depth of 2", dotnetAdvice},
	{"[B@", "", "java-string", "what Java prints of a byte array, without its bytes", javaAdvice},
	{"java.nio.", "", "java-string", "what Java prints of a buffer, without its bytes", javaAdvice},
	{"SdkBytes(", "", "java-string", "what Java prints of bytes, which may leave some out", javaAdvice},
	{"AuditImage(", "", "java-string", "what Java prints of an image, without its bytes", javaAdvice},
	{"#<", "", "ruby-inspect", "Ruby's inspect of an object without its bytes", rubyAdvice},
	{"Resource id", "", "php-print", "what PHP prints of a stream, without its bytes", phpAdvice},
	{"file:", "", "file-name", "the name of a file", "put the file's bytes there, in Base64"},
	{"fileb:", "", "file-name", "the name of a file", "put the file's bytes there, in Base64"},
}

// stubs are what loggers and backends write in place of bytes that they leave
// out, as far as it starts like this.
var stubs = []string{
	"[redacted", "<redacted", "(redacted", "redacted", "***", "[filtered", "[masked", "<masked", "[omitted", "<omitted",
	"[binary", "<binary", "(binary", "binary data", "[truncated", "<truncated", "[removed", "[hidden", "<bytes", "[bytes",
	"<base64", "[base64", "...", "…", "<blob", "[blob", "*** sensitive", "null", "undefined", "n/a", "xxx",
}

// refuseText returns a [*Refusal] where a string in the place of bytes is of a
// known kind that holds none; nil where it is not.
func refuseText(text []byte) error {
	head := bytes.TrimSpace(text[:min(len(text), 200)])
	for i := range textSigns {
		if m := &textSigns[i]; m.fits(head) {
			found := m.found + ": " + printable(string(head[:min(len(head), 24)]))
			return &Refusal{m.code, found, m.advice, ErrEncoding}
		}
	}
	if bytes.Contains(text, []byte("\ufffd")) {
		return &Refusal{
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
			return &Refusal{
				"bytes-cut", "bytes that a logger has cut off",
				"take the result from where it was not logged, or raise the length that the logger keeps", ErrEncoding,
			}
		}
	}
	return nil
}

func refuseStripped(found string) error {
	return &Refusal{
		"bytes-stripped", found,
		"save the result before Bytes is taken out of it, or set OutputConfig in CreateFaceLivenessSession " +
			"so that the images are kept in S3", ErrNoImage,
	}
}

// refuseAddress refuses a web address. None is asked for: whoever writes the
// document would choose where the request goes.
func refuseAddress(address string) error {
	if strings.HasPrefix(address, "blob:") {
		return &Refusal{
			"web-address", "an address that only the browser knew that made it",
			"write the bytes in Base64 instead", ErrNoImage,
		}
	}
	advice := "save the bytes, or the S3Object as the service returns it, in its place"
	if i := strings.IndexByte(address, '?'); i >= 0 {
		address = address[:i] // what follows may be a signature that still opens the object
	}
	return &Refusal{
		"web-address", fmt.Sprintf("a web address, which is never fetched: %s", printable(address)), advice, ErrNoImage,
	}
}

// explain says what a document is that has no session.
func explain(v *value) error {
	names := map[string]*value{}
	for _, m := range v.members {
		names[fold(m.name)] = m.value
	}
	for _, call := range otherCalls {
		if names[call.member] != nil {
			return &Refusal{
				"other-call", "the result of " + call.name + ", not of GetFaceLivenessSessionResults", saveAdvice, ErrNotSession,
			}
		}
	}
	if kind := failureOf(names); kind != "" {
		return &Refusal{"service-error", "an error answer, no result: " + printable(kind), saveAdvice, ErrNotSession}
	}
	if len(names) == 1 && names["sessionid"] != nil {
		return &Refusal{
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
