package jmespath

import (
	"errors"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"github.com/lvtool/lvtool/internal/pyval"
)

var numeric = map[string]function{
	"abs":       {one("number"), false, abs},
	"avg":       {one("array-number"), false, avg},
	"ceil":      {one("number"), false, func(args []any) (any, error) { return whole(args[0], math.Ceil) }},
	"floor":     {one("number"), false, func(args []any) (any, error) { return whole(args[0], math.Floor) }},
	"sum":       {one("array-number"), false, func(args []any) (any, error) { return sum(args[0]) }},
	"to_number": {one(), false, toNumber},
}

var errTooLarge = errors.New("int too large to convert to float")

func abs(args []any) (any, error) {
	if n, ok := args[0].(*big.Int); ok {
		return new(big.Int).Abs(n), nil
	}
	return math.Abs(args[0].(float64)), nil
}

// sum adds whole numbers exactly until the first float.
func sum(list any) (any, error) {
	total, float, isFloat := new(big.Int), 0.0, false
	for _, item := range list.(*pyval.List).Items {
		n, isInt := item.(*big.Int)
		if isInt && !isFloat {
			total.Add(total, n)
			continue
		}
		if !isFloat {
			isFloat = true
			f, err := toFloat(total)
			if err != nil {
				return nil, err
			}
			float = f
		}
		f, err := toFloat(item)
		if err != nil {
			return nil, err
		}
		float += f
	}
	if isFloat {
		return float, nil
	}
	return total, nil
}

func toFloat(v any) (float64, error) {
	n, ok := v.(*big.Int)
	if !ok {
		return v.(float64), nil
	}
	f, _ := new(big.Float).SetInt(n).Float64()
	if math.IsInf(f, 0) {
		return 0, errTooLarge
	}
	return f, nil
}

func avg(args []any) (any, error) {
	n := len(args[0].(*pyval.List).Items)
	if n == 0 {
		return nil, nil
	}
	total, err := sum(args[0])
	if err != nil {
		return nil, err
	}
	f, err := toFloat(total)
	return f / float64(n), err
}

// whole rounds a float to an integer of any size.
func whole(v any, round func(float64) float64) (any, error) {
	f, ok := v.(float64)
	switch {
	case !ok:
		return v, nil
	case math.IsNaN(f):
		return nil, errors.New("cannot convert float NaN to integer")
	case math.IsInf(f, 0):
		return nil, errors.New("cannot convert float infinity to integer")
	}
	n, _ := big.NewFloat(round(f)).Int(nil)
	return n, nil
}

var (
	intText   = numberPattern(`[+-]?DIGITS`)
	floatText = numberPattern(`[+-]?(DIGITS(\.(DIGITS)?)?|\.DIGITS)([eE][+-]?DIGITS)?`)
	infText   = numberPattern(`(?i)[+-]?(inf|infinity|nan)`)
)

// numberPattern compiles a pattern of a whole text. DIGITS may have single underscores in between.
func numberPattern(pattern string) *regexp.Regexp {
	return regexp.MustCompile("^(?:" + strings.ReplaceAll(pattern, "DIGITS", "[0-9]+(?:_[0-9]+)*") + ")$")
}

// toNumber reads a number out of text as Python does: space around it, underscores between digits.
func toNumber(args []any) (any, error) {
	if actualNumber(args[0]) {
		return args[0], nil
	}
	text, ok := args[0].(string)
	if _, ref := args[0].(*expression); ref {
		return nil, failf("int() argument must be a string, a bytes-like object or a real number, not '_Expression'")
	}
	if !ok {
		return nil, nil
	}
	text = strings.TrimSpace(text)
	digits := strings.ReplaceAll(text, "_", "")
	switch {
	case intText.MatchString(text) && len(digits) <= maxNumber:
		n, _ := new(big.Int).SetString(digits, 10)
		return n, nil
	case floatText.MatchString(text), infText.MatchString(text):
		f, _ := strconv.ParseFloat(digits, 64) // out of range is infinite, as in Python
		return f, nil
	}
	return nil, nil
}
