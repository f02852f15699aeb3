package awscli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"unicode/utf8"
)

// maxParam bounds a file that a parameter names.
const maxParam = 16 << 20

// loadParam reads the file that a value names by file:// or fileb://. It is not ok where the value
// names none; binary says that it was fileb://.
func loadParam(name, value string) (content string, binary, ok bool, err error) {
	path, ok := strings.CutPrefix(value, "file://")
	if !ok {
		if path, ok = strings.CutPrefix(value, "fileb://"); !ok {
			return "", false, false, nil
		}
		binary = true
	}
	path = expand(path)
	b, err := readFile(path)
	if err != nil {
		return "", false, true, paramError(name, "Unable to load paramfile "+value+": "+errnoText(err, path))
	}
	if !binary && !utf8.Valid(b) {
		return "", false, true, paramError(name, fmt.Sprintf("Unable to load paramfile (%s), "+
			"text contents could not be decoded.  If this is a binary file, "+
			"please use the fileb:// prefix instead of the file:// prefix.", path))
	}
	text := string(b)
	if !binary { // text mode reads every line end as one
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	return text, binary, true, nil
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxParam+1))
	if err == nil && len(b) > maxParam {
		err = errors.New("larger than 16 MiB")
	}
	return b, err
}

// errnoText is an error of the file system as Python shows it.
func errnoText(err error, path string) string {
	errno, ok := errors.AsType[syscall.Errno](err)
	if !ok {
		return err.Error()
	}
	text := errno.Error()
	if errors.Is(err, fs.ErrNotExist) || text != "" {
		text = strings.ToUpper(text[:1]) + text[1:]
	}
	return fmt.Sprintf("[Errno %d] %s: '%s'", int(errno), text, path)
}

var variable = regexp.MustCompile(`\$(?:\w+|\{[^}]*\})`)

// expand replaces ~ and variables; those that are not set stay as they are.
func expand(path string) string {
	if path == "~" || strings.HasPrefix(path, "~/") {
		if home, err := os.UserHomeDir(); err == nil {
			path = filepath.Clean(home) + path[1:]
		}
	}
	return variable.ReplaceAllStringFunc(path, func(s string) string {
		if v, ok := os.LookupEnv(strings.Trim(s[1:], "{}")); ok {
			return v
		}
		return s
	})
}

func paramError(name, message string) *Error {
	return &Error{ExitParam, fmt.Sprintf("Error parsing parameter '%s': %s", name, message)}
}
