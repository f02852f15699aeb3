package awsconf

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxConfig bounds a config file, so that a wrong path (a device, a disk image) is not read whole.
const maxConfig = 4 << 20

// ProfileError says that a profile was asked for that no config file has.
type ProfileError struct {
	Name string
}

// Error names the profile.
func (e *ProfileError) Error() string {
	return "the config profile (" + e.Name + ") could not be found"
}

// Profile is what the config file says to one profile.
type Profile struct {
	Name   string            // as asked for; empty for the default
	Values map[string]string // settings in lower case, of the config file only
}

// LoadProfile reads the settings of the named profile, or of AWS_PROFILE, AWS_DEFAULT_PROFILE or
// "default" for the empty name. Only a profile that was asked for must exist: else the error is a
// [*ProfileError].
func LoadProfile(name string) (Profile, error) {
	for _, key := range []string{"AWS_PROFILE", "AWS_DEFAULT_PROFILE"} {
		if name == "" {
			name = os.Getenv(key)
		}
	}
	settings, err := readINI(path("AWS_CONFIG_FILE", "config"))
	if err != nil {
		return Profile{}, err
	}
	keys, err := readINI(path("AWS_SHARED_CREDENTIALS_FILE", "credentials"))
	if err != nil {
		return Profile{}, err
	}
	if name == "" {
		return Profile{Values: settings["default"]}, nil
	}
	values, found := settings["profile "+name]
	if !found && name == "default" {
		values, found = settings[name]
	}
	if _, hasKeys := keys[name]; !found && !hasKeys {
		return Profile{}, &ProfileError{Name: name}
	}
	return Profile{Name: name, Values: values}, nil
}

// path is where a config file lies: as the variable says, else below ~/.aws.
func path(variable, name string) string {
	home, _ := os.UserHomeDir()
	p := os.Getenv(variable)
	if p == "" {
		return filepath.Join(home, ".aws", name)
	}
	if rest, ok := strings.CutPrefix(p, "~/"); ok {
		return filepath.Join(home, rest)
	}
	return p
}

func readINI(name string) (map[string]map[string]string, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("AWS configuration: %w", err)
	}
	defer f.Close()
	return parseINI(io.LimitReader(f, maxConfig))
}

// parseINI reads sections of "key = value". Indented lines belong to the setting before them
// (nested settings such as s3 =) and are left out: nothing of lvtool's own is nested.
func parseINI(r io.Reader) (map[string]map[string]string, error) {
	sections := map[string]map[string]string{}
	var section map[string]string
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxConfig)
	for lines.Scan() {
		line := strings.TrimPrefix(lines.Text(), "\ufeff")
		text := strings.TrimSpace(line)
		switch {
		case text == "" || strings.ContainsRune("#;", rune(text[0])):
		case text[0] == '[':
			section = map[string]string{}
			sections[sectionName(text)] = section
		case line[0] == ' ' || line[0] == '\t' || section == nil:
		default:
			key, value, _ := strings.Cut(text, "=")
			value, _, _ = strings.Cut(value, " #")
			section[strings.ToLower(strings.TrimSpace(key))] = strings.TrimSpace(value)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("AWS configuration: %w", err)
	}
	return sections, nil
}

// sectionName is the name in [profile "name"], with one space between the words and no quotes.
func sectionName(line string) string {
	name, _, _ := strings.Cut(line[1:], "]")
	name = strings.Join(strings.Fields(name), " ")
	if kind, rest, ok := strings.Cut(name, " "); ok {
		return kind + " " + strings.Trim(rest, `"'`)
	}
	return name
}
