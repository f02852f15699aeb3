package bag

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"

	"github.com/lvtool/lvtool/internal/jsonwords"
)

// What can be found of a bag that does not follow a profile.
const (
	ProfileInfo          Code = "profile-info"          // a field of bag-info.txt is missing, twice, or another
	ProfileVersion       Code = "profile-version"       // a version of BagIt that is not accepted
	ProfileManifest      Code = "profile-manifest"      // a manifest is missing, or of an algorithm that is not allowed
	ProfileFetch         Code = "profile-fetch"         // there is a fetch.txt, or none, where it should be otherwise
	ProfileSerialization Code = "profile-serialization" // the bag should be in an archive, or not, or in another
	ProfileFile          Code = "profile-file"          // a file is missing, or not allowed
)

// ErrProfile says that something is no BagIt Profile.
var ErrProfile = errors.New("not a BagIt Profile")

// A Profile says what bags for some purpose must hold: a BagIt Profile of
// version 1.1 to 1.4 (https://bagit-profiles.github.io/bagit-profiles-specification/).
type Profile struct {
	about struct {
		ID string `json:"BagIt-Profile-Identifier"`
	}
	rules profileRules
}

type profileRules struct {
	Info                map[string]profileField `json:"Bag-Info"`
	Manifests           []Algorithm             `json:"Manifests-Required"`
	ManifestsAllowed    []Algorithm             `json:"Manifests-Allowed"`
	TagManifests        []Algorithm             `json:"Tag-Manifests-Required"`
	TagManifestsAllowed []Algorithm             `json:"Tag-Manifests-Allowed"`
	Fetch               *bool                   `json:"Allow-Fetch.txt"`
	FetchRequired       bool                    `json:"Fetch.txt-Required"`
	Empty               bool                    `json:"Data-Empty"`
	Serialization       string                  `json:"Serialization"`
	Serializations      []string                `json:"Accept-Serialization"`
	Versions            []string                `json:"Accept-BagIt-Version"`
	TagFiles            []string                `json:"Tag-Files-Required"`
	TagFilesAllowed     []string                `json:"Tag-Files-Allowed"`
	PayloadFiles        []string                `json:"Payload-Files-Required"`
	PayloadFilesAllowed []string                `json:"Payload-Files-Allowed"`
}

type profileField struct {
	Required   bool     `json:"required"`
	Repeatable *bool    `json:"repeatable"` // true where it is not said
	Values     []string `json:"values"`
}

// maxProfile is how large a profile may be.
const maxProfile = 1 << 20

// ParseProfile reads a profile. The error is an [ErrProfile]. Members that are not
// known are passed over, as the specification has it.
func ParseProfile(data []byte) (*Profile, error) {
	if len(data) > maxProfile {
		return nil, fmt.Errorf("%w: %d bytes, more than %d", ErrProfile, len(data), maxProfile)
	}
	p := &Profile{}
	head := struct {
		About any `json:"BagIt-Profile-Info"`
	}{&p.about}
	err := json.Unmarshal(data, &head)
	if err == nil {
		err = json.Unmarshal(data, &p.rules)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProfile, jsonwords.Of(data, err))
	}
	if p.about.ID == "" {
		return nil, fmt.Errorf("%w: it has no BagIt-Profile-Identifier", ErrProfile)
	}
	for _, pattern := range slices.Concat(p.rules.TagFilesAllowed, p.rules.PayloadFilesAllowed) {
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, fmt.Errorf("%w: pattern %+.100q: %v", ErrProfile, pattern, err)
		}
	}
	return p, nil
}

// ID returns the identifier of the profile.
func (p *Profile) ID() string { return p.about.ID }

// Check returns where a verified bag does not follow the profile. Serialized is
// the media type of the archive that the bag is in, such as application/zip; ""
// for a folder. In patterns of files * stands for anything but a slash, as in
// glob(7).
func (p *Profile) Check(r *Result, serialized string) []Finding {
	c := &profileCheck{rules: &p.rules, bag: r}
	c.identifier(p.about.ID)
	for _, label := range sortedLabels(p.rules.Info) {
		c.field(label, p.rules.Info[label])
	}
	c.version(serialized)
	c.algorithms("manifest", p.rules.Manifests, p.rules.ManifestsAllowed)
	c.algorithms("tagmanifest", p.rules.TagManifests, p.rules.TagManifestsAllowed)
	c.fetch()
	c.required(slices.Concat(p.rules.TagFiles, p.rules.PayloadFiles))
	for _, f := range r.Files {
		c.allowed(f)
	}
	return c.found
}
