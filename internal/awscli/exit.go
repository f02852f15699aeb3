package awscli

import "fmt"

// Exit codes of the AWS CLI.
const (
	ExitParam   = 252 // the command line or a parameter is wrong; nothing was sent
	ExitConfig  = 253 // no region or no credentials
	ExitService = 254 // the service answered with an error
	ExitGeneral = 255 // anything else
)

// Error is a failure as the CLI reports it: [Error.Report] goes to standard error, Code is the exit code.
type Error struct {
	Code    int
	Message string
}

// Error is the message as the CLI words it.
func (e *Error) Error() string { return e.Message }

// Report is the text for standard error: the CLI sets it off by an empty line.
func (e *Error) Report() string { return "\n" + e.Message + "\n" }

func failf(code int, format string, args ...any) *Error {
	return &Error{code, fmt.Sprintf(format, args...)}
}

func general(err error) *Error { return &Error{ExitGeneral, err.Error()} }

// usage heads every refusal of a command line, in the CLI's own words: scripts look for them.
const usage = `usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]
To see help text, you can run:

  aws help
  aws <command> help
  aws <command> <subcommand> help
`

func usageError(message string) *Error {
	return &Error{ExitParam, usage + "\naws: error: " + message + "\n"}
}
