package jmespath_test

import (
	"fmt"
	"testing"

	"github.com/lvtool/lvtool/internal/jmespath"
	"github.com/lvtool/lvtool/internal/pyval"
)

const document = `{"SessionId":"abc","Confidence":61.27,"n":3,"zero":0,"yes":true,"nul":null,"e":[],"s":"héé",
"Box":{"Width":0.5,"Height":1e-5,"Left":-0.0},"nums":[3,1.5,2],"strs":["b","a"],"nest":[[1,2],[3,[4]],5],
"Images":[{"Box":{"Left":0.3},"Name":"b"},{"Box":{"Left":0.1},"Name":"a"},{"Box":{"Left":0.2}}]}`

func data(t testing.TB) any {
	t.Helper()
	v, err := pyval.Parse(document)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestSearch holds results that were compared with those of the Python library.
func TestSearch(t *testing.T) {
	tests := []struct{ query, want string }{
		{"Confidence", `61.27`},
		{"Box", `{"Width":0.5,"Height":1e-05,"Left":-0.0}`}, // in the order it came
		{"Box.*", `[0.5,1e-05,-0.0]`},
		{"keys(Box)", `["Width","Height","Left"]`},
		{"{z:n, a:Confidence}", `{"z":3,"a":61.27}`},
		{"[n,nul]", `[3,null]`},
		{"nul.[n]", `null`},
		{"Images[].Box.Left", `[0.3,0.1,0.2]`},
		{"Images[*].Name", `["b","a"]`},
		{"Images[?Box.Left > `0.15`].Name", `["b"]`},
		{"Images[?Name].[Name,Box.Left]", `[["b",0.3],["a",0.1]]`},
		{"sort_by(Images,&Box.Left)[0].Name", `"a"`},
		{"max_by(Images,&Box.Left).Name", `"b"`},
		{"min(nums)", `1.5`},
		{"max(nums)", `3`},
		{"sum(nums)", `6.5`},
		{"sum(`[1,2]`)", `3`},
		{"avg(`[1,2]`)", `1.5`},
		{"avg(e)", `null`},
		{"nums[::-1]", `[2,1.5,3]`},
		{"nums[-2:]", `[1.5,2]`},
		{"nums[5]", `null`},
		{"nest[]", `[1,2,3,[4],5]`},
		{"nest[][]", `[1,2,3,4,5]`},
		{"nest[0][1:]", `[2]`},
		{"length(s)", `3`},
		{"reverse(s)", `"\u00e9\u00e9h"`},
		{"to_string(Box)", `"{\"Width\":0.5,\"Height\":1e-05,\"Left\":-0.0}"`},
		{"to_string(nul)", `"null"`},
		{"to_number('1_0')", `10`},
		{"to_number(' 1e3 ')", `1000.0`},
		{"to_number('x')", `null`},
		{"to_array(n)", `[3]`},
		{"ceil(Confidence)", `62`},
		{"floor(`-1.5`)", `-2`},
		{"abs(`-1`)", `1`},
		{"type(@)", `"object"`},
		{"not_null(nul, n)", `3`},
		{"merge(Box, {Left: n, X: n}).*", `[0.5,1e-05,3,3]`},
		{"join('-', strs)", `"b-a"`},
		{"map(&Name, Images)", `["b","a",null]`},
		{"contains(s, 'é')", `true`},
		{"contains(nums, `2`)", `true`},
		{"starts_with(s, 'h')", `true`},
		{"ends_with(s, 'h')", `false`},
		{"`1` == `1.0`", `true`},
		{"`1` == yes", `false`},
		{"!zero", `false`},
		{"!e", `true`},
		{"zero || n", `0`},
		{"e || n", `3`},
		{"n && e", `[]`},
		{"n > s", `error '>' not supported between instances of 'int' and 'str'`},
		{"n > nul", `null`},
		{"nums | [0]", `3`},
		{"`foo`", `"foo"`},
		{"`123456789012345678901`", `123456789012345678901`},
		{"'a\\'b'", `"a'b"`},
		{`"S\u0065ssionId"`, `"abc"`},
		{`"SessionId"`, `"abc"`},
		{"join('' strs)", `"ba"`}, // a comma may be left out
		{"length(n)", `error In function length(), invalid type for value: 3, expected one of: ` +
			`['string', 'array', 'object'], received: "number"`},
		{"sum(strs)", `error In function sum(), invalid type for value: b, ` +
			`expected one of: ['array-number'], received: "str"`},
		{"abs()", `error Expected 1 argument for function abs(), received 0`},
		{"not_null()", `error Expected at least 1 argument for function not_null(), received 0`},
		{"bogus(@)", `error Unknown function: bogus()`},
		{"nums[::0]", `error slice step cannot be zero`},
		{"sort_by(Images,&Name)", `error In function sort_by(), invalid type for value: None, ` +
			`expected one of: ['string'], received: "null"`},
		{"&n", `error an expression reference (&) is an argument for functions, not a result`},
		{"[&n]", `error an expression reference (&) is an argument for functions, not a result`},
	}
	value := data(t)
	for _, test := range tests {
		query, err := jmespath.Compile(test.query)
		if err != nil {
			t.Errorf("%s: %v", test.query, err)
			continue
		}
		result, err := query.Search(value)
		got := pyval.Compact(result)
		if err != nil {
			got = "error " + err.Error()
		}
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.query, got, test.want)
		}
	}
}

func TestCompileErrors(t *testing.T) {
	tests := []struct{ query, want string }{
		{"", "Invalid JMESPath expression: cannot be empty."},
		{"[", "Invalid jmespath expression: Incomplete expression:\n\"[\"\n  ^"},
		{"a b", "Unexpected token: b: Parse error at column 2, token \"b\" (UNQUOTED_IDENTIFIER), " +
			"for expression:\n\"a b\"\n   ^"},
		{"é", "Bad jmespath expression: Unknown token é:\né\n^"},
		{"a = b", "Bad jmespath expression: Unknown token '=':\na = b\n  ^"},
		{"'a", "Bad jmespath expression: Unclosed ' delimiter:\n'a\n^"},
		{"a.", "Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: eof: " +
			"Parse error at column 2, token \"\" (EOF), for expression:\n\"a.\"\n   ^"},
		{"a[?b", "Invalid jmespath expression: Incomplete expression:\n\"a[?b\"\n     ^"},
		{"a[0:1:2:3]", "syntax error: Parse error at column 7, token \":\" (COLON), " +
			"for expression:\n\"a[0:1:2:3]\"\n        ^"},
	}
	for _, test := range tests {
		_, err := jmespath.Compile(test.query)
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: got %v, want %s", test.query, err, test.want)
		}
	}
}

// TestIdentity holds that a query returns what it found, not a copy: YAML output depends on it.
func TestIdentity(t *testing.T) {
	query, err := jmespath.Compile("[Box, @.Box]")
	if err != nil {
		t.Fatal(err)
	}
	result, err := query.Search(data(t))
	if err != nil {
		t.Fatal(err)
	}
	items := result.(*pyval.List).Items
	if items[0] != items[1] {
		t.Error("got two objects, want one twice")
	}
}

// FuzzSearch asserts that no expression panics or hangs, and that a result prints the same twice.
func FuzzSearch(f *testing.F) {
	for _, seed := range []string{
		"sort_by(Images,&Box.Left)[].Name", "nums[::-1]", "{a:n,b:[@]}", "`[1,2]` | [0]", "a.b[?c=='d'] || !e", "((((",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		query, err := jmespath.Compile(expression)
		if err != nil {
			return
		}
		first, err1 := query.Search(data(t))
		second, err2 := query.Search(data(t))
		if got, want := fmt.Sprint(pyval.Compact(second), err2), fmt.Sprint(pyval.Compact(first), err1); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

func ExampleQuery_Search() {
	value, err := pyval.Parse(`{"Status":"SUCCEEDED","Confidence":97.50}`)
	if err != nil {
		panic(err)
	}
	query, err := jmespath.Compile("[Status, Confidence]")
	if err != nil {
		panic(err)
	}
	result, err := query.Search(value)
	fmt.Println(pyval.Compact(result), err)
	// Output: ["SUCCEEDED",97.5] <nil>
}
