package decode

import (
	"encoding/json"
	"fmt"
	"math/big"
)

// Number is a number with the digits it was written with, such as "0.285" or
// "-1e-3", or one of the strings that the service writes in place of a number:
// "NaN", "Infinity" and "-Infinity". The empty Number means that there was
// none.
type Number string

// The most digits, and the most that an exponent may be off zero, that a
// [Number] may have to be used.
const (
	maxDigits   = 400
	maxExponent = 400
)

// Rat returns n's exact value. It fails with [ErrNumber] where n is absent, not
// finite, not a decimal number as JSON writes them, or too long or too large
// to be a measure of anything: more than 400 digits, or an exponent beyond
// ±400.
func (n Number) Rat() (*big.Rat, error) {
	if !n.bounded() {
		return nil, fmt.Errorf("%w: %.40q", ErrNumber, string(n))
	}
	r, ok := new(big.Rat).SetString(string(n))
	if !ok {
		return nil, fmt.Errorf("%w: %.40q", ErrNumber, string(n))
	}
	return r, nil
}

// MarshalJSON writes n as it was written: the same digits for a number, a
// string for anything else, null for none.
func (n Number) MarshalJSON() ([]byte, error) {
	switch {
	case n == "":
		return []byte("null"), nil
	case n.bounded():
		return []byte(n), nil
	}
	return json.Marshal(string(n))
}

// bounded reports whether n is a number of the JSON grammar (RFC 8259, section
// 6) whose value takes little memory.
func (n Number) bounded() bool {
	s := string(n)
	if s != "" && s[0] == '-' {
		s = s[1:]
	}
	whole := digits(s)
	if whole == 0 || whole > 1 && s[0] == '0' {
		return false
	}
	s = s[whole:]
	fraction := 0
	if s != "" && s[0] == '.' {
		if fraction = digits(s[1:]); fraction == 0 {
			return false
		}
		s = s[1+fraction:]
	}
	return whole+fraction <= maxDigits && (s == "" || boundedExponent(s))
}

// boundedExponent reports whether s is the exponent of a number, e and all,
// and not beyond ±maxExponent.
func boundedExponent(s string) bool {
	if s[0] != 'e' && s[0] != 'E' {
		return false
	}
	s = s[1:]
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	if s == "" || digits(s) != len(s) {
		return false
	}
	value := 0
	for _, c := range []byte(s) {
		if value = 10*value + int(c-'0'); value > maxExponent {
			return false
		}
	}
	return true
}

// digits returns how many decimal digits s starts with.
func digits(s string) int {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return i
		}
	}
	return len(s)
}
