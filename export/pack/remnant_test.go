package pack_test

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/internal/bagtest"
)

// left returns the names of what is left after n deletions, in the order in which
// a pack is deleted.
func (f files) left(n int) []string {
	names := slices.Sorted(maps.Keys(f))
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(pack.DeleteRank(a), pack.DeleteRank(b)) })
	return names[n:]
}

// remnant looks at files of f, of which those of others are others.
func (f files) remnant(digest string, names []string, others map[string]string) (*pack.Verification, error) {
	return pack.Remnant(digest, names, func(name string) ([]byte, error) {
		if !slices.Contains(names, name) {
			return nil, fs.ErrNotExist
		}
		return []byte(cmp.Or(others[name], f[name])), nil
	})
}

func digestOf(s string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(s))) }

// What is left of a pack is known for it after every deletion.
func TestRemnant(t *testing.T) {
	opts := options()
	opts.SHA512 = true
	f := write(t, sample(t, "tiny.json"), opts)
	f[pack.TagManifest+".sig"], f[pack.TagManifest+".sig.tsr"] = "signature", "timestamp"
	digest := digestOf(f[pack.TagManifest])
	for n := range len(f) {
		v, err := f.remnant(digest, f.left(n), nil)
		if err != nil {
			t.Fatalf("after %d deletions: %v", n, err)
		}
		state, until := v.Retention(time.Date(2031, 11, 23, 0, 0, 0, 0, time.UTC))
		if last := n == len(f)-1; last != (v.Info == nil) || !last && (state != pack.Due || until != opts.RetainUntil) {
			t.Errorf("after %d deletions: got %s, %v", n, state, until)
		}
	}
	if last := f.left(len(f) - 2); !slices.Equal(last, []string{"bag-info.txt", pack.TagManifest}) {
		t.Errorf("deleted last: %q", last)
	}
}

// Whatever else is there than what a deletion leaves is not taken for it.
func TestRemnantOther(t *testing.T) {
	f := good(t)
	digest := digestOf(f[pack.TagManifest])
	all := f.left(0)
	without := func(name string) []string {
		return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == name })
	}
	for _, tt := range []struct {
		name   string
		names  []string
		others map[string]string
		want   string
	}{
		{"another pack", all, map[string]string{pack.TagManifest: "x"}, "tagmanifest-sha256.txt has another digest"},
		{"no tag manifest", without(pack.TagManifest), nil, fs.ErrNotExist.Error()},
		{
			"a shorter time", all,
			map[string]string{"bag-info.txt": strings.Replace(f["bag-info.txt"], "2031", "2001", 1)},
			"bag-info.txt has another digest",
		},
		{"no time, and files", without("bag-info.txt"), nil, "there is no bag-info.txt"},
		{
			"a longer manifest", all,
			map[string]string{"manifest-sha256.txt": f["manifest-sha256.txt"] + bagtest.Line("", "data/x")},
			"manifest-sha256.txt has another digest",
		},
		{"payload without its manifest", without("manifest-sha256.txt"), nil, "is not listed in its manifests"},
		{"a file more", append(slices.Clone(all), "extra"), nil, "extra is not listed"},
		{"payload more", append(slices.Clone(all), "data/extra"), nil, "data/extra is not listed"},
		{"a manifest more", append(slices.Clone(all), "manifest-md5.txt"), nil, "manifest-md5.txt has another digest"},
	} {
		_, err := f.remnant(digest, tt.names, tt.others)
		if err == nil || !strings.Contains(err.Error(), tt.want) ||
			!errors.Is(err, pack.ErrRemnant) && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}
