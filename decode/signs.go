package decode

import "bytes"

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
	htmlAdvice = "look at it in a browser, and save the JSON that the server answers when all is well"
	saveAdvice = "save the answer of GetFaceLivenessSessionResults within three minutes of creating the session"
)

// reprAdvice has the command that turns a saved repr into JSON.
const reprAdvice = pythonAdvice + `; a file that is saved already becomes JSON with ` +
	`python3 -c "import ast,base64,json,sys; json.dump(ast.literal_eval(sys.stdin.read()), ` +
	`sys.stdout, default=lambda b: base64.b64encode(b).decode())"`

// What is found, where several signs tell of the same.
const (
	foundText    = "AWS CLI text output, which ties boxes to images only by their order"
	foundHTML    = "an HTML page, no result: most likely an error or sign-in page of a server"
	foundRepr    = "Python's repr, no JSON"
	foundObject  = "[object Object], which is all that JavaScript writes of an object as a string"
	foundInspect = "what console.log prints in JavaScript, which leaves bytes out"
	foundJava    = "what toString writes in Java, which leaves bytes out"
	foundDotnet  = "what .NET or PowerShell prints of an object, which leaves bytes out"
	foundRuby    = "Ruby's inspect of an object, no JSON"
	foundGo      = "what fmt prints in Go, no JSON"
)

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
	{"", "REFERENCEIMAGE\t", "aws-text", foundText, cliAdvice},
	{"", "AUDITIMAGES\t", "aws-text", foundText, cliAdvice},
	{"", "BOUNDINGBOX\t", "aws-text", foundText, cliAdvice},
	{"---", "GetFaceLivenessSessionResults", "aws-table", "an AWS CLI table, which breaks the bytes up", cliAdvice},
	{"+--", "|", "aws-table", "a table, which breaks the bytes up", cliAdvice},
	{"", "An error occurred (", "aws-error", "an error message of the AWS CLI or an SDK, no result", saveAdvice},
	{"<!DOCTYPE html", "", "html", foundHTML, htmlAdvice},
	{"<!doctype html", "", "html", foundHTML, htmlAdvice},
	{"<html", "", "html", foundHTML, htmlAdvice},
	{"<", "<Error>", "s3-error", "an error that S3 answered, no result", "look at its Code, and get the object again"},
	{"<", "", "xml", "XML or HTML, no result", "save the answer as JSON"},
	{"%PDF-", "", "pdf", "a PDF document, no result", saveAdvice},
	{"PK\x03\x04", "", "zip", "a ZIP archive", "unpack it first"},
	{"\xff\xd8\xff", "", "picture", "a JPEG picture, not the result that it belongs to", saveAdvice},
	{"\x89PNG", "", "picture", "a PNG picture, not the result that it belongs to", saveAdvice},
	{"RIFF", "WEBP", "picture", "a WebP picture, not the result that it belongs to", saveAdvice},
	{"{'", "", "python-repr", foundRepr, reprAdvice},
	{"[{'", "", "python-repr", foundRepr, reprAdvice},
	{"", "b'\\x", "python-repr", foundRepr, reprAdvice},
	{"", "': b'", "python-repr", foundRepr, reprAdvice},
	{"", "b\"\\x", "python-repr", foundRepr, reprAdvice},
	{"", "Uint8Array(", "js-inspect", foundInspect, nodeAdvice},
	{"", "<Buffer ", "js-inspect", foundInspect, nodeAdvice},
	{"[object Object]", "", "js-object", foundObject, "write it with JSON.stringify; " + nodeAdvice},
	{"", "GetFaceLivenessSessionResultsResponse(", "java-string", foundJava, javaAdvice},
	{"", "Amazon.Rekognition.Model.", "dotnet-string", foundDotnet, dotnetAdvice},
	{"", "System.IO.MemoryStream", "dotnet-string", foundDotnet, dotnetAdvice},
	{"#<", "", "ruby-inspect", foundRuby, rubyAdvice},
	{"{", "\"=>", "ruby-inspect", foundRuby, rubyAdvice},
	{"{:", "", "ruby-inspect", foundRuby, rubyAdvice},
	{"Array\n(", "", "php-print", "what print_r prints in PHP, no JSON", phpAdvice},
	{"array(", "", "php-print", "what var_dump prints in PHP, no JSON", phpAdvice},
	{"Aws\\Result", "", "php-print", "what PHP prints of an object, no JSON", phpAdvice},
	{"&{", "", "go-print", foundGo, goAdvice},
	{"map[", "", "go-print", foundGo, goAdvice},
	{"{AuditImages:", "", "go-print", foundGo, goAdvice},
	{"{ ", "SessionId: '", "js-inspect", foundInspect, nodeAdvice},
	{"{\n", "SessionId: '", "js-inspect", foundInspect, nodeAdvice},
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
	{"<Buffer ", "", "js-inspect", foundInspect, nodeAdvice},
	{"Uint8Array", "", "js-inspect", foundInspect, nodeAdvice},
	{"System.", "", "dotnet-string", foundDotnet, dotnetAdvice},
	{"Amazon.", "", "dotnet-string", foundDotnet, dotnetAdvice},
	{"@{", "", "powershell-depth", "what ConvertTo-Json writes beyond its depth of 2", dotnetAdvice},
	{"[B@", "", "java-string", "what Java prints of a byte array, without its bytes", javaAdvice},
	{"java.nio.", "", "java-string", "what Java prints of a buffer, without its bytes", javaAdvice},
	{"SdkBytes(", "", "java-string", "what Java prints of bytes, which may leave some out", javaAdvice},
	{"AuditImage(", "", "java-string", "what Java prints of an image, without its bytes", javaAdvice},
	{"#<", "", "ruby-inspect", foundRuby, rubyAdvice},
	{"Resource id", "", "php-print", "what PHP prints of a stream, without its bytes", phpAdvice},
	{"file:", "", "file-name", "the name of a file", "put the file's bytes there, in Base64"},
	{"fileb:", "", "file-name", "the name of a file", "put the file's bytes there, in Base64"},
}

// stubs are what loggers and backends write in place of bytes that they leave
// out, as far as it starts like this.
var stubs = []string{
	"[redacted", "<redacted", "(redacted", "redacted", "***", "[filtered", "[masked", "<masked", "[omitted", "<omitted",
	"[binary", "<binary", "(binary", "binary data",
	"[truncated", "<truncated", "[removed", "[hidden", "<bytes", "[bytes",
	"<base64", "[base64", "...", "…", "<blob", "[blob", "*** sensitive", "null", "undefined", "n/a", "xxx",
}
