package bag

import (
	"fmt"
	"strconv"
	"strings"
)

// A Code names a kind of finding. It stays the same over versions.
type Code string

// What can be found in a bag.
const (
	BagitMissing    Code = "bagit-missing"    // no bagit.txt: this is no bag
	BagitBOM        Code = "bagit-bom"        // bagit.txt begins with a byte order mark
	BagitLines      Code = "bagit-lines"      // bagit.txt has not two lines
	BagitSyntax     Code = "bagit-syntax"     // a line of bagit.txt is not what it should be
	BagitWhitespace Code = "bagit-whitespace" // a line of bagit.txt has other spaces than it should
	BadVersion      Code = "version"          // no version from 0.93 to 1.0
	BadEncoding     Code = "encoding"         // an encoding of tag files that is not known
	BadText         Code = "decode"           // a tag file is not in the encoding of tag files
	BOM             Code = "bom"              // a tag file begins with a byte order mark
	LineEnding      Code = "line-ending"      // a tag file has lines that do not end in a line feed alone
	FinalNewline    Code = "final-newline"    // the last line of a tag file does not end
	BadInfo         Code = "info"             // a line of bag-info.txt has no label
	NoDataDir       Code = "no-data-dir"      // no folder data
	NoManifest      Code = "no-manifest"      // no manifest of the payload
	NoTagManifest   Code = "no-tagmanifest"   // no tag manifest
	BadAlgorithm    Code = "alg"              // a manifest of an algorithm that is not known
	BadLine         Code = "line"             // a line of a manifest is no checksum and path
	Missing         Code = "missing"          // a file is listed that is not there
	Unlisted        Code = "unlisted"         // a file of the payload is not in a manifest
	Extra           Code = "extra"            // a file beside the payload is in no tag manifest
	BadChecksum     Code = "checksum"         // a file has another checksum than listed
	BadOxum         Code = "oxum"             // the payload has another size than bag-info.txt says
	OutOfScope      Code = "out-of-scope"     // a path leads out of the bag
	NotPayload      Code = "not-payload"      // a manifest of the payload lists something else
	PayloadInTags   Code = "payload-in-tagmanifest"
	TagsInTags      Code = "tagmanifest-in-tagmanifest"
	NotRegular      Code = "not-regular"  // a symbolic link, device or other thing that is no file
	BadFetch        Code = "fetch-line"   // a line of fetch.txt is not what it should be
	FetchNeeded     Code = "fetch-needed" // a file is still to be fetched
	Unreadable      Code = "read"         // a file cannot be read
	Changed         Code = "changed"      // a file changed while the bag was verified
	Duplicate       Code = "duplicate"    // a path is listed twice
	Relative        Code = "relative"     // a path is written with needless . parts
	Star            Code = "md5sum-star"  // a path is written with the asterisk of md5sum
	Order           Code = "order"        // a manifest is not sorted
	BadName         Code = "name"         // a name that not every system can have
	Collision       Code = "collision"    // two names that some systems take for one
	TooMany         Code = "limit"        // more than the limits allow
	BadZip          Code = "zip"          // an archive that not every program reads alike
)

// A Finding is something that is wrong with a bag, or doubtful.
type Finding struct {
	Code Code `json:"code"`
	// Path is the file that it is about, "" for the bag as a whole. It comes
	// from the bag: String makes it fit for messages.
	Path string `json:"path,omitempty"`
	// Line is the line of the file, from 1; 0 for the file as a whole.
	Line int `json:"line,omitempty"`
	// Message says in words what was found.
	Message string `json:"message"`
	// Warning says that a bag may be valid in spite of it.
	Warning bool `json:"warning,omitempty"`

	// What the finding is where gaps of BagIt are left open: a warning, or none.
	doubt, gap bool
}

// String returns the finding in one printable line.
func (f Finding) String() string {
	where := ""
	if f.Path != "" {
		where = Printable(f.Path)
		if f.Line > 0 {
			where += ":" + strconv.Itoa(f.Line)
		}
		where += ": "
	}
	return fmt.Sprintf("%s%s [%s]", where, f.Message, f.Code)
}

// Printable returns a name as it is where it is one line of plain text, and
// quoted otherwise.
func Printable(name string) string {
	if name == strings.TrimSpace(name) && strconv.Quote(name) == `"`+name+`"` && oneLine(name) {
		return name
	}
	return strconv.QuoteToASCII(name)
}
