package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

// framesOfSession is what a full result has: the reference and four others.
const framesOfSession = 5

// makeSessions writes n sessions of a size into dir and returns their files. The
// same Go release on the same kind of machine writes the same bytes.
func makeSessions(samples, dir string, s size, n int) ([]string, error) {
	frames, err := sampleFrames(samples)
	if err != nil {
		return nil, err
	}
	pictures := make([]picture, len(frames))
	for i, f := range frames {
		if pictures[i], err = f.scaled(s); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	names := make([]string, n)
	for i := range names {
		names[i] = filepath.Join(dir, fmt.Sprintf("%04d.json", i))
		d, err := takeSession(pictures, s.noise, i)
		if err != nil {
			return nil, err
		}
		if err := writeSession(names[i], d); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// takeSession returns the i-th session: the next five pictures, each with a
// noise of its own.
func takeSession(pictures []picture, noise, i int) (*document, error) {
	d := &document{
		SessionID: fmt.Sprintf("00000000-0000-4000-8000-%012d", i), Status: "SUCCEEDED", Confidence: 97.5,
	}
	for k := range framesOfSession {
		number := i*framesOfSession + k
		f, err := pictures[number%len(pictures)].shot(noise, uint64(number))
		if err != nil {
			return nil, err
		}
		if k == 0 {
			d.ReferenceImage = f
		} else {
			d.AuditImages = append(d.AuditImages, f)
		}
	}
	return d, nil
}

// writeSession writes what the AWS CLI would.
func writeSession(name string, d *document) error {
	data, err := json.MarshalIndent(d, "", "    ")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(data, '\n'), 0o666)
}

// sessions writes sessions of one set.
func (*program) sessions(flags *flag.FlagSet, args []string) error {
	samples := flags.String("samples", "samples", "the project's samples are in this `folder`")
	set := flags.String("set", "s", "`name` of the set")
	n := flags.Int("n", 1, "how many")
	dir := flags.String("o", "", "write into this `folder`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s, err := sizeOf(*set)
	if err != nil {
		return err
	}
	_, err = makeSessions(*samples, *dir, s, *n)
	return err
}
