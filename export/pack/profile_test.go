package pack_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/pack"
)

// TestVerifyProfile holds that packs follow the profile that they carry, and that each
// change of either is found, once.
func TestVerifyProfile(t *testing.T) {
	const info = "bag-info.txt"
	in := func(old, text string) func(string) string {
		return func(s string) string {
			if !strings.Contains(s, old) {
				t.Fatalf("no %q in it", old)
			}
			return strings.Replace(s, old, text, 1)
		}
	}
	same := func(s string) string { return s }
	for _, tt := range []struct {
		name          string
		profile, info func(string) string
		file          string // one more
		serialized    string
		want          []string
	}{
		{name: "nothing", want: []string{}},
		{name: "signature", file: pack.TagManifest + ".sig.2.tsr", want: []string{}},
		{name: "archive", serialized: "application/zip", want: []string{}},
		{name: "another archive", serialized: "application/x-tar", want: []string{"profile-serialization "}},
		{
			name: "no archive", serialized: "application/zip", profile: in("optional", "forbidden"),
			want: []string{"profile-serialization "},
		},
		{name: "archive only", profile: in("optional", "required"), want: []string{"profile-serialization "}},
		{name: "no field", info: in("External-Description: ", "X: "), want: []string{"profile-info " + info}},
		{name: "field twice", info: in("Case: ", "case: 1\nCase: "), want: []string{"profile-info " + info}},
		{name: "value", info: in("Case: ", "Legal-Hold: no\nCase: "), want: []string{"profile-info " + info}},
		{name: "identifier", profile: in("lvtool.pack/1", "other/1"), want: []string{"profile-info " + info}},
		{name: "version", profile: in(`["1.0"]`, `["0.97"]`), want: []string{"profile-version bagit.txt"}},
		{
			name: "manifest", profile: in(`"Manifests-Required": ["sha256"]`, `"Manifests-Required": ["sha512"]`),
			want: []string{"profile-manifest manifest-sha512.txt"},
		},
		{
			name: "algorithm", profile: in(`"Manifests-Allowed": ["sha256", `, `"Manifests-Allowed": [`),
			want: []string{"profile-manifest manifest-sha256.txt"},
		},
		{
			name: "tag algorithm", profile: in(`"Tag-Manifests-Allowed": ["sha256", `, `"Tag-Manifests-Allowed": [`),
			want: []string{"profile-manifest tagmanifest-sha256.txt"},
		},
		{name: "fetch", file: "fetch.txt", want: []string{"profile-fetch fetch.txt"}},
		{
			name: "no fetch", profile: in(`"Allow-Fetch.txt": false`, `"Fetch.txt-Required": true`),
			want: []string{"profile-fetch fetch.txt"},
		},
		{
			name: "no file", profile: in(`["data/report.json"]`, `["data/report.json", "data/x"]`),
			want: []string{"profile-file data/x"},
		},
		{name: "tag file", file: "x.txt", want: []string{"profile-file x.txt"}},
		{name: "payload file", file: "data/faces/a/b.png", want: []string{"profile-file data/faces/a/b.png"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.profile == nil {
				tt.profile = same
			}
			p, err := bag.ParseProfile([]byte(tt.profile(string(pack.Profile()))))
			if err != nil {
				t.Fatal(err)
			}
			f := good(t)
			if tt.info != nil {
				f[info] = tt.info(f[info])
			}
			if tt.file != "" {
				f[tt.file] = ""
			}
			v, err := pack.Verify(t.Context(), f, &pack.VerifyOptions{Profile: p, Serialized: tt.serialized})
			if err != nil {
				t.Fatal(err)
			}
			got := []string{}
			for _, line := range found(v) {
				if line, ok := strings.CutPrefix(line, "profile: "); ok {
					got = append(got, line)
				}
			}
			for i := range tt.want {
				tt.want[i] = strings.TrimSpace(tt.want[i])
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestParseProfile(t *testing.T) {
	for _, text := range []string{
		"", "[]", "{}", `{"BagIt-Profile-Info":{}}`,
		`{"BagIt-Profile-Info":{"BagIt-Profile-Identifier":"x"},"Tag-Files-Allowed":["["]}`,
		strings.Repeat(" ", 2<<20),
	} {
		if _, err := bag.ParseProfile([]byte(text)); !errors.Is(err, bag.ErrProfile) {
			t.Errorf("%.40q: got %v, want %v", text, err, bag.ErrProfile)
		}
	}
}
