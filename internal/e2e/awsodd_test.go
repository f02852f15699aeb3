package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/internal/need"
)

// odd are answers that no service gives on a good day: numbers, text and members
// of every kind, each printed in every format.
var odd = []string{
	boxes("1E5", "-0.0", "-0", "0", "1e-400", "97", "123456789012345678901234567890",
		"0.1000000000000000055511151231257827", "1e22", "1e16", "1e15", "1e-5", "0.0001", "9007199254740993.0",
		"1.5e0", "null"),
	names("", "é/日本/😀", `\u0007\t\"\\\/.jpg`, `a\nb\rc`, `d\u2028e\u0085f\u00a0g\ufeffh`, "trailing space ",
		" # - : yaml", "yes", "1.0", "null", "2026-11-22", "~", "1e3", "0x1F", "- a", "a: b", "{a}", "!t", "'", "%"),
	`"ReferenceImage":{},"AuditImages":[{},{"BoundingBox":{}},{"Bytes":""}],"Challenge":{}`,
	`"Confidence":null,"ReferenceImage":null,"AuditImages":[null,{"BoundingBox":null},{"Bytes":null}],"Challenge":null`,
	`"Challenge":{"Version":"日本","Type":"SomethingNew"},"Confidence" : 1 , "Confidence": 2e0, "AuditImages":[]`,
}

// infinite is what Python reads of numbers that are too large.
var infinite = boxes("1e400", "-1e400")

func boxes(numbers ...string) string {
	var list []string
	for _, n := range numbers {
		list = append(list, `{"BoundingBox":{"Width":`+n+`,"Top":0.5}}`)
	}
	return `"AuditImages":[` + strings.Join(list, ",") + `]`
}

func names(texts ...string) string {
	var list []string
	for _, s := range texts {
		list = append(list, `{"S3Object":{"Bucket":"b","Name":"`+s+`"}}`)
	}
	return `"AuditImages":[` + strings.Join(list, ",") + `]`
}

// refusals are errors of every shape: a status, a space, and the body.
var refusals = []string{
	`!400 {"__type":"com.amazonaws.rekognition#SessionNotFoundException","Message":"gone"}`,
	`!400 {"__type":"SessionNotFoundException:http://internal.amazon.com/coral/","message":"lower"}`,
	`!400 {"__type":"SessionNotFoundException","message":"lower","Message":"upper"}`,
	`!400 {"__type":"aws#X:y","Message":null}`,
	`!400 {"__type":"AccessDeniedException","Message":"é 日本 \n two lines"}`,
	`!400 {"code":"Coded","message":"by code"}`,
	`!400 {"Message":"no type"}`,
	`!400 `,
	`!400 [1]`,
	`!403 {"__type":"","Message":"empty type"}`,
	`!404 {"__type":"NotFound"}`,
	`!413 <html>too large</html>`,
}

// TestFetchOddBesideAWSCLI has the AWS CLI of this machine and fetch print odd
// answers, in every format.
func TestFetchOddBesideAWSCLI(t *testing.T) {
	t.Parallel()
	client := []string{need.Program(t, "aws"), "rekognition", "get-face-liveness-session-results"}
	if v := beside(t, client[:1], "--version").stdout; !strings.HasPrefix(v, "aws-cli/2") {
		t.Skip("not version 2: " + v)
	}
	name, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cases := slices.Concat(odd, []string{infinite}, refusals)
	answers := map[string]string{}
	for i, members := range cases {
		answers[sessionID(100+i)] = members
		if !strings.HasPrefix(members, "!") {
			id := sessionID(100 + i)
			answers[id] = fmt.Sprintf(`{"SessionId":%q,"Status":"SUCCEEDED",%s}`, id, members)
		}
	}
	url := rekognitionService(t, answers)
	for i, members := range cases {
		formats := []string{"json", "text", "table", "yaml", "yaml-stream"}
		if i >= len(odd) {
			formats = formats[:1]
		}
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			for _, format := range formats {
				args := []string{"--session-id", sessionID(100 + i), "--endpoint-url", url, "--output", format}
				want, got := beside(t, client, args...), beside(t, []string{name, "fetch"}, args...)
				if got.stdout != want.stdout || got.code != want.code || got.stderr != want.stderr {
					t.Errorf("%s, %s:\ngot  %d %q %q\nwant %d %q %q", members, format,
						got.code, got.stdout, got.stderr, want.code, want.stdout, want.stderr)
				}
			}
		})
	}
}
