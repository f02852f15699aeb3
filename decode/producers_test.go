package decode_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"image/color"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/klauspost/compress/zstd"

	"github.com/lvtool/lvtool/decode"
)

const uuid = "5f3c1a20-8d4e-4b7a-9c11-2e6f0a7d1b02"

// A sample is the images of the session that the producers below write: a
// reference image and an audit image.
type sample struct{ ref, audit []byte }

func newSample(tb testing.TB) sample {
	tb.Helper()
	m := picture(10, 8)
	ref := jpegFile(tb, m)
	m.Set(3, 3, color.White)
	return sample{ref, jpegFile(tb, m)}
}

// Each way to write bytes, as JSON.
func b64(b []byte) string       { return `"` + base64.StdEncoding.EncodeToString(b) + `"` }
func rawURL64(b []byte) string  { return `"` + base64.RawURLEncoding.EncodeToString(b) + `"` }
func dataURL(b []byte) string   { return `"data:image/jpeg;base64,` + b64(b)[1:] }
func twice64(b []byte) string   { return b64([]byte(base64.StdEncoding.EncodeToString(b))) }
func ints(b []byte) string      { return "[" + join(b, ",", false) + "]" }
func intsText(b []byte) string  { return `"` + join(b, ",", false) + `"` }
func signed(b []byte) string    { return "[" + join(b, ",", true) + "]" }
func signedStr(b []byte) string { return `"[` + join(b, ", ", true) + `]"` }
func nodeBuf(b []byte) string   { return `{"type":"Buffer","data":` + ints(b) + `}` }
func gsonBuf(b []byte) string {
	array := append(append([]byte{1, 2}, b...), 3)
	return `{"hb":` + signed(array) + `,"offset":2,"isReadOnly":false,"bigEndian":true,"mark":-1,"position":0,` +
		`"limit":` + strconv.Itoa(2+len(b)) + `,"capacity":` + strconv.Itoa(len(b)) + `,"address":0}`
}
func hexed(b []byte) string    { return `"` + hex.EncodeToString(b) + `"` }
func bytea(b []byte) string    { return `"\\x` + hex.EncodeToString(b) + `"` }
func spaced(b []byte) string   { return fmt.Sprintf(`"% X"`, b) }
func slashes(b []byte) string  { return strings.ReplaceAll(b64(b), "/", `\/`) }
func percent(b []byte) string  { return `"` + url.QueryEscape(strings.Trim(b64(b), `"`)) + `"` }
func plusless(b []byte) string { return strings.ReplaceAll(b64(b), "+", " ") }
func htmlized(b []byte) string {
	return strings.NewReplacer("/", "&#x2F;", "+", "&#43;", "=", "&#x3D;").Replace(b64(b))
}
func btoaInts(b []byte) string { return b64([]byte(join(b, ",", false))) }
func broken64(b []byte) string { return `"data:image/jpeg;base64,` + join(b, ",", false) + `"` }
func lines(s string, cols int, end string) string {
	var out strings.Builder
	for len(s) > cols {
		out.WriteString(s[:cols] + end)
		s = s[cols:]
	}
	return out.String() + s
}
func mime64(b []byte) string { return lines(b64(b), 60, `\n`) }
func torn64(b []byte) string { return lines(b64(b), 76, "\n") }
func latin1(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		s.WriteRune(rune(c))
	}
	return string(quoted(s.String()))
}

func keyed(b []byte) string {
	var s strings.Builder
	for i, c := range b {
		fmt.Fprintf(&s, `,"%d":%d`, i, c)
	}
	return "{" + s.String()[1:] + "}"
}

func join(b []byte, sep string, signed bool) string {
	list := make([]string, len(b))
	for i, c := range b {
		list[i] = strconv.Itoa(int(c))
		if signed {
			list[i] = strconv.Itoa(int(int8(c)))
		}
	}
	return strings.Join(list, sep)
}

// The session in the words of the service, of Python and Ruby, of JavaScript
// and Java, and so on. ID, REF and AUDIT stand for what is put in.
const (
	wireForm = `{"SessionId":"ID","Status":"SUCCEEDED","Confidence":97.5,"ReferenceImage":{"Bytes":REF,` +
		`"BoundingBox":{"Width":0.5,"Height":0.25,"Left":-0.1,"Top":0.1}},"AuditImages":[{"Bytes":AUDIT}],` +
		`"Challenge":{"Type":"FaceMovementChallenge","Version":"1.0.0"}}`
	snakeForm = `{"session_id":"ID","status":"SUCCEEDED","confidence":97.5,"reference_image":{"bytes":REF,` +
		`"bounding_box":{"width":0.5,"height":0.25,"left":-0.1,"top":0.1}},"audit_images":[{"bytes":AUDIT}]}`
	camelForm = `{"sessionId":"ID","status":"SUCCEEDED","confidence":97.5,"referenceImage":{"bytes":REF,` +
		`"boundingBox":{"width":0.5,"height":0.25,"left":-0.1,"top":0.1}},"auditImages":[{"bytes":AUDIT}]}`
	dynamoForm = `{"pk":{"S":"u#1"},"SessionId":{"S":"ID"},"Status":{"S":"SUCCEEDED"},"Confidence":{"N":"97.5"},` +
		`"ReferenceImage":{"M":{"Bytes":{"B":REF},"BoundingBox":{"M":{"Width":{"N":"0.5"},"Height":{"N":"0.25"},` +
		`"Left":{"N":"-0.1"},"Top":{"N":"0.1"}}}}},"AuditImages":{"L":[{"M":{"Bytes":{"B":AUDIT}}}]},` +
		`"expires":{"NULL":true}}`
	firestoreForm = `{"name":"projects/p/databases/d/documents/s/1","fields":{"sessionId":{"stringValue":"ID"},` +
		`"status":{"stringValue":"SUCCEEDED"},"confidence":{"doubleValue":97.5},` +
		`"referenceImage":{"mapValue":{"fields":{"bytes":{"bytesValue":REF},"boundingBox":{"mapValue":{"fields":` +
		`{"width":{"doubleValue":0.5},"height":{"doubleValue":0.25},"left":{"doubleValue":-0.1},` +
		`"top":{"doubleValue":0.1}}}}}}},` +
		`"auditImages":{"arrayValue":{"values":[{"mapValue":{"fields":{"bytes":{"bytesValue":AUDIT}}}}]}}}}`
	mongoForm = `{"_id":{"$oid":"655f"},"sessionId":"ID","status":"SUCCEEDED","confidence":{"$numberDouble":"97.5"},` +
		`"referenceImage":{"bytes":{"$binary":{"base64":REF,"subType":"00"}},"boundingBox":` +
		`{"width":{"$numberDouble":"0.5"},"height":{"$numberDouble":"0.25"},` +
		`"left":{"$numberDouble":"-0.1"},"top":{"$numberDouble":"0.1"}}},` +
		`"auditImages":[{"bytes":{"$binary":AUDIT,"$type":"00"}}]}`
	aroundForm = `{"sessionId":"ID","status":"SUCCEEDED","confidence":97.5,"images":{"referenceImage":{"bytes":REF,` +
		`"boundingBox":{"width":0.5,"height":0.25,"left":-0.1,"top":0.1}},"auditImages":[{"bytes":AUDIT}]}}`
	flatForm = `{"sessionId":"ID","status":"SUCCEEDED","confidence":97.5,"referenceImageBase64":REF,` +
		`"referenceImageBoundingBox":{"Width":0.5,"Height":0.25,"Left":-0.1,"Top":0.1},"auditImagesBase64":[AUDIT]}`
	flowForm = `{SessionId: ID, Status: SUCCEEDED, Confidence: 97.5, ReferenceImage: {Bytes: REF, ` +
		`BoundingBox: {Width: 0.5, Height: 0.25, Left: -0.1, Top: 0.1}}, AuditImages: [{Bytes: AUDIT}]}`
	// Lists of one image as PowerShell and PHP write them.
	countedForm = `{"SessionId":"ID","Status":"SUCCEEDED","Confidence":97.5,"ReferenceImage":{"Bytes":REF,` +
		`"BoundingBox":{"Width":0.5,"Height":0.25,"Left":-0.1,"Top":0.1}},` +
		`"AuditImages":{"value":[{"Bytes":AUDIT}],"Count":1}}`
	unrolledForm = `{"SessionId":"ID","Status":"SUCCEEDED","Confidence":97.5,"ReferenceImage":{"Bytes":REF,` +
		`"BoundingBox":{"Width":0.5,"Height":0.25,"Left":-0.1,"Top":0.1}},"AuditImages":{"Bytes":AUDIT}}`
	numberedForm = `{"SessionId":"ID","Status":"SUCCEEDED","Confidence":97.5,"ReferenceImage":{"Bytes":REF,` +
		`"BoundingBox":{"Width":0.5,"Height":0.25,"Left":-0.1,"Top":0.1}},"AuditImages":{"0":{"Bytes":AUDIT}}}`
	textForm = `{"SessionId":"ID","Status":"SUCCEEDED","Confidence":97.5,"ReferenceImage":"{\"Bytes\":REF,` +
		`\"BoundingBox\":{\"Width\":0.5,\"Height\":0.25,\"Left\":-0.1,\"Top\":0.1}}","AuditImages":[AUDIT]}`
)

// in writes the session in a form, its bytes in the way given.
func (s sample) in(form string, enc func([]byte) string) string {
	return strings.NewReplacer("ID", uuid, "REF", enc(s.ref), "AUDIT", enc(s.audit)).Replace(form)
}

func (s sample) wire(enc func([]byte) string) string  { return s.in(wireForm, enc) }
func (s sample) snake(enc func([]byte) string) string { return s.in(snakeForm, enc) }
func (s sample) camel(enc func([]byte) string) string { return s.in(camelForm, enc) }

// yaml is the session as the AWS CLI v2 writes it, each line after an indent.
func (s sample) yaml(indent string, enc func([]byte) string) string {
	text := "SessionId: " + uuid + "\nStatus: SUCCEEDED\nConfidence: 97.5\nReferenceImage:\n  Bytes: " + enc(s.ref) +
		"\n  BoundingBox:\n    Width: 0.5\n    Height: 0.25\n    Left: -0.1\n    Top: 0.1\nAuditImages:\n- Bytes: " +
		enc(s.audit) + "\n"
	return strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+indent) + "\n"
}

func plain64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

func str(s string) string { return string(quoted(s)) }

// escaped is what a string looks like in another one.
func escaped(s string) string { return str(s)[1 : len(str(s))-1] }

func gzipped(tb testing.TB, s string) string {
	tb.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(s)); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

func zstandard(tb testing.TB, s string) string {
	tb.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		tb.Fatal(err)
	}
	defer w.Close()
	return string(w.EncodeAll([]byte(s), nil))
}

func utf16Text(order binary.AppendByteOrder, s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

func csvRow(fields ...string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := w.WriteAll([][]string{{"id", "created", "result"}, fields}); err != nil {
		panic(err)
	}
	return b.String()
}

// Each producer writes the same session; what comes out must be the same
// bytes, boxes and words.
func TestProducers(t *testing.T) {
	s := newSample(t)
	wire := s.wire(b64)
	pretty := "{\n    " + strings.ReplaceAll(wire[1:len(wire)-1], `,"`, ",\n    \"") + "\n}\n"
	le, be := binary.AppendByteOrder(binary.LittleEndian), binary.AppendByteOrder(binary.BigEndian)
	for _, tt := range []struct {
		producer, doc string
		// codes are the problems of the session, then those of the images.
		codes string
	}{
		{"the service", wire, ""},
		{"aws --output json", pretty, ""},
		{"aws --output yaml", s.yaml("", plain64), ""},
		{"aws --output yaml-stream", "- " + s.yaml("  ", plain64), ""},
		{"aws --output yaml, twice the marker", "---\n" + s.yaml("", plain64) + "---\n", ""},
		{
			"PyYAML of bytes",
			s.yaml("", func(b []byte) string { return "!!binary |\n    " + lines(plain64(b), 76, "\n    ") }),
			"",
		},
		{
			"js-yaml folded",
			"result:\n  " + s.yaml("  ", func(b []byte) string {
				return ">-\n      " +
					lines(plain64(b), 60, "\n      ")
			}),
			"encoding encoding",
		},
		{"YAML in flow style", s.in(flowForm, b64), ""},
		{"boto3 and base64", wire[:len(wire)-1] + `,"ResponseMetadata":{"RequestId":"r","HTTPStatusCode":200}}`, ""},
		{"boto3, json.dumps of NaN", wire[:len(wire)-1] + `,"Extra": [NaN, -Infinity]}`, "repaired"},
		{"Go, json.Marshal", strings.Replace(wire, `"Bytes"`, `"S3Object":null,"Bytes"`, 1), ""},
		{"JavaScript, JSON.stringify", s.wire(keyed), "encoding encoding"},
		{"JavaScript, Array.from", s.wire(ints), "encoding encoding"},
		{"JavaScript, bytes.toString()", s.wire(intsText), "encoding encoding"},
		{"JavaScript, data URL of bytes.toString()", s.wire(broken64), "encoding encoding encoding encoding"},
		{"JavaScript, btoa(bytes)", s.wire(btoaInts), "encoding encoding encoding encoding"},
		{"JavaScript, binary string", s.wire(latin1), "encoding encoding"},
		{"JavaScript, FileReader", s.camel(dataURL), "encoding encoding"},
		{"Node, Buffer", s.camel(nodeBuf), "encoding encoding"},
		{"Node, toString('base64url')", s.camel(rawURL64), "encoding encoding"},
		{"Node, toString('hex')", s.camel(hexed), "encoding encoding"},
		{"Java SDK 1, Jackson", strings.Replace(s.camel(b64), `"bytes"`, `"s3Object":null,"bytes"`, 2), ""},
		{
			"Java SDK 2, Gson of SdkBytes",
			s.camel(func(b []byte) string { return `{"bytes":` + signed(b) + `}` }),
			"encoding encoding",
		},
		{"Java, Gson of ByteBuffer", s.camel(gsonBuf), "encoding encoding"},
		{"Java, Arrays.toString", s.camel(signedStr), "encoding encoding"},
		{"Java, MIME encoder", s.camel(func(b []byte) string { return lines(b64(b), 76, `\r\n`) }), ""},
		{
			".NET, System.Text.Json",
			wire[:len(wire)-1] + `,"HttpStatusCode":200,"ContentLength":9,"ResponseMetadata":{}}`,
			"",
		},
		{"PowerShell 5, > file", "\xff\xfe" + utf16Text(le, strings.ReplaceAll(pretty, "\n", "\r\n")), ""},
		{"UTF-16 without a mark", utf16Text(le, wire), ""},
		{"UTF-16, big endian", "\xfe\xff" + utf16Text(be, wire), ""},
		{"PowerShell 5, ConvertTo-Json of byte[]", s.wire(func(b []byte) string {
			return `{"value":` + ints(b) + `,"Count":` + strconv.Itoa(len(b)) + `}`
		}), "encoding encoding"},
		{"PowerShell 5, ConvertTo-Json of a list", s.in(countedForm, b64), ""},
		{"PowerShell, list of one unrolled", s.in(unrolledForm, b64), "audit_not_list"},
		{"Ruby, strict_encode64", s.snake(b64), ""},
		{"Ruby, encode64", s.snake(mime64), ""},
		{"PHP, json_encode", s.wire(slashes), ""},
		{"PHP, list with numbers for names", s.in(numberedForm, b64), ""},
		{"Rust, serde of Vec<u8>", s.snake(ints), "encoding encoding"},
		{"Dart, Uint8List", s.camel(ints), "encoding encoding"},
		{"web form", s.wire(percent), "encoding encoding"},
		{"web form, plus signs lost", s.wire(plusless), "encoding encoding"},
		{"HTML template", s.wire(htmlized), "encoding encoding"},
		{"shell, $(base64 file)", s.wire(torn64), "repaired encoding encoding"},
		{"Base64 of Base64", s.wire(twice64), "encoding encoding"},
		{"xxd -p with spaces", s.wire(spaced), "encoding encoding"},
		{"PostgreSQL, row_to_json of bytea", s.snake(bytea), "encoding encoding"},
		{"PostgreSQL, \\copy to CSV", csvRow("1", "2026-11-22", pretty), "from_log"},
		{
			"Athena, CSV",
			"\"id\",\"created\",\"result\"\n" + strings.SplitN(csvRow("1", "x", wire), "\n", 2)[1],
			"from_log",
		},
		{"API Gateway, body as an object", `{"statusCode":200,"headers":{},"body":` + wire + `}`, ""},
		{"API Gateway, body as a string", `{"statusCode":200,"isBase64Encoded":false,"body":` + str(wire) + `}`, ""},
		{
			"API Gateway, body in Base64",
			`{"statusCode":200,"isBase64Encoded":true,"body":` + b64([]byte(wire)) + `}`,
			"",
		},
		{"API Gateway, body in Base64, indented", `{"isBase64Encoded":true,"body":` + b64([]byte(pretty)) + `}`, ""},
		{"API Gateway, body compressed", `{"isBase64Encoded":true,"body":` + b64([]byte(gzipped(t, wire))) + `}`, ""},
		{
			"Lambda, payload",
			`{"StatusCode":200,"ExecutedVersion":"$LATEST","Payload":` +
				str(`{"statusCode":200,"body":`+str(wire)+`}`) + `}`,
			"",
		},
		{
			"Step Functions, output",
			`{"executionArn":"arn:aws:states:x","status":"SUCCEEDED","output":` + str(`{"liveness":`+wire+`}`) + `}`,
			"",
		},
		{"SQS event", `{"Records":[{"messageId":"m","body":` + str(wire) + `,"attributes":{}}]}`, ""},
		{"SNS in SQS", `{"Records":[{"body":` + str(`{"Type":"Notification","Message":`+str(wire)+`}`) + `}]}`, ""},
		{"Kinesis event", `{"Records":[{"kinesis":{"partitionKey":"1","data":` + b64([]byte(wire)) + `}}]}`, ""},
		{"EventBridge", `{"version":"0","detail-type":"liveness","source":"app","detail":` + wire + `}`, ""},
		{
			"CloudWatch Logs, get-log-events",
			`{"events":[{"timestamp":1,"message":"START RequestId: x\n"},{"timestamp":2,"message":` +
				str("2026-11-22T10:00:00Z\tid\tINFO\tresult "+wire+"\n") + `},{"message":"END"}],"nextToken":"f/1"}`,
			"",
		},
		{
			"CloudWatch Logs, subscription",
			`{"awslogs":{"data":` + b64([]byte(gzipped(t, `{"logEvents":[{"message":`+str(wire)+`}]}`))) + `}}`,
			"",
		},
		{
			"CloudWatch Logs, Lambda's text",
			"START RequestId: 1 Version: $LATEST\n2026-11-22T10:00:00.000Z\t1\tINFO\tevent {}\n" +
				"2026-11-22T10:00:01.000Z\t1\tINFO\t" + wire + "\nEND RequestId: 1\nREPORT Duration: 3 ms\n",
			"from_log",
		},
		{"console.log of indented JSON", "INFO: starting\nINFO: result:\n" + pretty + "INFO: done\n", "from_log"},
		{"log in brackets", "[2026-11-22T10:00:00Z] [INFO] result: " + wire + "\n", "from_log"},
		{"logfmt", "level=info msg=\"liveness\" result=" + str(wire) + " took=3ms\n", "from_log"},
		{
			"pino",
			`{"level":30,"msg":"start"}` + "\n" + `{"level":30,"msg":"done","result":` + wire + `}` + "\n" +
				`{"level":30,"msg":"end"}` + "\n",
			"",
		},
		{
			"Docker, json-file",
			`{"log":"listening\n","stream":"stdout"}` + "\n" + `{"log":` + str(wire+"\n") +
				`,"stream":"stdout"}` + "\n",
			"",
		},
		{"Kubernetes, container log", "2026-11-22T10:00:00Z stdout F " + wire + "\n", "from_log"},
		{
			"systemd, journalctl -o json",
			`{"__REALTIME_TIMESTAMP":"1","MESSAGE":` + str("got "+wire) + `,"PRIORITY":"6"}` + "\n",
			"",
		},
		{"curl -i", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + pretty, "from_log"},
		{"a script", "window.result = " + wire + ";\n", "from_log"},
		{"JSONP", "callback(" + wire + ");", "from_log"},
		{"Markdown", "# Result\n\n```json\n" + pretty + "```\n", "from_log"},
		{"DynamoDB, get-item", `{"Item":` + s.in(dynamoForm, b64) + `}`, ""},
		{"DynamoDB, export to S3", gzipped(t, `{"Item":`+s.in(dynamoForm, b64)+"}\n"), ""},
		{"DynamoDB stream", `{"Records":[{"dynamodb":{"NewImage":` + s.in(dynamoForm, b64) + `}}]}`, ""},
		{"MongoDB, mongoexport", s.in(mongoForm, b64) + "\n", "encoding encoding"},
		{"Firestore, REST", s.in(firestoreForm, b64), ""},
		{"Elasticsearch, hit", `{"hits":{"hits":[{"_index":"l","_score":1.0,"_source":` + s.camel(b64) + `}]}}`, ""},
		{"Redis, JSON.stringify twice", str(wire) + "\n", ""},
		{"JSON three strings deep", str(str(str(wire))), ""},
		{"GraphQL", `{"data":{"getLivenessResult":` + s.camel(b64) + `}}`, ""},
		{
			"axios, whole response",
			`{"status":200,"statusText":"OK","headers":{},"config":{"method":"get"},"data":` + wire + `}`,
			"",
		},
		{
			"HAR",
			`{"log":{"entries":[{"request":{"url":"x"},"response":{"status":200,"content":` +
				`{"mimeType":"application/json","text":` + str(wire) + `}}}]}}`,
			"",
		},
		{"Base64 of the whole", plain64([]byte(pretty)) + "\n", ""},
		{"gzip", gzipped(t, wire), ""},
		{"zstd", zstandard(t, wire), ""},
		{"gzip twice", gzipped(t, gzipped(t, wire)), ""},
		{"gzip of UTF-16", gzipped(t, "\xff\xfe"+utf16Text(le, wire)), ""},
		{"UTF-8 with a mark", "\ufeff" + wire, ""},
		{"text sequence of RFC 7464", "\x1e" + wire + "\n", ""},
		{"a row of a database, as a list", `[17,"SUCCEEDED",` + wire + `]`, ""},
		{"session around the images", s.in(aroundForm, b64), "from_around from_around from_around"},
		{"raw answer kept beside", strings.TrimSuffix(s.camel(b64), "}") + `,"raw":` + wire + `}`, "copy"},
		{
			"image as JSON in a string",
			strings.NewReplacer("ID", uuid, "REF", escaped(b64(s.ref)), "AUDIT", b64(s.audit)).Replace(textForm),
			"",
		},
		{"names with Base64 at the end", s.in(flatForm, b64), ""},
		{
			"numbers as strings",
			strings.NewReplacer(`97.5`, `"97.5"`, `"Width":0.5`, `"Width":"0.5"`).Replace(wire),
			"number_as_string",
		},
	} {
		t.Run(tt.producer, func(t *testing.T) { checkProducer(t, s, tt.doc, tt.codes) })
	}
}

func checkProducer(t *testing.T, s sample, doc, want string) {
	t.Helper()
	sessions, errs := read(doc)
	if len(sessions) != 1 || errs != nil {
		t.Fatalf("got %d sessions, %v", len(sessions), errs)
	}
	got := sessions[0]
	if got.ID != uuid || got.Status != "SUCCEEDED" || got.Confidence != "97.5" {
		t.Errorf("got session %q, status %q, confidence %s", got.ID, got.Status, got.Confidence)
	}
	frames, err := decode.Load(t.Context(), got, nil)
	if err != nil || len(frames) != 2 {
		t.Fatalf("got %d frames, %v", len(frames), err)
	}
	if !bytes.Equal(frames[0].Data, s.ref) || !bytes.Equal(frames[1].Data, s.audit) {
		t.Error("the bytes are not those of the images")
	}
	box := decode.Box{Left: "-0.1", Top: "0.1", Width: "0.5", Height: "0.25"}
	if frames[0].Box == nil || *frames[0].Box != box || frames[1].Box != nil {
		t.Errorf("got boxes %v, %v", frames[0].Box, frames[1].Box)
	}
	all := codes(append(append(got.Problems, frames[0].Problems...), frames[1].Problems...))
	if all != want {
		t.Errorf("got problems %q, want %q", all, want)
	}
	alone := want == "" && strings.HasPrefix(doc, "{") && !strings.Contains(doc, "\n{")
	if alone && string(got.Source.Data) != doc {
		t.Errorf("the source is not the whole document: %.80q", got.Source.Data)
	}
}
