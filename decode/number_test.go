package decode_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/decode"
)

func TestNumber(t *testing.T) {
	nines := strings.Repeat("9", 400)
	for _, tt := range []struct {
		n, rat, json string
	}{
		{"0.285", "57/200", "0.285"},
		{"-1e-3", "-1/1000", "-1e-3"},
		{"1E+2", "100", "1E+2"},
		{"0", "0", "0"},
		{"-0.0", "0", "-0.0"},
		{nines, nines, nines},
		{"1e400", "1" + strings.Repeat("0", 400), "1e400"},
		{"1e0000000000000000000000000001", "10", "1e0000000000000000000000000001"},
		{"", "", "null"},
		{"NaN", "", `"NaN"`},
		{"Infinity", "", `"Infinity"`},
		{"-Infinity", "", `"-Infinity"`},
		{"1e401", "", `"1e401"`},
		{"1e-401", "", `"1e-401"`},
		{"1e1000000000", "", `"1e1000000000"`},
		{"1e99999999999999999999", "", `"1e99999999999999999999"`},
		{nines + "9", "", `"` + nines + `9"`},
		{"0." + nines, "", `"0.` + nines + `"`},
		{"1/3", "", `"1/3"`},
		{"0x10", "", `"0x10"`},
		{"01", "", `"01"`},
		{"1_000", "", `"1_000"`},
		{"+1", "", `"+1"`},
		{".5", "", `".5"`},
		{"1.", "", `"1."`},
		{"1e", "", `"1e"`},
		{"1e+", "", `"1e+"`},
		{"-", "", `"-"`},
		{" 1", "", `" 1"`},
		{"1 ", "", `"1 "`},
	} {
		r, err := decode.Number(tt.n).Rat()
		got := ""
		if err == nil {
			got = r.RatString()
		}
		if got != tt.rat || (err != nil) != errors.Is(err, decode.ErrNumber) {
			t.Errorf("%.40q: got %.40s, %v; want %.40s", tt.n, got, err, tt.rat)
		}
		out, err := json.Marshal(decode.Number(tt.n))
		if err != nil || string(out) != tt.json {
			t.Errorf("%.40q: marshals to %.40s, %v; want %.40s", tt.n, out, err, tt.json)
		}
	}
}

// What any decimal number says is what Rat returns, exactly.
func TestNumberExact(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		mantissa, shift := rnd.Int64()-rnd.Int64(), rnd.IntN(30)
		n := decode.Number(big.NewInt(mantissa).String() + "e-" + big.NewInt(int64(shift)).String())
		got, err := n.Rat()
		if err != nil {
			t.Fatal(err)
		}
		power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(shift)), nil)
		want := new(big.Rat).SetFrac(big.NewInt(mantissa), power)
		if got.Cmp(want) != 0 {
			t.Fatalf("%s: got %v, want %v", n, got, want)
		}
	}
}

func TestNumberMemory(t *testing.T) {
	_, bytes := measured(func() error {
		_, err := decode.Number("1e1000000000").Rat()
		return err
	})
	if bytes > 1<<16 {
		t.Errorf("%d bytes were allocated for 1e1000000000", bytes)
	}
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"0.285", "-1e-3", "1e400", "NaN", "", "1e", "00", "1/3", strings.Repeat("1", 401)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := decode.Number(s)
		out, err := json.Marshal(n)
		if err != nil || !json.Valid(out) {
			t.Fatalf("%q marshals to %s, %v", s, out, err)
		}
		r, err := n.Rat()
		if err != nil {
			if r != nil || !errors.Is(err, decode.ErrNumber) {
				t.Fatalf("%q: %v, %v", s, r, err)
			}
			return
		}
		if string(out) != s {
			t.Fatalf("%q has changed its digits to %s", s, out)
		}
		if bits := r.Num().BitLen() + r.Denom().BitLen(); bits > 6000 {
			t.Fatalf("%q takes %d bits", s, bits)
		}
	})
}
