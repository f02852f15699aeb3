package bag

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// A profileCheck is one run of [Profile.Check].
type profileCheck struct {
	rules *profileRules
	bag   *Result
	found []Finding
}

func sortedLabels(m map[string]profileField) []string { return slices.Sorted(maps.Keys(m)) }

func (c *profileCheck) findf(code Code, name, format string, args ...any) {
	c.found = append(c.found, Finding{Code: code, Path: name, Message: fmt.Sprintf(format, args...)})
}

// identifier holds that the bag says that it follows the profile, as every bag
// that does must.
func (c *profileCheck) identifier(id string) {
	const label = "BagIt-Profile-Identifier"
	if got, ok := Lookup(c.bag.Info, label); got != id {
		if !ok {
			got = "none"
		}
		c.findf(ProfileInfo, infoFile, "%s is %+.100q, want %+.100q", label, got, id)
	}
}

func (c *profileCheck) field(label string, rule profileField) {
	n := 0
	for _, f := range c.bag.Info {
		if !strings.EqualFold(f.Label, label) {
			continue
		}
		n++
		if len(rule.Values) > 0 && !slices.Contains(rule.Values, f.Value) {
			c.findf(ProfileInfo, infoFile, "%+.100q is %+.100q, no value that the profile allows", label, f.Value)
		}
	}
	switch {
	case n == 0 && rule.Required && !strings.EqualFold(label, "BagIt-Profile-Identifier"):
		c.findf(ProfileInfo, infoFile, "the field %+.100q is missing", label)
	case n > 1 && rule.Repeatable != nil && !*rule.Repeatable:
		c.findf(ProfileInfo, infoFile, "the field %+.100q is there %d times", label, n)
	}
}

func (c *profileCheck) version(serialized string) {
	if v := c.rules.Versions; len(v) > 0 && !slices.Contains(v, c.bag.Version) {
		c.findf(ProfileVersion, bagitFile, "version %+.20q is not accepted", c.bag.Version)
	}
	switch types := c.rules.Serializations; {
	case serialized == "" && c.rules.Serialization == "required":
		c.findf(ProfileSerialization, "", "the bag must be in an archive")
	case serialized != "" && c.rules.Serialization == "forbidden":
		c.findf(ProfileSerialization, "", "the bag may not be in an archive")
	case serialized != "" && len(types) > 0 && !slices.Contains(types, serialized):
		c.findf(ProfileSerialization, "", "an archive of type %s is not accepted", serialized)
	}
}

// algorithms holds that there are the manifests that must be, and no others.
func (c *profileCheck) algorithms(kind string, required, allowed []Algorithm) {
	for _, a := range required {
		if name := fmt.Sprintf("%s-%s.txt", kind, a); c.bag.File(name) == nil {
			c.findf(ProfileManifest, name, "the profile requires it")
		}
	}
	for _, f := range c.bag.Files {
		a, tags, ok := manifestName(f.Name)
		if ok && tags == (kind == "tagmanifest") && len(allowed) > 0 && !slices.Contains(allowed, a) {
			c.findf(ProfileManifest, f.Name, "the profile does not allow its algorithm")
		}
	}
}

func (c *profileCheck) fetch() {
	there := c.bag.File(fetchFile) != nil
	switch {
	case there && c.rules.Fetch != nil && !*c.rules.Fetch:
		c.findf(ProfileFetch, fetchFile, "the profile does not allow it")
	case !there && c.rules.FetchRequired:
		c.findf(ProfileFetch, fetchFile, "the profile requires it")
	}
}

func (c *profileCheck) required(names []string) {
	for _, name := range names {
		if c.bag.File(name) == nil {
			c.findf(ProfileFile, name, "the profile requires it")
		}
	}
}

// allowed holds that a file may be there. Those of BagIt itself always may.
func (c *profileCheck) allowed(f File) {
	patterns := c.rules.TagFilesAllowed
	if isPayload(f.Name) {
		patterns = c.rules.PayloadFilesAllowed
		if c.rules.Empty && f.Size > 0 {
			c.findf(ProfileFile, f.Name, "the profile allows no payload")
			return
		}
	}
	_, _, manifest := manifestName(f.Name)
	if patterns == nil || manifest || slices.Contains([]string{bagitFile, infoFile, fetchFile}, f.Name) {
		return
	}
	if !slices.ContainsFunc(patterns, func(p string) bool { ok, _ := path.Match(p, f.Name); return ok }) {
		c.findf(ProfileFile, f.Name, "the profile does not allow it")
	}
}
