package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/lvtool/lvtool/decode/rekognition"
	"github.com/lvtool/lvtool/internal/awscli"
	"github.com/lvtool/lvtool/internal/pipeline"
	"github.com/lvtool/lvtool/internal/pyval"
)

// fetchWorkers is how many sessions are asked for at a time. The rate is what protects the service.
const fetchWorkers = 8

// fetched is what became of one session: its line, or why there is none.
type fetched struct {
	id   string
	line []byte
	err  error
}

// many fetches several sessions side by side and prints a line of JSON for each that came, in the
// order of the ids. Those that did not come are told on standard error, and the others go on.
func (f *fetch) many(ctx context.Context, ids []string) error {
	if o := f.options.Output; o != "" && o != "json" {
		return refuse(awscli.ExitParam, "Several sessions are printed as lines of JSON: leave out --output %s", o)
	}
	client, err := f.client(ctx, f.makeFolders)
	if err != nil {
		return err
	}
	pace := time.NewTicker(time.Duration(float64(time.Second) / f.settings.rate))
	defer pace.Stop()
	code, failed := 0, 0
	for result := range pipeline.Map(ctx, fetchWorkers, ids, func(ctx context.Context, i int, id string) fetched {
		if i > 0 {
			select {
			case <-pace.C:
			case <-ctx.Done():
			}
		}
		line, err := f.line(ctx, client, id)
		return fetched{id, line, err}
	}) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if result.err == nil {
			result.err = f.print(string(result.line))
			if result.err != nil {
				return result.err
			}
			continue
		}
		failed++
		failure := asCLI(result.err)
		if code == 0 || failure.Code == awscli.ExitGeneral {
			code = failure.Code
		}
		complain(f.err, fmt.Errorf("%s: %w", result.id, failure), fetchAdvice(result.err))
	}
	if failed == 0 {
		return nil
	}
	sayf(f.err, "lvtool: %d of %d sessions fetched, %d failed", len(ids)-failed, len(ids), failed)
	return &exitError{code: code}
}

// makeFolders makes the folders of --raw and --evidence.
func (f *fetch) makeFolders() error {
	for _, dir := range []string{f.options.Raw, f.options.Evidence} {
		if dir == "" {
			continue
		}
		if err := os.MkdirAll(dir, folderMode); err != nil {
			return fmt.Errorf("%s: %w", dir, unwrapPath(err))
		}
	}
	return nil
}

// line fetches one session and makes a line of what was sent, the digits as they came, or of what the
// query selects.
func (f *fetch) line(ctx context.Context, client *rekognition.Client, id string) ([]byte, error) {
	answer, err := f.ask(ctx, client, id)
	if answer == nil {
		return nil, err
	}
	raw, record := f.files(id)
	if keepErr := f.keep(id, answer, raw, record); keepErr != nil {
		return nil, keepErr
	}
	if err != nil {
		return nil, answerError(answer, err)
	}
	if f.settings.query == nil {
		var line bytes.Buffer
		if err := json.Compact(&line, answer.Body); err != nil {
			return nil, err
		}
		line.WriteByte('\n')
		return line.Bytes(), nil
	}
	results, err := awscli.Results(answer.Body)
	if err != nil {
		return nil, err
	}
	selected, err := f.settings.query.Search(results)
	if err != nil {
		return nil, err
	}
	text := pyval.Line(selected)
	return []byte(text + "\n"), pyval.CheckText(text)
}

// files is where the answer and the record of one of several sessions go. Ids are checked when they
// are read: they are safe as names.
func (f *fetch) files(id string) (raw, record string) {
	if f.options.Raw != "" {
		raw = filepath.Join(f.options.Raw, id+".json")
	}
	if f.options.Evidence != "" {
		record = filepath.Join(f.options.Evidence, id+".evidence.json")
	}
	return raw, record
}
