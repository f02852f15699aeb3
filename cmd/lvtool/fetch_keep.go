package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/lvtool/lvtool/decode/rekognition"
	"github.com/lvtool/lvtool/internal/awscli"
)

// evidence is what --evidence writes: who answered what, when, to whom. It holds no image and no
// secret. There is no time of this machine in it: the date is the service's.
type evidence struct {
	Schema      string       `json:"schema"`
	Operation   string       `json:"operation"`
	SessionID   string       `json:"session_id"` // asked for
	Status      string       `json:"session_status,omitempty"`
	Endpoint    string       `json:"endpoint"`
	Region      string       `json:"region"`
	AccessKeyID string       `json:"access_key_id,omitempty"`
	HTTPStatus  int          `json:"http_status"`
	RequestID   string       `json:"request_id"`
	Date        string       `json:"date"`
	Attempts    int          `json:"attempts"`
	Body        evidenceBody `json:"body"`
	Tool        evidenceTool `json:"tool"`
}

type evidenceBody struct {
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

type evidenceTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Go      string `json:"go"`
}

// keep writes the files that --raw and --evidence ask for; an empty name asks for none.
func (f *fetch) keep(id string, answer *rekognition.Answer, raw, record string) error {
	if raw != "" {
		if err := writeWhole(raw, answer.Body); err != nil {
			return err
		}
	}
	if record == "" {
		return nil
	}
	_, status := answer.Session()
	text, err := json.MarshalIndent(evidence{
		Schema:      "lvtool.fetch/1",
		Operation:   "rekognition:" + awscli.Operation,
		SessionID:   id,
		Status:      status,
		Endpoint:    answer.Endpoint,
		Region:      answer.Region,
		AccessKeyID: answer.AccessKeyID,
		HTTPStatus:  answer.HTTPStatus,
		RequestID:   answer.RequestID,
		Date:        answer.Date,
		Attempts:    answer.Attempts,
		Body:        evidenceBody{len(answer.Body), answer.SHA256()},
		Tool:        evidenceTool{"lvtool", version, runtime.Version()},
	}, "", "  ")
	if err != nil {
		return err
	}
	return writeWhole(record, append(text, '\n'))
}

// writeWhole writes a file whole or not at all.
func writeWhole(name string, content []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(name), ".lvtool-*")
	if err != nil {
		return fmt.Errorf("%s: %w", name, unwrapPath(err))
	}
	_, err = temporary.Write(content)
	err = errors.Join(err, temporary.Sync(), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), name)
	}
	if err != nil {
		_ = os.Remove(temporary.Name()) // the first error says why
		return fmt.Errorf("%s: %w", name, unwrapPath(err))
	}
	return nil
}
