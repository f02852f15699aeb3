package custody

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Labels of the fields of bag-info.txt that hold a log.
const (
	HeadLabel   = "Custody-Log-Head"
	LengthLabel = "Custody-Log-Length"
)

// A Kind is what was done: a label of the PREMIS event type vocabulary
// (https://id.loc.gov/vocabulary/preservation/eventType).
type Kind string

// The kinds that lvtool writes; [Log.Add] takes others too.
const (
	Capture                     Kind = "capture"
	Ingestion                   Kind = "ingestion"
	MessageDigestCalculation    Kind = "message digest calculation"
	FixityCheck                 Kind = "fixity check"
	MetadataExtraction          Kind = "metadata extraction"
	Creation                    Kind = "creation"
	Modification                Kind = "modification"
	Rendering                   Kind = "rendering"
	Redaction                   Kind = "redaction"
	InformationPackageCreation  Kind = "information package creation"
	Packing                     Kind = "packing"
	DigitalSignatureGeneration  Kind = "digital signature generation"
	DigitalSignatureValidation  Kind = "digital signature validation"
	Encryption                  Kind = "encryption"
	Dissemination               Kind = "dissemination"
	Transfer                    Kind = "transfer"
	Deletion                    Kind = "deletion"
	InformationPackageSplitting Kind = "information package splitting"
)

// An Event is a line of a log.
type Event struct {
	// Agent is who or what did it, such as lvtool/0.1.0.
	Agent string `json:"agent"`
	// Detail says more, as JSON without needless spaces; nil where nothing.
	Detail json.RawMessage `json:"detail,omitempty"`
	// Event is what was done.
	Event Kind `json:"event"`
	// Object is what it was done to: a file of the bag, or a digest with its
	// algorithm before a colon.
	Object string `json:"object"`
	// Prev is the digest of the line before, in hexadecimal; zeros in the first.
	Prev string `json:"prev"`
	// Seq is the number of the line, from 0.
	Seq int `json:"seq"`
	// Time is when, in UTC.
	Time time.Time `json:"time"`
}

// ErrEvent says that an event cannot be logged.
var ErrEvent = errors.New("unusable event")

// start is what the first line has in place of a digest.
var start = strings.Repeat("0", 2*sha256.Size)

// A Log is a chain of events.
type Log struct {
	head string
	len  int
	data []byte
}

// New begins a log.
func New() *Log { return &Log{head: start} }

// Continue begins a log that goes on after the head of another with length
// lines. It returns an [ErrEvent] for what cannot be a head.
func Continue(head string, length int) (*Log, error) {
	if !isDigest(head) || length < 1 {
		return nil, fmt.Errorf("%w: %+.80q with %d lines is no head of a log", ErrEvent, head, length)
	}
	return &Log{head: head, len: length}, nil
}

func isDigest(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == sha256.Size && s == strings.ToLower(s)
}

// Add adds an event at a time, of which whole seconds are kept.
func (l *Log) Add(at time.Time, agent string, kind Kind, object string) error {
	return l.Append(Event{Agent: agent, Event: kind, Object: object, Time: at})
}

// Append adds an event, whose Prev and Seq it sets, and of whose time whole
// seconds are kept.
func (l *Log) Append(e Event) error {
	e.Prev, e.Seq, e.Time = l.head, l.len, e.Time.UTC().Truncate(time.Second)
	if err := e.check(); err != nil {
		return fmt.Errorf("%w: %v", ErrEvent, err)
	}
	line, err := e.line()
	if err != nil {
		return fmt.Errorf("%w: %v", ErrEvent, err)
	}
	l.data = append(slices.Clip(l.data), line...)
	l.head = digest(line)
	l.len++
	return nil
}

var (
	errNameless = errors.New("no agent, kind or time")
	errZone     = errors.New("a time not in UTC, or with parts of seconds")
)

// check reports why e is no event that a log holds.
func (e *Event) check() error {
	switch {
	case e.Agent == "" || e.Event == "" || e.Time.IsZero():
		return errNameless
	case e.Time != e.Time.UTC().Truncate(time.Second):
		return errZone
	}
	return nil
}

// line returns e as it stands in a log.
func (e *Event) line() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(e)
	return b.Bytes(), err
}

func digest(line []byte) string {
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:])
}

// Bytes returns the lines of the log, without those of the log it continues.
func (l *Log) Bytes() []byte { return l.data }

// Head returns the digest of the last line.
func (l *Log) Head() string { return l.head }

// Len returns the number of lines, with those of the log it continues.
func (l *Log) Len() int { return l.len }
