package jmespath

import (
	"fmt"
	"strings"

	"github.com/lvtool/lvtool/internal/pyval"
)

// kind is the type of a token, named as in the CLI's error texts.
type kind string

const (
	tEOF        kind = "eof"
	tUnquoted   kind = "unquoted_identifier"
	tQuoted     kind = "quoted_identifier"
	tLiteral    kind = "literal"
	tNumber     kind = "number"
	tDot        kind = "dot"
	tStar       kind = "star"
	tLeftSq     kind = "lbracket"
	tRightSq    kind = "rbracket"
	tComma      kind = "comma"
	tColon      kind = "colon"
	tCurrent    kind = "current"
	tLeftParen  kind = "lparen"
	tRightParen kind = "rparen"
	tLeftBrace  kind = "lbrace"
	tRightBrace kind = "rbrace"
	tFlatten    kind = "flatten"
	tFilter     kind = "filter"
	tOr         kind = "or"
	tPipe       kind = "pipe"
	tAnd        kind = "and"
	tExpref     kind = "expref"
	tNot        kind = "not"
	tEq         kind = "eq"
	tNe         kind = "ne"
	tLt         kind = "lt"
	tLte        kind = "lte"
	tGt         kind = "gt"
	tGte        kind = "gte"
)

// token is a piece of an expression; start counts code points.
type token struct {
	kind  kind
	value any
	start int
}

// power says how strongly a token binds what stands to its left.
func (k kind) power() int {
	switch k {
	case tPipe:
		return 1
	case tOr:
		return 2
	case tAnd:
		return 3
	case tEq, tNe, tLt, tLte, tGt, tGte:
		return 5
	case tFlatten:
		return 9
	case tStar:
		return 20
	case tFilter:
		return 21
	case tDot:
		return 40
	case tNot:
		return 45
	case tLeftBrace:
		return 50
	case tLeftSq:
		return 55
	case tLeftParen:
		return 60
	}
	return 0
}

// parseError is an expression with a token that does not fit.
type parseError struct {
	expression string
	token      token
	message    string
}

func (e *parseError) Error() string {
	return fmt.Sprintf("%s: Parse error at column %d, token \"%s\" (%s), for expression:\n\"%s\"\n%s^",
		e.message, e.token.start, pyval.Str(e.token.value), strings.ToUpper(string(e.token.kind)),
		e.expression, strings.Repeat(" ", e.token.start+1))
}

// incompleteError is an expression that ends too early.
type incompleteError struct {
	expression string
}

func (e *incompleteError) Error() string {
	return fmt.Sprintf("Invalid jmespath expression: Incomplete expression:\n\"%s\"\n%s^",
		e.expression, strings.Repeat(" ", len(pyval.Runes(e.expression))+1))
}

// lexError is a character that starts no token, or a token without an end.
type lexError struct {
	expression string
	start      int
	message    string
}

func (e *lexError) Error() string {
	return fmt.Sprintf("Bad jmespath expression: %s:\n%s\n%s^",
		e.message, e.expression, strings.Repeat(" ", e.start))
}
