package pyval_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/internal/pyval"
)

func TestFloat(t *testing.T) {
	for f, want := range map[float64]string{
		97.50: "97.5", 0: "0.0", math.Copysign(0, -1): "-0.0", 100: "100.0", 1e-5: "1e-05", 0.0001: "0.0001",
		1e15: "1000000000000000.0", 9999999999999998: "9999999999999998.0", 1e16: "1e+16", 1.5e300: "1.5e+300",
		5e-324: "5e-324", 0.1: "0.1", 0.30000001192092896: "0.30000001192092896", -1e22: "-1e+22",
		math.Inf(1): "inf", math.Inf(-1): "-inf", 123456789.125: "123456789.125",
	} {
		if got := pyval.Float(f); got != want {
			t.Errorf("%g: got %s, want %s", f, got, want)
		}
	}
}

func TestParse(t *testing.T) {
	tests := []struct{ in, want string }{
		{`{"b":1,"a":[1.50,-0,-0.0,1E3],"b":2}`, `{"b":2,"a":[1.5,0,-0.0,1000.0]}`},
		{` [ ] `, `[]`},
		{`[NaN,Infinity,-Infinity,1e400,true,false,null]`, `[NaN,Infinity,-Infinity,Infinity,true,false,null]`},
		{`123456789012345678901234567890`, `123456789012345678901234567890`},
		{`"\u00e9\ud83d\ude00\/\b\u0000"`, `"\u00e9\ud83d\ude00/\b\u0000"`},
		{`"\ud800x"`, `"\ud800x"`},
		{`"\ud800\ud800\udc00"`, `"\ud800\ud800\udc00"`},
	}
	for _, test := range tests {
		v, err := pyval.Parse(test.in)
		if err != nil {
			t.Errorf("%s: %v", test.in, err)
			continue
		}
		if got := pyval.Compact(v); got != test.want {
			t.Errorf("%s: got %s, want %s", test.in, got, test.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ in, want string }{
		{``, "Expecting value: char 0"},
		{`{`, "Expecting property name enclosed in double quotes: char 1"},
		{`{"a":1,}`, "Expecting property name enclosed in double quotes: char 7"},
		{`{"a" 1}`, "Expecting ':' delimiter: char 5"},
		{`[1 2]`, "Expecting ',' delimiter: char 3"},
		{`[1,]`, "Expecting value: char 3"},
		{`"é`, "Unterminated string starting at: char 0"},
		{"\"é\n\"", "Invalid control character at: char 2"},
		{`"\x"`, `Invalid \escape: char 1`},
		{`"\u12g4"`, `Invalid \uXXXX escape: char 2`},
		{`01`, "Extra data: char 1"},
		{`1.`, "Extra data: char 1"},
		{`-`, "Expecting value: char 0"},
		{`{} x`, "Extra data: char 3"},
		{"\ufeff{}", "Unexpected UTF-8 BOM (decode using utf-8-sig): char 0"},
	}
	for _, test := range tests {
		_, err := pyval.Parse(test.in)
		if err == nil || err.Error() != test.want {
			t.Errorf("%q: got %v, want %s", test.in, err, test.want)
		}
	}
	if _, err := pyval.Parse(strings.Repeat("9", 5000)); err == nil {
		t.Error("5000 digits: got no error")
	}
	_, err := pyval.Parse(strings.Repeat("[", 100000))
	if _, ok := errors.AsType[*pyval.DepthError](err); !ok {
		t.Errorf("deep: got %v, want a DepthError", err)
	}
}

func TestDump(t *testing.T) {
	v, err := pyval.Parse(`{"a":[],"b":{},"c":[{"d":"é\u0001\"\\"},[1]]}`)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := pyval.Dump(&b, v); err != nil {
		t.Fatal(err)
	}
	want := `{
    "a": [],
    "b": {},
    "c": [
        {
            "d": "é\u0001\"\\"
        },
        [
            1
        ]
    ]
}`
	if b.String() != want {
		t.Errorf("got %s, want %s", b.String(), want)
	}
	if got, want := pyval.Line(v), `{"a":[],"b":{},"c":[{"d":"é\u0001\"\\"},[1]]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestRepr(t *testing.T) {
	v, err := pyval.Parse(`{"a":[true,null,1,1.0],"it's":"\"'\n\u0080\ud800é"}`)
	if err != nil {
		t.Fatal(err)
	}
	want := `{'a': [True, None, 1, 1.0], "it's": '"\'\n\x80\ud800é'}`
	if got := pyval.Repr(v); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestCompare(t *testing.T) {
	parse := func(s string) any {
		v, err := pyval.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, test := range []struct {
		a, b  string
		equal bool
	}{
		{`1`, `1.0`, true},
		{`true`, `1`, true},
		{`9007199254740993`, `9007199254740992.0`, false},
		{`{"a":1,"b":[2]}`, `{"b":[2.0],"a":1}`, true},
		{`[1]`, `[1,2]`, false},
		{`NaN`, `NaN`, false},
		{`null`, `false`, false},
		{`"1"`, `1`, false},
	} {
		if got := pyval.Equal(parse(test.a), parse(test.b)); got != test.equal {
			t.Errorf("%s == %s: got %t, want %t", test.a, test.b, got, test.equal)
		}
	}
}

func TestCheckText(t *testing.T) {
	v, err := pyval.Parse(`"aé\ud800"`)
	if err != nil {
		t.Fatal(err)
	}
	want := `'utf-8' codec can't encode character '\ud800' in position 2: surrogates not allowed`
	if err := pyval.CheckText(v.(string)); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if err := pyval.CheckText("é😀"); err != nil {
		t.Errorf("got %v, want nil", err)
	}
}

// FuzzParse asserts that what is printed reads back as the same value.
func FuzzParse(f *testing.F) {
	f.Add(`{"SessionId":"x","Confidence":97.50,"AuditImages":[null,{}],"n":-0.0}`)
	f.Add(`["\ud800\udc00\ud800",1e400,NaN,12345678901234567890]`)
	f.Fuzz(func(t *testing.T, in string) {
		v, err := pyval.Parse(in)
		if err != nil {
			return
		}
		out := pyval.Compact(v)
		again, err := pyval.Parse(out)
		if err != nil {
			t.Fatalf("%q: printed as %q: %v", in, out, err)
		}
		if got := pyval.Compact(again); got != out {
			t.Errorf("got %s, want %s", got, out)
		}
	})
}
