package pack

import (
	"crypto/x509"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/bag/seal"
	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// SealedLabel is the field of bag-info.txt that says how the pack was sealed, once
// for every signature and once for timestamps. What it says is signed, so that a
// signature or timestamp that was taken away is missed.
const SealedLabel = "Sealed-With"

// What can be found of the seal of a pack, beside the codes of package seal.
const (
	SealName          bag.Code = "seal-name"          // a signature or timestamp that belongs to nothing
	TimestampLate     bag.Code = "timestamp-late"     // no timestamp is from before the time asked for
	TimestampModified bag.Code = "timestamp-modified" // the authority granted something else than asked for
)

// SealedBy returns what SealedLabel says of a signature by the key of a
// fingerprint, and SealedTime of timestamps of all signatures.
func SealedBy(key string) string { return "ssh-signature " + key }

// SealedTime is what SealedLabel says where every signature has a timestamp.
const SealedTime = "rfc3161-timestamp"

// Trust says what the seal of a pack is checked against. Nothing of it may come
// from the pack.
type Trust struct {
	// AllowedSigners says whose signatures count. Where it is nil, a signature
	// is checked to be one, but not whose; where it is not, there must be one.
	AllowedSigners *seal.AllowedSigners
	// Identity is the name that the allowed signers must give every key; any
	// where empty.
	Identity string
	// RequireSignature fails a pack without a signature.
	RequireSignature bool
	// Roots are the authorities whose timestamps count. Where there are none,
	// a timestamp is checked to be one, but its time is not relied on; where
	// there are some, there must be a timestamp.
	Roots []*x509.Certificate
	// Before fails a pack without a trusted timestamp from before that time; the
	// zero time asks for none.
	Before time.Time
	// Now is the time of the check. A key must have been allowed at the time of
	// the timestamp, and then where there is none that is trusted.
	Now time.Time
}

// demands reports whether there must be a signature or a timestamp.
func (t *Trust) demands() bool {
	return t != nil && (t.AllowedSigners != nil || t.RequireSignature || len(t.Roots) > 0 || !t.Before.IsZero())
}

// A sealed signature is a file of the bag, with its timestamp if there is one.
type sealed struct {
	name        string
	text        []byte
	stampName   string // "" where there is none
	timestamp   seal.Timestamp
	timestampOf error // what is wrong with the timestamp
}

// numbered matches the names of signatures.
var numbered = lazyregexp.New(`^tagmanifest-sha256\.txt\.sig(?:\.([1-9][0-9]*))?$`)

// read reads the signatures of a bag, in the order of their numbers, and checks
// their timestamps.
func (t *Trust) read(b *bag.Result) []sealed {
	var list []sealed
	for n := 0; ; n++ {
		s := sealed{name: seal.SignatureName(TagManifest, n)}
		text, err := b.Read(s.name, bag.MostTagBytes)
		if err != nil {
			return list
		}
		s.text = text
		if stamp, err := b.Read(seal.TimestampName(s.name), bag.MostTagBytes); err == nil {
			s.stampName = seal.TimestampName(s.name)
			use := seal.TimestampUse{Roots: t.Roots, Now: t.Now}
			s.timestamp, s.timestampOf = seal.VerifyTimestamp(text, stamp, use)
		}
		list = append(list, s)
	}
}

// at returns when a signature was made at the latest, as far as that is known.
func (s *sealed) at(now time.Time) time.Time {
	if s.stampName != "" && s.timestampOf == nil && s.timestamp.Trusted {
		return s.timestamp.Latest()
	}
	return now
}

// signatures checks all signatures of the tag manifest.
func (t *Trust) signatures(b *bag.Result) Check {
	c := Check{Name: "signature"}
	manifest, _ := b.Read(TagManifest, bag.MostTagBytes)
	list := t.read(b)
	var who []string
	keys := map[string]bool{}
	for _, s := range list {
		by, err := t.signature(manifest, s)
		c.add(s.name, err)
		if err == nil && keys[by.Key] {
			c.find(SealName, s.name, "by the same key as a signature before it")
		}
		keys[by.Key] = true
		if err == nil && by.Principals != "" {
			who = append(who, strconv.QuoteToGraphic(by.Principals)+" by the key "+by.Key)
		} else if err == nil {
			who = append(who, "the key "+by.Key)
		}
	}
	c.strays(b, len(list))
	c.missing(b, keys)
	if len(list) == 0 && len(c.Findings) == 0 && (t.RequireSignature || t.AllowedSigners != nil) {
		c.find(bag.Code(seal.SignatureMissing), TagManifest, "not signed: %s.sig is not there", TagManifest)
	}
	switch {
	case len(c.Findings) > 0:
		c.conclude("")
	case len(list) == 0:
		c.skip("not signed")
	case t.AllowedSigners == nil:
		c.skip("signed by " + strings.Join(who, " and ") +
			", whoever's that is: only a list of allowed signers from elsewhere says")
	default:
		c.conclude("signed by %s", strings.Join(who, " and "))
	}
	return c
}

func (t *Trust) signature(manifest []byte, s sealed) (seal.Signature, error) {
	if t.AllowedSigners == nil {
		return seal.SignedBy(manifest, s.text, seal.Namespace)
	}
	return t.AllowedSigners.Verify(manifest, s.text, seal.Use{
		Namespace: seal.Namespace, Identity: t.Identity, Time: s.at(t.Now),
	})
}

// add adds what package seal found of a file, if anything.
func (c *Check) add(name string, err error) {
	if err == nil {
		return
	}
	code := bag.Unreadable
	if e, ok := errors.AsType[*seal.Error](err); ok {
		code = bag.Code(e.Code)
	}
	c.find(code, name, "%s", err)
}

// strays finds what is named like a signature, but is none of the first ones.
func (c *Check) strays(b *bag.Result, signatures int) {
	for _, f := range b.Files {
		if m := numbered.FindStringSubmatch(f.Name); m != nil && m[1] != "" {
			if n, err := strconv.Atoi(m[1]); err != nil || n < 2 || n > signatures {
				c.find(SealName, f.Name, "there are %s before it, so this is no name for one",
					counted(signatures, "signature"))
			}
		}
	}
}

// missing finds the keys that should have signed, by bag-info.txt.
func (c *Check) missing(b *bag.Result, keys map[string]bool) {
	for _, f := range b.Info {
		key, ok := strings.CutPrefix(f.Value, SealedBy(""))
		if f.Label == SealedLabel && ok && !keys[key] && len(c.Findings) == 0 {
			c.find(bag.Code(seal.SignatureMissing), "bag-info.txt",
				"says that the key %+.100q signed; no signature is by it", key)
		}
	}
}

// timestamps checks all timestamps of signatures.
func (t *Trust) timestamps(b *bag.Result) Check {
	c := Check{Name: "timestamp"}
	list := t.read(b)
	var when []string
	met := false
	for _, s := range list {
		if s.stampName == "" {
			continue
		}
		c.add(s.stampName, s.timestampOf)
		if s.timestamp.Modified && s.timestampOf == nil {
			c.Findings = append(c.Findings, bag.Finding{
				Code: TimestampModified, Path: s.stampName, Warning: true,
				Message: "the authority granted something else than was asked for",
			})
		}
		if s.timestampOf == nil {
			met = met || s.timestamp.Trusted && !s.timestamp.Latest().After(t.Before)
			by := strconv.QuoteToGraphic(s.timestamp.Authority)
			when = append(when, s.timestamp.Time.Format(time.RFC3339)+" by "+by)
		}
	}
	c.unstamped(b, list)
	if len(c.Findings) == 0 && len(t.Roots) > 0 && len(when) == 0 {
		c.find(bag.Code(seal.TimestampMissing), TagManifest, "no timestamp: when the pack was signed is not proven")
	}
	if len(c.Findings) == 0 && !t.Before.IsZero() && !met {
		c.find(TimestampLate, "", "no trusted timestamp is from before %s", t.Before.UTC().Format(time.RFC3339))
	}
	t.concludeTimes(&c, when)
	return c
}

func (t *Trust) concludeTimes(c *Check, when []string) {
	switch {
	case slices.ContainsFunc(c.Findings, func(f bag.Finding) bool { return !f.Warning }):
		c.conclude("")
	case len(when) == 0:
		c.skip("none: when the pack was signed is not proven")
	case len(t.Roots) == 0:
		c.skip("says " + strings.Join(when, " and ") +
			", whoever's that is: only a trusted certificate from elsewhere says")
	default:
		c.conclude("signed before %s", strings.Join(when, " and "))
	}
}

// unstamped finds timestamps without a signature, and signatures without one that
// should have it, by bag-info.txt.
func (c *Check) unstamped(b *bag.Result, list []sealed) {
	known := map[string]bool{}
	for _, s := range list {
		known[s.stampName] = true
	}
	for _, f := range b.Files {
		if strings.HasPrefix(f.Name, TagManifest+".sig") && strings.HasSuffix(f.Name, ".tsr") && !known[f.Name] {
			c.find(SealName, f.Name, "there is no such signature to be the timestamp of")
		}
	}
	should := slices.Contains(b.Info, bag.Field{Label: SealedLabel, Value: SealedTime})
	if !should || len(c.Findings) > 0 {
		return
	}
	for _, s := range list {
		if s.stampName == "" {
			c.find(bag.Code(seal.TimestampMissing), s.name,
				"bag-info.txt says that it has a timestamp, and there is none")
		}
	}
}

// skip says why there is no verdict.
func (c *Check) skip(words string) {
	c.conclude("%s", words)
	c.Verdict = Skipped
}
