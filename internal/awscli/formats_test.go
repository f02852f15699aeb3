package awscli_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/internal/awscli"
	"github.com/lvtool/lvtool/internal/jmespath"
	"github.com/lvtool/lvtool/internal/pyval"
)

func parse(t testing.TB, text string) any {
	t.Helper()
	v, err := pyval.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestFormatsRecorded holds what the real AWS CLI printed.
func TestFormatsRecorded(t *testing.T) {
	text, err := os.ReadFile("testdata/formats.json")
	if err != nil {
		t.Fatal(err)
	}
	for i, item := range parse(t, string(text)).(*pyval.List).Items {
		c := item.(*pyval.Dict)
		value, _ := c.Get("value")
		if expression := field(c, "query"); expression != "" {
			query, err := jmespath.Compile(expression)
			if err != nil {
				t.Fatal(err)
			}
			if value, err = query.Search(value); err != nil {
				t.Fatal(err)
			}
		}
		var b strings.Builder
		err := awscli.Write(&b, field(c, "format"), value, awscli.Style{})
		failure := ""
		if err != nil {
			failure = err.Error()
		}
		if b.String() != field(c, "stdout") || failure != field(c, "error") {
			t.Errorf("%d: %s of %s: got\n%s%s\nwant\n%s%s", i, field(c, "format"), pyval.Line(value),
				b.String(), failure, field(c, "stdout"), field(c, "error"))
		}
	}
}

// field is a text of a recording; empty where there is none. The file is no JSON to encoding/json:
// it holds numbers that are not finite.
func field(d *pyval.Dict, name string) string {
	v, _ := d.Get(name)
	s, _ := v.(string)
	return s
}

func TestWrite(t *testing.T) {
	const session = `{"SessionId":"5f3c","Status":"SUCCEEDED","Confidence":97.50,"AuditImages":[{"Bytes":"/9j/"}]}`
	tests := []struct{ format, value, want string }{
		{"json", session, "{\n    \"SessionId\": \"5f3c\",\n    \"Status\": \"SUCCEEDED\",\n" +
			"    \"Confidence\": 97.5,\n    \"AuditImages\": [\n        {\n" +
			"            \"Bytes\": \"/9j/\"\n        }\n    ]\n}\n"},
		{"yaml", session, "AuditImages:\n- Bytes: /9j/\nConfidence: 97.5\nSessionId: 5f3c\nStatus: SUCCEEDED\n"},
		{"yaml-stream", session, "- AuditImages:\n  - Bytes: /9j/\n  Confidence: 97.5\n" +
			"  SessionId: 5f3c\n  Status: SUCCEEDED\n"},
		{"text", session, "97.5\t5f3c\tSUCCEEDED\nAUDITIMAGES\t/9j/\n"},
		{"table", `{"a":1}`, "-------------------------------\n|GetFaceLivenessSessionResults|\n" +
			"+-------------+---------------+\n|  a          |  1            |\n+-------------+---------------+\n"},
		{"json", `{}`, ""},
		{"yaml", `{}`, ""},
		{"yaml-stream", `{}`, ""},
		{"text", `{}`, ""},
		{"table", `{}`, ""},
		{"json", `[]`, "[]\n"},
		{"yaml", `[]`, "[]\n"},
		{"text", `[]`, ""},
		{"table", `0`, ""},
		{"table", `"x"`, "-------------------------------\n|GetFaceLivenessSessionResults|\n" +
			"+-----------------------------+\n"},
		{"table", `[{},[],""]`, "-------------------------------\n|GetFaceLivenessSessionResults|\n"},
		{"json", `null`, "null\n"},
		{"yaml", `null`, "null\n"},
		{"yaml-stream", `null`, "- null\n"},
		{"text", `null`, "None\n"},
		{"table", `null`, ""},
		{"yaml", `"é"`, "\"é\"\n"},
		{"yaml", `["é😀"]`, "- \"é\\U0001F600\"\n"},
	}
	for _, test := range tests {
		var b strings.Builder
		if err := awscli.Write(&b, test.format, parse(t, test.value), awscli.Style{}); err != nil {
			t.Errorf("%s of %s: %v", test.format, test.value, err)
		}
		if b.String() != test.want {
			t.Errorf("%s of %s: got\n%s\nwant\n%s", test.format, test.value, b.String(), test.want)
		}
	}
}

func TestWriteUnknown(t *testing.T) {
	err := awscli.Write(&strings.Builder{}, "xml", nil, awscli.Style{})
	failure, ok := errors.AsType[*awscli.Error](err)
	if !ok || failure.Code != awscli.ExitGeneral || failure.Message != "Unknown output type: xml" {
		t.Errorf("got %v", err)
	}
}

// TestWriteSurrogate holds that what stands before text that cannot be written is out, and nothing after.
func TestWriteSurrogate(t *testing.T) {
	value := parse(t, `{"a":1,"b":"x\ud800"}`)
	for format, want := range map[string]string{"json": "{\n    \"a\": 1,\n    \"b\": ", "yaml": "", "text": ""} {
		var b strings.Builder
		err := awscli.Write(&b, format, value, awscli.Style{})
		if failure, ok := errors.AsType[*awscli.Error](err); !ok || failure.Code != awscli.ExitGeneral {
			t.Errorf("%s: got %v, want an error of code 255", format, err)
		}
		if b.String() != want {
			t.Errorf("%s: got %q, want %q", format, b.String(), want)
		}
	}
}

// TestTableStyle holds the width at which a table is turned, and the colours with and without resets.
func TestTableStyle(t *testing.T) {
	value := parse(t, `{"first":"aaaaaaaaaaaaaaaaaaaa","second":"bbbbbbbbbbbbbbbbbbbb"}`)
	render := func(style awscli.Style) string {
		var b strings.Builder
		if err := awscli.Write(&b, "table", value, style); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	wide, narrow := render(awscli.Style{Width: 50}), render(awscli.Style{Width: 49})
	if !strings.Contains(wide, "|         first         |        second          |") {
		t.Errorf("50 columns: got\n%s", wide)
	}
	if !strings.Contains(narrow, "|  first  |  aaaaaaaaaaaaaaaaaaaa  |") {
		t.Errorf("49 columns: got\n%s", narrow)
	}
	colored, reset := render(awscli.Style{Color: true}), render(awscli.Style{Color: true, Reset: true})
	const cell = "\x1b[1m\x1b[34maaaaaaaaaaaaaaaaaaaa\x1b[0m"
	if !strings.Contains(colored, cell) || strings.Contains(colored, "|\x1b[0m\n") {
		t.Errorf("colour: got %q", colored)
	}
	if !strings.Contains(reset, "|\x1b[0m\x1b[0m\n\x1b[0m") {
		t.Errorf("reset: got %q", reset)
	}
}

func ExampleWrite() {
	value, err := pyval.Parse(`{"SessionId": "5f3c", "Status": "SUCCEEDED", "Confidence": 97.50}`)
	if err != nil {
		panic(err)
	}
	var b strings.Builder
	for _, format := range []string{"text", "yaml"} {
		if err := awscli.Write(&b, format, value, awscli.Style{}); err != nil {
			panic(err)
		}
	}
	fmt.Print(b.String())
	// Output:
	// 97.5	5f3c	SUCCEEDED
	// Confidence: 97.5
	// SessionId: 5f3c
	// Status: SUCCEEDED
}
