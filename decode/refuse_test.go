package decode_test

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/decode"
)

// What cannot be read is refused with its cause, where it is, and what gives
// good input next time.
func TestRefusals(t *testing.T) {
	s := newSample(t)
	wire := s.wire(b64)
	image := func(bytes string) string {
		return `{"SessionId":"a","Status":"SUCCEEDED","ReferenceImage":{"Bytes":` + bytes + `}}`
	}
	repr := strings.NewReplacer(`"`, `'`).Replace
	cut := b64(s.ref)
	cut = cut[:len(cut)/2]
	for _, tt := range []struct {
		producer, doc string
		// code is that of the RefusalError, or else want is the error.
		code string
		want error
		text string
	}{
		{
			"Python, print(response)",
			repr(s.wire(func([]byte) string { return `b"\xff\xd8"` })),
			"python-repr",
			decode.ErrNotSession,
			"json.dumps",
		},
		{
			"Python, pprint",
			"{'AuditImages': [{'Bytes': b'\\xff\\xd8'}],\n 'Confidence': 97.5}",
			"python-repr",
			decode.ErrNotSession,
			"1:1",
		},
		{
			"Python, a log with a repr",
			"INFO:root:{'Bytes': b'\\xff'}",
			"python-repr",
			decode.ErrNotSession,
			"literal_eval",
		},
		{"Python, default=str", image(`"b'\\xff\\xd8\\xff'"`), "python-bytes", decode.ErrEncoding, "b64encode"},
		{
			"Python, default=str of a bytearray",
			image(`"bytearray(b'\\xff')"`),
			"python-bytes",
			decode.ErrEncoding,
			"Python",
		},
		{
			"Python, default=str of DynamoDB's Binary",
			image(`"<memory at 0x7f>"`),
			"python-object",
			decode.ErrEncoding,
			"Python",
		},
		{
			"aws --output text",
			"97.5\t" + uuid + "\tSUCCEEDED\nREFERENCEIMAGE\t/9j/\nBOUNDINGBOX\t0.4\t0.2\n",
			"aws-text",
			decode.ErrNotSession,
			"--output json",
		},
		{
			"aws --output table",
			"--------\n|  GetFaceLivenessSessionResults  |\n+-----+\n",
			"aws-table",
			decode.ErrNotSession,
			"--output json",
		},
		{
			"aws, an error",
			"\nAn error occurred (SessionNotFoundException) when calling the X operation: no\n",
			"aws-error",
			decode.ErrNotSession,
			"three minutes",
		},
		{"a web server", "<!DOCTYPE html>\n<html><body>502</body>", "html", decode.ErrNotSession, "HTML"},
		{
			"S3",
			"<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>",
			"s3-error",
			decode.ErrNotSession,
			"S3",
		},
		{"a camera", string(s.ref), "picture", decode.ErrNotSession, "JPEG"},
		{"an office", "%PDF-1.7\n", "pdf", decode.ErrNotSession, "PDF"},
		{"a zip", "PK\x03\x04aaaa", "zip", decode.ErrNotSession, "unpack"},
		{
			"console.log in Node",
			"{\n  SessionId: 'a',\n  ReferenceImage: { Bytes: Uint8Array(3) [ 255, 216, 255, ... 9 more items ] }\n}",
			"js-inspect",
			decode.ErrNotSession,
			"base64",
		},
		{
			"console.log of a Buffer",
			"{ Bytes: <Buffer ff d8 ff ... 50 more bytes> }",
			"js-inspect",
			decode.ErrNotSession,
			"base64",
		},
		{"String(object) in JavaScript", "[object Object]", "js-object", decode.ErrNotSession, "JSON.stringify"},
		{
			"toString in Java",
			"GetFaceLivenessSessionResultsResponse(SessionId=a, Status=SUCCEEDED)",
			"java-string",
			decode.ErrNotSession,
			"encodeToString",
		},
		{
			"PowerShell on the screen",
			"AuditImages : {Amazon.Rekognition.Model.AuditImage}\nSessionId : a\n",
			"dotnet-string",
			decode.ErrNotSession,
			"ConvertTo-Json",
		},
		{
			"inspect in Ruby",
			`{"SessionId"=>"a", "Status"=>"SUCCEEDED"}`,
			"ruby-inspect",
			decode.ErrNotSession,
			"JSON.generate",
		},
		{
			"p of a struct in Ruby",
			`#<struct Aws::Rekognition::Types::GetFaceLivenessSessionResultsResponse session_id="a">`,
			"ruby-inspect",
			decode.ErrNotSession,
			"JSON.generate",
		},
		{"print_r in PHP", "Array\n(\n    [SessionId] => a\n)\n", "php-print", decode.ErrNotSession, "json_encode"},
		{"fmt.Println in Go", "{AuditImages:[] SessionId:0xc000}", "go-print", decode.ErrNotSession, "json.Marshal"},
		{"UTF-32", "\xff\xfe\x00\x00{\x00\x00\x00", "utf-32", decode.ErrSyntax, "iconv"},
		{
			"String(bytes) in JavaScript",
			image(`"[object ArrayBuffer]"`),
			"js-object",
			decode.ErrEncoding,
			"toString('base64')",
		},
		{"JSON.stringify of an ArrayBuffer", image(`{}`), "js-empty-object", decode.ErrEncoding, "toString('base64')"},
		{"util.inspect of a Buffer", image(`"<Buffer ff d8 ff e0>"`), "js-inspect", decode.ErrEncoding, "base64"},
		{
			"buffer.toString()",
			image("\"\ufffd\ufffd\ufffd\ufffd\\u0000\\u0010JFIF\""),
			"bytes-as-text",
			decode.ErrEncoding,
			"Base64",
		},
		{
			"MemoryStream in .NET",
			image(`{"CanRead":true,"CanSeek":true,"Length":9,"Position":0}`),
			"dotnet-stream",
			decode.ErrEncoding,
			"ToBase64String",
		},
		{
			"ConvertTo-Json beyond its depth",
			`{"SessionId":"a","Status":"SUCCEEDED","ReferenceImage":"Amazon.Rekognition.Model.AuditImage"}`,
			"dotnet-string",
			decode.ErrEncoding,
			"-Depth",
		},
		{
			"ConvertTo-Json of a hash table",
			`{"SessionId":"a","Status":"SUCCEEDED","ReferenceImage":"@{Bytes=System.Byte[]}"}`,
			"powershell-depth",
			decode.ErrEncoding,
			"-Depth",
		},
		{"byte[] in Java", image(`"[B@6d06d69c"`), "java-string", decode.ErrEncoding, "encodeToString"},
		{
			"ByteBuffer in Java",
			image(`"java.nio.HeapByteBuffer[pos=0 lim=9 cap=9]"`),
			"java-string",
			decode.ErrEncoding,
			"encodeToString",
		},
		{"StringIO in Ruby", image(`"#<StringIO:0x000>"`), "ruby-inspect", decode.ErrEncoding, "strict_encode64"},
		{"a stream in PHP", image(`"Resource id #5"`), "php-print", decode.ErrEncoding, "base64_encode"},
		{"the CLI's fileb", image(`"fileb://reference.jpg"`), "file-name", decode.ErrEncoding, "Base64"},
		{"a logger that redacts", image(`"[REDACTED]"`), "bytes-stripped", decode.ErrNoImage, "OutputConfig"},
		{"a logger that cuts", image(cut + `..."`), "bytes-cut", decode.ErrEncoding, "logger"},
		{
			"a backend that strips",
			`{"SessionId":"a","Status":"SUCCEEDED","ReferenceImage":{"HasBytes":true,"BytesLength":9}}`,
			"bytes-stripped",
			decode.ErrNoImage,
			"Bytes",
		},
		{"a backend that empties", image(`""`), "bytes-stripped", decode.ErrNoImage, "Bytes"},
		{
			"a backend that presigns",
			`{"SessionId":"a","referenceImageUrl":"https://b.s3.amazonaws.com/k?X-Amz-Signature=secret"}`,
			"web-address",
			decode.ErrNoImage,
			"never fetched: https://b.s3.amazonaws.com/k (that is s3://b/k);",
		},
		{"a browser's object URL", image(`"blob:https://x/1"`), "web-address", decode.ErrNoImage, "browser"},
		{"DetectFaces", `{"FaceDetails":[]}`, "other-call", decode.ErrNotSession, "DetectFaces"},
		{
			"CompareFaces",
			`{"SourceImageFace":{},"UnmatchedFaces":[]}`,
			"other-call",
			decode.ErrNotSession,
			"CompareFaces",
		},
		{
			"CreateFaceLivenessSession",
			`{"SessionId":"` + uuid + `"}`,
			"session-created",
			decode.ErrNotSession,
			"GetFaceLivenessSessionResults",
		},
		{
			"the service, an error",
			`{"__type":"SessionNotFoundException","Message":"gone"}`,
			"service-error",
			decode.ErrNotSession,
			"SessionNotFoundException",
		},
		{
			"API Gateway, an error",
			`{"message":"Internal server error"}`,
			"service-error",
			decode.ErrNotSession,
			"Internal server error",
		},
		{
			"a log line cut off",
			"2026-11-22 INFO " + wire[:len(wire)/2] + "\n2026-11-22 INFO bye\n",
			"log-cut",
			decode.ErrTruncated,
			"1:17",
		},
		{"nobody", "", "", decode.ErrEmpty, "no bytes"},
		{"a full disk", strings.Repeat("\x00", 4096), "", decode.ErrEmpty, "zero bytes"},
		{"a broken download", gzipped(t, wire)[:200], "", decode.ErrTruncated, "gzip"},
		{"half a zstd file", zstandard(t, wire)[:200], "", decode.ErrTruncated, "zstd"},
		{
			"half of UTF-16",
			"\xff\xfe" + utf16Text(binary.LittleEndian, wire[:300]),
			"",
			decode.ErrTruncated,
			"complete",
		},
		{"an image alone", ints(s.ref), "", decode.ErrNotSession, ""},
		{"null", "null", "", decode.ErrNotSession, ""},
		{"words", "all is well\n", "", decode.ErrNotSession, ""},
		{
			"a model of the service",
			`{"Response":{"members":{"SessionId":{"shape":"Id"},"ReferenceImage":{"shape":"AuditImage"}}}}`,
			"",
			decode.ErrNotSession,
			"",
		},
		{"bytes that are missing", image(`{"0":255,"1":216,"3":1}`), "", decode.ErrEncoding, "missing"},
		{"a number too large", image(`[255,216,256]`), "", decode.ErrEncoding, "256"},
		{"an unknown object", image(`{"a":1,"b":"x"}`), "", decode.ErrEncoding, "a, b"},
		{"both alphabets", image(`"ab-/"`), "", decode.ErrEncoding, "alphabets"},
		{"no Base64", image(`"reference.jpg"`), "", decode.ErrEncoding, `'.' at character 10`},
		{
			"an image that is a number",
			`{"SessionId":"a","Status":"SUCCEEDED","ReferenceImage":5}`,
			"",
			decode.ErrEncoding,
			"5",
		},
		{"YAML with aliases", "SessionId: &a x\nStatus: *a\n", "", decode.ErrSyntax, "aliases"},
		{"YAML with a name twice", "SessionId: x\nSessionId: y\n", "", decode.ErrSyntax, "twice"},
	} {
		sessions, errs := read(tt.doc)
		for _, s := range sessions {
			_, err := decode.Load(t.Context(), s, nil)
			errs = append(errs, err)
		}
		err := errors.Join(errs...)
		code := ""
		if refusal, ok := errors.AsType[*decode.RefusalError](err); ok {
			code = refusal.Code
		}
		if len(errs) != 1 || code != tt.code || !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.text) {
			t.Errorf("%s: got %q, %q; want %q, %v and %q", tt.producer, code, err, tt.code, tt.want, tt.text)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\n\x00") {
			t.Errorf("%s: the message has more than one line: %q", tt.producer, err)
		}
	}
}

// Addresses come from outside, so what signs them must not get into messages,
// and hostile text must not get to a terminal.
func TestRefusalsAreSafe(t *testing.T) {
	for _, bytes := range []string{
		`"https://b.s3.amazonaws.com/k?X-Amz-Signature=secret"`, `"[REDACTED]secret\u001b[2J\u202e"`, `"\u001b[2J"`,
	} {
		s := firstSession(`{"SessionId":"a","Status":"b","ReferenceImage":{"Bytes":` + bytes + `}}`)
		_, err := decode.Load(t.Context(), s, nil)
		if err == nil || strings.Contains(err.Error(), "Signature=") || strings.ContainsAny(err.Error(), "\x1b\u202e") {
			t.Errorf("%s: got %q", bytes, err)
		}
	}
}
