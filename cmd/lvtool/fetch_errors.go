package main

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/lvtool/lvtool/decode/rekognition"
	"github.com/lvtool/lvtool/internal/awscli"
	"github.com/lvtool/lvtool/internal/awsconf"
)

// refuse is an error in the words of the AWS CLI.
func refuse(code int, format string, args ...any) error {
	return &awscli.Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// asCLI is an error with the code and in the words of the AWS CLI, where it has any.
func asCLI(err error) *awscli.Error {
	if failure, ok := errors.AsType[*awscli.Error](err); ok {
		return failure
	}
	code, message := awscli.ExitGeneral, err.Error()
	switch {
	case errors.Is(err, awsconf.ErrNoCredentials):
		code = awscli.ExitConfig
		message = `Unable to locate credentials. You can configure credentials by running "aws configure".`
	default:
		if transport, ok := errors.AsType[*rekognition.TransportError](err); ok {
			message = transportText(transport)
		}
		message = strings.ToUpper(message[:1]) + message[1:]
	}
	return &awscli.Error{Code: code, Message: message}
}

// answerError is the error of an answer that is not a success.
func answerError(answer *rekognition.Answer, err error) error {
	failure := awscli.ServiceError(awscli.Response{
		Status:      answer.HTTPStatus,
		QueryError:  answer.QueryError,
		Body:        answer.Body,
		Attempts:    answer.Attempts,
		MaxAttempts: answer.MaxAttempts,
	})
	if failure == nil { // a success, but the wait for the session's end was over
		return err
	}
	return errors.Join(failure, err) // the second for the hint
}

func transportText(e *rekognition.TransportError) string {
	switch e.Reason {
	case rekognition.Unreachable:
		return fmt.Sprintf(`Could not connect to the endpoint URL: "%s"`, e.Endpoint)
	case rekognition.ConnectTimeout:
		return fmt.Sprintf(`Connect timeout on endpoint URL: "%s"`, e.Endpoint)
	case rekognition.ReadTimeout:
		return fmt.Sprintf(`Read timeout on endpoint URL: "%s"`, e.Endpoint)
	case rekognition.Closed:
		return fmt.Sprintf("Connection was closed before we received a valid response "+
			`from endpoint URL: "%s".`, e.Endpoint)
	case rekognition.Untrusted:
		return fmt.Sprintf("SSL validation failed for %s %v", e.Endpoint, e.Err)
	}
	return fmt.Sprintf("An HTTP Client raised an unhandled exception: %v", e.Err)
}

// fetchAdvice says what to do about an error. People see it; scripts get the AWS CLI's words alone.
func fetchAdvice(err error) string {
	transport, _ := errors.AsType[*rekognition.TransportError](err)
	switch {
	case errors.Is(err, rekognition.ErrNotFound):
		return "results last three minutes from the session's creation; is --region the session's?"
	case errors.Is(err, rekognition.ErrDenied):
		return "allow rekognition:GetFaceLivenessSessionResults; a region without Face Liveness answers this too"
	case errors.Is(err, rekognition.ErrThrottled):
		return "wait and try again, or set AWS_MAX_ATTEMPTS higher"
	case errors.Is(err, rekognition.ErrExpired):
		return "get new credentials; check the clock of this machine"
	case errors.Is(err, rekognition.ErrInvalid):
		return "a session id is 36 characters, lower-case hexadecimal with dashes"
	case errors.Is(err, rekognition.ErrNotEnded):
		return "the session goes on: wait longer with --wait-timeout"
	case transport != nil && transport.Reason == rekognition.Untrusted:
		return "name the authority of the certificate with --ca-bundle FILE"
	case transport != nil && transport.Reason == rekognition.Unreachable:
		return "check --region, --endpoint-url and the network"
	}
	return ""
}

// harmless keeps the lines of a text and escapes what could move the cursor of a terminal.
func harmless(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) {
			lines[i] = printable(line)
		}
	}
	return strings.Join(lines, "\n")
}
