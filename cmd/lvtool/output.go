package main

import (
	"context"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// markFile is written last to a session's folder: a folder that has it is
// whole.
const markFile = "report.json"

// A target is where a command's files go: a folder of this machine, or a prefix
// in S3. Several goroutines may use it at once, for folders of different names.
type target interface {
	// stage begins the folder of a session.
	stage(name string) (stage, error)
	// forced returns the target such that it overwrites what is in S3.
	forced() target
	// existing returns the report.json of the folder name. It is nil where there
	// is no such folder, or none that lvtool made and finished.
	existing(ctx context.Context, name string) ([]byte, error)
	// check reports, as an error, what is missing of the files that the report of
	// the folder name lists: by their sizes, or, where deep is set, by their
	// digests.
	check(ctx context.Context, name string, outputs []export.Output, deep bool) error
	// put writes one file beside the folders, which appears, whole, with publish
	// at the latest.
	put(ctx context.Context, name string, data []byte) error
	// create begins a file beside the folders, which appears with publish. Its
	// writer is closed before that.
	create(name string) (io.WriteCloser, error)
	// publish makes the files appear that were put and created, in this order.
	publish(ctx context.Context) error
	// address returns what a folder or file is called in messages.
	address(name string) string
	// close removes what was made for nothing.
	close() error
}

// A stage is a folder in the making. It appears under its name whole or not at
// all. One goroutine at a time may use it, which calls commit or drop in the
// end.
type stage interface {
	// put adds a file.
	put(name string, data []byte) error
	// commit gives the folder its name. Where another is in the way that may not
	// be replaced, the error is one for which isTaken is true.
	commit(ctx context.Context) error
	// drop forgets the folder.
	drop() error
}

// isTaken reports whether an error says that something else is where a session
// was to go: the others can go on.
func isTaken(err error) bool {
	return errors.Is(err, errForeign) || errors.Is(err, errPacked) || errors.Is(err, errOther) ||
		errors.Is(err, s3source.ErrExists)
}

// An output is a target, and the names that have been given away in it.
type output struct {
	target
	folderNames
}

// folderNames counts the folders of a run by name.
type folderNames map[string]int

// newOutput makes ready the output that --output names. What is written to a
// folder gets the time stamp, unless that is zero; swept is told what killed
// runs have left there.
func newOutput(c *cli.Context, to *cloud, stamp time.Time, swept func(dir string, runs int)) (*output, error) {
	var t target
	err := refuseWeb(c.String("output"))
	if err != nil {
		return nil, err
	}
	if name := c.String("output"); isS3(name) {
		t, err = newS3Output(c.Context, to, name, c.Bool("force"))
	} else {
		t, err = newDirTarget(name, stamp, swept)
	}
	if err != nil {
		return nil, err
	}
	return &output{t, folderNames{}}, nil
}

// safeName is what a session id must look like to be the name of a folder on
// every system: the ids of the service do.
var safeName = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$`)

// reserved are names that Windows gives to devices.
var reserved = lazyregexp.New(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])$`)

// folderName returns the name of a session's folder: its id, or, where the id
// is missing or would not do, one made from the digest of its source. The
// second session of a run with the same id gets "~2" behind it, and so on, so
// that the sessions must be named in their order, by one goroutine.
func (used folderNames) folderName(s *decode.Session) string {
	name := s.ID
	if !safeName.MatchString(name) || reserved.MatchString(name) {
		name = "session-" + s.Source.SHA256.String()[:16]
	}
	// Some file systems do not tell upper case from lower.
	key := strings.ToLower(name)
	used[key]++
	if n := used[key]; n > 1 {
		name += "~" + strconv.Itoa(n)
	}
	return name
}

// sourceDate returns the time that SOURCE_DATE_EPOCH sets, zero where it is not
// set (https://reproducible-builds.org/specs/source-date-epoch/).
func sourceDate() (time.Time, error) {
	value := os.Getenv("SOURCE_DATE_EPOCH")
	if value == "" {
		return time.Time{}, nil
	}
	seconds, err := strconv.ParseInt(value, 10, 64)
	if err != nil || seconds < 0 {
		return time.Time{}, usageError("SOURCE_DATE_EPOCH is %q: want seconds since 1970", value)
	}
	return time.Unix(seconds, 0), nil
}
