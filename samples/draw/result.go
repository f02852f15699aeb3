package main

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// A result is a session as `aws rekognition get-face-liveness-session-results`
// prints it: the fields in the CLI's order.
type result struct {
	SessionID      string      `json:"SessionId"`
	Status         string      `json:"Status"`
	Confidence     *number     `json:"Confidence,omitempty"`
	ReferenceImage *auditImage `json:"ReferenceImage,omitempty"`
	// A nil list is left out, an empty one is written.
	AuditImages []auditImage `json:"AuditImages,omitzero"`
	Challenge   *challenge   `json:"Challenge,omitempty"`
	Feedback    []feedback   `json:"Feedback,omitzero"`
	Metadata    *metadata    `json:"Metadata,omitempty"`
}

// An auditImage is an image, inline or in S3, and where its face lies.
type auditImage struct {
	Bytes       []byte    `json:"Bytes,omitempty"`
	S3Object    *s3Object `json:"S3Object,omitempty"`
	BoundingBox *box      `json:"BoundingBox,omitempty"`
}

type s3Object struct {
	Bucket  string `json:"Bucket"`
	Name    string `json:"Name"`
	Version string `json:"Version,omitempty"`
}

// A box is a rectangle in ratios of the upright image.
type box struct {
	Width  number `json:"Width"`
	Height number `json:"Height"`
	Left   number `json:"Left"`
	Top    number `json:"Top"`
}

type challenge struct {
	Type    string `json:"Type"`
	Version string `json:"Version"`
}

type feedback struct {
	Code    string `json:"Code"`
	Message string `json:"Message"`
}

type metadata struct {
	SDKType string `json:"SDKType"`
}

// A number is a float32 of the service. The CLI reads it as a float64 and
// prints that one's shortest form: 97.3 becomes 97.30000305175781.
type number float32

// MarshalJSON writes n as Python does.
func (n number) MarshalJSON() ([]byte, error) { //nolint:unparam // as json.Marshaler wants it
	s := strconv.FormatFloat(float64(n), 'g', -1, 64)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return []byte(s), nil
}

// encode returns the file that the CLI's output would be.
func (r *result) encode() ([]byte, error) {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	e.SetIndent("", "    ")
	if err := e.Encode(r); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}
