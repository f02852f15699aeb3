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
	sections, err := parseINI(io.LimitReader(f, maxConfig))
	if err != nil {
		return nil, fmt.Errorf("unable to parse config file: %s", name)
	}
	return sections, nil
}

var errINI = errors.New("neither a section nor a setting")

// parseINI reads sections of settings as the AWS CLI does. Lines indented deeper than the setting
// above them belong to it (s3 = has some) and are left out: nothing of lvtool's own is nested.
func parseINI(r io.Reader) (map[string]map[string]string, error) {
	sections := map[string]map[string]string{}
	var section map[string]string
	depth := -1 // of the last setting; none yet
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxConfig)
	for lines.Scan() {
		line := strings.TrimPrefix(lines.Text(), "\ufeff")
		text := strings.TrimSpace(line)
		indent := len(line) - len(strings.TrimLeft(line, " \t"))
		switch {
		case text == "" || text[0] == '#' || text[0] == ';':
		case depth >= 0 && indent > depth:
		case text[0] == '[':
			name := sectionName(text)
			if sections[name] != nil {
				return nil, errINI
			}
			section, depth = map[string]string{}, -1
			sections[name] = section
		default:
			if err := setting(section, text); err != nil {
				return nil, err
			}
			depth = indent
		}
	}
	return sections, lines.Err()
}

// setting adds "key = value" or "key: value" to a section, once.
func setting(section map[string]string, text string) error {
	at := strings.IndexAny(text, "=:")
	if section == nil || at <= 0 {
		return errINI
	}
	key := strings.ToLower(strings.TrimSpace(text[:at]))
	if _, twice := section[key]; twice {
		return errINI
	}
	section[key] = strings.TrimSpace(text[at+1:])
	return nil
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
