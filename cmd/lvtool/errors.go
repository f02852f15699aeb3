package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"unicode"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
)

// The exit codes. They are part of the command line's contract.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitVerify      = 3
	exitSomeFailed  = 4
	exitGate        = 5
	exitConfig      = 64 // batch work alone: what it was told is wrong
	exitData        = 65 // batch work alone: what it was given is damaged, or all of it unreadable
	exitAgain       = 75 // batch work alone: interrupted, or something failed that may work later
	exitInterrupted = 130
)

// An exitError ends the program with a code. Its err may be nil where all has
// been said already.
type exitError struct {
	code int
	err  error
	hint string
	// said says that nothing is left to be said of it.
	said bool
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

func usageError(format string, args ...any) *exitError {
	return &exitError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

func exitCode(err error) int {
	if err == nil {
		return exitDone
	}
	if e, ok := errors.AsType[*exitError](err); ok {
		return e.code
	}
	return exitFailed
}

// report writes the one line that says why the program ends, and a second with
// what to do about it.
func report(w io.Writer, err error) {
	e, ok := errors.AsType[*exitError](err)
	switch {
	case err == nil, ok && e.said, ok && e.err == nil && e.code != exitInterrupted:
		return
	case ok && e.code == exitInterrupted:
		sayf(w, "lvtool: interrupted")
		return
	}
	complain(w, err, hintOf(err))
}

// hintOf returns the hint that an error brings along.
func hintOf(err error) string {
	e, ok := errors.AsType[*exitError](err)
	if ok && e.hint == "" && e.code == exitUsage {
		return "see lvtool help"
	}
	if !ok {
		return ""
	}
	return e.hint
}

// complain writes an error and, where there is one, a hint.
func complain(w io.Writer, err error, hint string) {
	sayf(w, "lvtool: %v", err)
	if hint == "" {
		hint = advice(err)
	}
	if hint != "" {
		sayf(w, "  hint: %s", hint)
	}
}

// advice says what to do about an error that the libraries report, where that
// means something on the command line.
func advice(err error) string {
	if l, ok := errors.AsType[*decode.LimitError](err); ok {
		return fmt.Sprintf("if the input can be trusted, raise the limit with --%s", limitFlag(l.Limit))
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return "make room; the same command again goes on from here"
	}
	return cmp.Or(fetchAdvice(err), s3source.Advice(err))
}

// adviceOn says what to do about a problem in a report.
func adviceOn(code string) string { return cmp.Or(problemAdvice[code], s3source.AdviceOn(code)) }

// problemAdvice says what to do about a problem in a report, by its code, where
// an option of the command line helps.
var problemAdvice = map[string]string{
	"not_found": "check the key, and that the object was not deleted; with --s3-root, that it was copied",
	"s3_no_credentials": "run aws configure or aws sso login, or set AWS_PROFILE; a public bucket: --no-sign-request;" +
		" a copy of the bucket: --s3-root DIR",
	"too_large":     "if the input can be trusted, raise the limit with a --max option",
	"box_in_pixels": "give --box-unit ratio if they are ratios, or --box-unit pixel to say that they are pixels",
}

// sayf writes one line for people. What comes from the input must not move the
// cursor, colour the terminal or fake a line, so whatever would not print as
// itself is written as an escape.
func sayf(w io.Writer, format string, args ...any) {
	fmt.Fprintln(w, printable(fmt.Sprintf(format, args...)))
}

// printable returns s with everything that is not a graphic character, or that
// changes the direction of text, as an escape like \x1b or \u202e.
func printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strings.Trim(fmt.Sprintf("%+q", string(r)), `"`))
	}
	return b.String()
}
