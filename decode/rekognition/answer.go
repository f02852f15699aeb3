package rekognition

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Statuses of a session.
const (
	Created    = "CREATED"
	InProgress = "IN_PROGRESS"
	Succeeded  = "SUCCEEDED" // completed: it says nothing about the confidence
	Failed     = "FAILED"
	Expired    = "EXPIRED"
)

// Answer is what the service sent, and what is known about the sending.
type Answer struct {
	Body       []byte // exactly as sent
	HTTPStatus int
	RequestID  string // header x-amzn-requestid
	Date       string // header Date, as sent: the only time there is
	QueryError string // header x-amzn-query-error, which some errors carry

	Endpoint    string // URL that answered
	Region      string // region the request was signed for
	AccessKeyID string // id of the key that signed it; empty: not signed
	Attempts    int    // requests sent
	MaxAttempts int    // requests that would have been sent at most
}

// SHA256 is the digest of the body in hexadecimal.
func (a *Answer) SHA256() string {
	sum := sha256.Sum256(a.Body)
	return hex.EncodeToString(sum[:])
}

// Session reads the session's id and status out of the body; both are empty where it has none.
func (a *Answer) Session() (id, status string) {
	var body struct {
		SessionID any `json:"SessionId"`
		Status    any
	}
	if json.Unmarshal(a.Body, &body) != nil {
		return "", ""
	}
	id, _ = body.SessionID.(string)
	status, _ = body.Status.(string)
	return id, status
}

// Ended says whether the session's status is one that does not change any more.
func (a *Answer) Ended() bool {
	switch _, status := a.Session(); status {
	case Succeeded, Failed, Expired:
		return true
	}
	return false
}

func (a *Answer) check() error {
	if id, status := a.Session(); id == "" || status == "" {
		return fmt.Errorf("%w: HTTP status %d, %d bytes", ErrIncomplete, a.HTTPStatus, len(a.Body))
	}
	return nil
}
