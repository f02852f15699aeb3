package bag

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// ErrName says that a file cannot have a name in a bag.
var ErrName = errors.New("unusable file name")

// maxName is how long a name may be, in bytes, with its folders. Windows does
// with 260 for the whole path unless told otherwise.
const maxName = 200

// device matches names that Windows gives to devices, whatever their extension.
var device = lazyregexp.New(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)

// CheckName reports, as an [ErrName], why no file of a bag should have a name.
// Good names are relative, with forward slashes, and read alike by every system
// and tool: printable ASCII without the characters that Windows refuses, and
// without the percent sign, which manifests escape.
func CheckName(name string) error {
	if reason := badName(name); reason != "" {
		return fmt.Errorf("%w %+.100q: %s", ErrName, name, reason)
	}
	return nil
}

// badName returns what is wrong with a name, "" if nothing is.
func badName(name string) string {
	switch {
	case !fs.ValidPath(name) || name == ".":
		return "not a relative path without empty, . and .. parts"
	case len(name) > maxName:
		return fmt.Sprintf("longer than %d bytes", maxName)
	}
	for _, r := range name {
		if r < ' ' || r > '~' {
			return "not plain printable ASCII"
		}
		if strings.ContainsRune(`%\:*?"<>|`, r) {
			return fmt.Sprintf("has the character %q", r)
		}
	}
	for part := range strings.SplitSeq(name, "/") {
		switch {
		case strings.HasPrefix(part, "~") || strings.HasPrefix(part, " "):
			return "has a part that begins with a tilde or space"
		case strings.HasSuffix(part, ".") || strings.HasSuffix(part, " "):
			return "has a part that ends in a dot or space"
		case device.MatchString(part):
			return "has the name of a device of Windows"
		}
	}
	return ""
}

// drive matches the beginning of an absolute path of Windows.
var drive = lazyregexp.New(`^[A-Za-z]:`)

// outOfScope reports whether a path of a manifest leads, on any system, out of
// the bag.
func outOfScope(name string) bool {
	if name == "" || drive.MatchString(name) || strings.ContainsRune(`/\~`, rune(name[0])) {
		return true
	}
	separator := func(r rune) bool { return r == '/' || r == '\\' }
	return slices.Contains(strings.FieldsFunc(name, separator), "..") || path.Clean(name) == "."
}

// escapes are the characters that BagIt escapes in paths. Others stand for
// themselves, also behind a percent sign.
var (
	escapes  = strings.NewReplacer("%0A", "\n", "%0a", "\n", "%0D", "\r", "%0d", "\r", "%25", "%")
	newlines = strings.NewReplacer("%0A", "\n", "%0a", "\n", "%0D", "\r", "%0d", "\r")
)

// unescape undoes the escapes of a path in a manifest. Versions before 1.0 left
// the percent sign as it is.
func unescape(name, version string) string {
	if version == "1.0" {
		return escapes.Replace(name)
	}
	return newlines.Replace(name)
}
