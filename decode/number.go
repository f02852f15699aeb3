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

// Rat returns n's exact value. It fails with [ErrNumber] where n is absent, not
// finite, not a decimal number, or too long or too large to be a measure of
// anything (more than 400 digits, or an exponent beyond ±400).
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

func (n Number) bounded() bool { panic("contract") }
