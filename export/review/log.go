package review

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// LogName is the file that a folder of sessions keeps its decisions in.
const LogName = "decisions.jsonl"

// LogSchema is the name of the shape of a line of the log.
const LogSchema = "lvtool.decision/1"

// ErrLog says that a log of decisions is not as [Append] wrote it.
var ErrLog = errors.New("broken log of decisions")

// ErrImported says that a file of decisions is in the log already.
var ErrImported = errors.New("these decisions are in the log already")

// maxLog is the most bytes that a log may have.
const maxLog = 256 << 20

// An Entry is a line of a log of decisions: JSON with the digest of the line
// before, line feed included, so that a line that is changed, moved or taken
// out shows, but for the last: keep the digest of that one elsewhere.
type Entry struct {
	Schema string `json:"schema"` // LogSchema
	Seq    int    `json:"seq"`    // from 0
	Prev   string `json:"prev"`   // zeros in the first
	// Review is the SHA-256 of the file that the decision came in.
	Review   string `json:"review_sha256"`
	Reviewer string `json:"reviewer"`
	Blind    bool   `json:"blind"`
	Decision
}

// ReadLog reads a log and follows its chain. What does not fit is an [ErrLog],
// which names the first line that does not.
func ReadLog(data []byte) ([]Entry, error) {
	if len(data) > maxLog {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrLog, maxLog)
	}
	var entries []Entry
	prev := strings.Repeat("0", 64)
	for line := range bytes.Lines(data) {
		var e Entry
		n := len(entries)
		if !bytes.HasSuffix(line, []byte("\n")) {
			return nil, fmt.Errorf("%w: line %d does not end", ErrLog, n+1)
		}
		if err := decodeStrict(bytes.NewReader(line), maxDecisionsFile, &e); err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrLog, n+1, err)
		}
		if e.Schema != LogSchema || e.Seq != n || e.Prev != prev {
			return nil, fmt.Errorf("%w: line %d does not follow from the one before", ErrLog, n+1)
		}
		if err := e.check(); err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrLog, n+1, err)
		}
		prev = digest(line)
		entries = append(entries, e)
	}
	return entries, nil
}

// Append adds the decisions of a file to a log, and returns the log. Decisions
// are to be checked before ([Check]). A file that the log has already is an
// [ErrImported], a log whose chain is broken an [ErrLog].
func Append(log, file []byte, d *Decisions) ([]byte, error) {
	entries, err := ReadLog(log)
	if err != nil {
		return nil, err
	}
	review := digest(file)
	prev := strings.Repeat("0", 64)
	for _, e := range entries {
		if e.Review == review {
			return nil, ErrImported
		}
	}
	if at := bytes.LastIndexByte(bytes.TrimSuffix(log, []byte("\n")), '\n') + 1; len(entries) > 0 {
		prev = digest(log[at:])
	}
	out := bytes.Clone(log)
	for i, one := range d.Decisions {
		line, err := entryLine(&Entry{
			Schema: LogSchema, Seq: len(entries) + i, Prev: prev, Review: review,
			Reviewer: d.Reviewer, Blind: d.Blind, Decision: one,
		})
		if err != nil {
			return nil, err
		}
		prev = digest(line)
		out = append(out, line...)
	}
	return out, nil
}

func entryLine(e *Entry) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		return nil, fmt.Errorf("writing log of decisions: %w", err)
	}
	return b.Bytes(), nil
}
