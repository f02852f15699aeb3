// Package pyval holds JSON values the way the AWS CLI, a Python program, holds them: whole numbers
// of any size apart from floats, objects in the order they came in, and lists and objects that
// remember who they are (YAML output marks one that appears twice).
//
// A value is nil, bool, *big.Int, float64, string, [*List] or [*Dict]. Strings may hold surrogate
// halves, which JSON can spell and UTF-8 cannot: they are kept as three bytes each, and [CheckText]
// finds them before they are written.
package pyval
