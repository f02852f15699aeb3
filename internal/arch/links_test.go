package arch_test

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestLinks holds that what the project's pages link to is there: files, and headings
// of pages.
func TestLinks(t *testing.T) {
	pages := 0
	for _, name := range files(t) {
		if path.Ext(name) != ".md" || strings.Contains(name, "testdata/") {
			continue
		}
		pages++
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, complaint := range checkLinks(name, string(text), readPage) {
			t.Error(complaint)
		}
	}
	if pages < 8 {
		t.Errorf("found %d pages", pages)
	}
}

// readPage returns a file or folder of the project; a folder is empty.
func readPage(name string) (string, error) {
	name = filepath.Join(root, filepath.FromSlash(name))
	info, err := os.Stat(name)
	if err != nil || info.IsDir() {
		return "", err
	}
	data, err := os.ReadFile(name)
	return string(data), err
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

// checkLinks returns the links of a page that lead nowhere. Those to other places are
// not looked at.
func checkLinks(name, text string, read func(name string) (string, error)) []string {
	var complaints []string
	for _, m := range link.FindAllStringSubmatch(text, -1) {
		if strings.Contains(m[1], "://") || strings.HasPrefix(m[1], "mailto:") {
			continue
		}
		file, anchor, _ := strings.Cut(m[1], "#")
		target, page := name, text
		if file != "" {
			target = path.Join(path.Dir(name), file)
			var err error
			if page, err = read(target); err != nil {
				complaints = append(complaints, fmt.Sprintf("%s: links to %s, which is not there", name, target))
				continue
			}
		}
		if anchor != "" && !hasHeading(page, anchor) {
			complaints = append(complaints, fmt.Sprintf("%s: %s has no heading #%s", name, target, anchor))
		}
	}
	return complaints
}

// hasHeading reports whether a page has a heading of the anchor that GitHub gives it.
func hasHeading(page, anchor string) bool {
	for _, m := range heading.FindAllStringSubmatch(page, -1) {
		words := regexp.MustCompile(`[^\pL\pN _-]`).ReplaceAllString(strings.ToLower(m[1]), "")
		if strings.ReplaceAll(words, " ", "-") == anchor {
			return true
		}
	}
	return false
}

func TestCheckLinks(t *testing.T) {
	read := func(name string) (string, error) {
		if name != "a/b.md" {
			return "", os.ErrNotExist
		}
		return "# One, two\n", nil
	}
	const text = "# Here\n[x](b.md) [x](b.md#one-two) [x](#here) [x](https://example.com/y)\n" +
		"![x](../c.png) [x](b.md#three)\n[x](#there)"
	wantComplaints(t, checkLinks("a/page.md", text, read),
		"a/page.md: links to c.png, which is not there",
		"a/page.md: a/b.md has no heading #three",
		"a/page.md: a/page.md has no heading #there",
	)
}
