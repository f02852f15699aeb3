package decode_test

import (
	"encoding/json"
	"testing"

	"github.com/lvtool/lvtool/decode"
)

// Numbers keep their digits on the way out and back.
func TestNumberJSON(t *testing.T) {
	for _, tt := range []struct {
		n    decode.Number
		want string
	}{
		{"0.2850", "0.2850"},
		{"-1E-3", "-1E-3"},
		{"", "null"},
		{"NaN", `"NaN"`},
		{`a"b`, `"a\"b"`},
	} {
		data, err := json.Marshal(tt.n)
		if err != nil || string(data) != tt.want {
			t.Errorf("%q: got %s, %v, want %s", tt.n, data, err, tt.want)
			continue
		}
		got := decode.Number("before")
		if err := json.Unmarshal(data, &got); err != nil || got != tt.n {
			t.Errorf("%s: got %q, %v, want %q", data, got, err, tt.n)
		}
	}
	for _, bad := range []string{"true", "[1]", "{}", "1e401"} {
		n := decode.Number("before")
		if err := json.Unmarshal([]byte(bad), &n); err == nil || n != "before" {
			t.Errorf("%s: got %q, %v, want an error", bad, n, err)
		}
	}
}
