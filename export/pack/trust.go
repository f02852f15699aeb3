package pack

import (
	"context"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/bag/seal"
)

// What can be found of the seal of a pack, beside what package seal finds.
const (
	TimestampLate  bag.Code = "timestamp-late"  // a timestamp is not from before the time that is required
	TimestampAlone bag.Code = "timestamp-alone" // a timestamp without the signature that it is of
)

// Trust says whom the checker of packs trusts. What it holds must have reached
// the checker by another way than the pack.
type Trust struct {
	// Signers are those whose signatures count; nil looks only whether
	// signatures are of the pack, whoever made them.
	Signers *seal.AllowedSigners
	// Identity is the name that the signer must have; "" for any of Signers.
	Identity string
	// Roots are the certificates of timestamp authorities; none looks only
	// whether timestamps are of the signatures, whoever made them.
	Roots []*x509.Certificate
	// RequireSignature fails packs that are not signed, as Signers does.
	RequireSignature bool
	// Before is when packs must have been signed, at the latest, by a timestamp
	// of an authority in Roots; zero for any time.
	Before time.Time
	// Now is the time of the check.
	Now time.Time
}

// Checks returns the checks of signatures and timestamps, for
// [VerifyOptions.More].
func (t *Trust) Checks() []func(context.Context, *Contents) Check {
	return []func(context.Context, *Contents) Check{t.signature, t.timestamp}
}

// A sealed signature and what is beside it.
type sealed struct {
	name, stampName  string
	signature, stamp []byte
}

// seals reads the signatures of a pack and their timestamps.
func seals(c *Check, b *bag.Result) []sealed {
	var list []sealed
	for _, f := range b.Files {
		if !signatureFile.MatchString(f.Name) || strings.HasSuffix(f.Name, ".tsr") {
			continue
		}
		s := sealed{name: f.Name, stampName: seal.TimestampName(f.Name)}
		s.signature = c.read(b, s.name)
		if b.File(s.stampName) != nil {
			s.stamp = c.read(b, s.stampName)
		}
		list = append(list, s)
	}
	return list
}

// add adds what package seal found.
func (c *Check) add(path string, err error) {
	code := Absent
	if e, ok := errors.AsType[*seal.Error](err); ok {
		code = bag.Code(e.Code)
	}
	c.find(code, path, "%v", err)
}

// signature checks the signatures of the tag manifest.
func (t *Trust) signature(_ context.Context, p *Contents) Check {
	c := Check{Name: "signature"}
	list := seals(&c, p.Bag)
	required := t.Signers != nil || t.RequireSignature
	switch {
	case len(list) == 0 && required:
		c.find(bag.Code(seal.SignatureMissing), TagManifest+".sig", "not there: the pack is not signed")
		c.conclude("")
		return c
	case len(list) == 0:
		return skipped(c.Name, "the pack is not signed")
	}
	message := c.read(p.Bag, TagManifest)
	var by []string
	for _, s := range list {
		name, err := t.signer(message, s)
		if err != nil {
			c.add(s.name, err)
			continue
		}
		by = append(by, name)
	}
	c.conclude("signed by %s", strings.Join(by, " and by "))
	if c.Verdict == Passed && t.Signers == nil {
		return skipped(c.Name, "made of this pack by "+strings.Join(by, " and by ")+
			"; whose that is was not checked, since no list of allowed signers was given")
	}
	return c
}

func skipped(name, words string) Check {
	return Check{Name: name, Verdict: Skipped, Words: words, Findings: []bag.Finding{}}
}

// signer returns who made a signature.
func (t *Trust) signer(message []byte, s sealed) (string, error) {
	if t.Signers == nil {
		by, err := seal.SignedBy(message, s.signature, seal.Namespace)
		return by.KeyType + " key " + by.Key, err
	}
	use := seal.Use{Namespace: seal.Namespace, Identity: t.Identity, Time: t.Now}
	if len(t.Roots) > 0 && s.stamp != nil {
		stamp, err := seal.VerifyTimestamp(s.signature, s.stamp, seal.TimestampUse{Roots: t.Roots, Now: t.Now})
		if err == nil && stamp.Trusted {
			use.Time = stamp.Time
		}
	}
	by, err := t.Signers.Verify(message, s.signature, use)
	return bag.Printable(by.Principals) + ", " + by.KeyType + " key " + by.Key, err
}

// timestamp checks the timestamps of the signatures.
func (t *Trust) timestamp(_ context.Context, p *Contents) Check {
	c := Check{Name: "timestamp"}
	list := seals(&c, p.Bag)
	c.alone(p.Bag, list)
	var words []string
	trusted := false
	for _, s := range list {
		if s.stamp == nil {
			continue
		}
		stamp, err := seal.VerifyTimestamp(s.signature, s.stamp, seal.TimestampUse{Roots: t.Roots, Now: t.Now})
		if err != nil {
			c.add(s.stampName, err)
			continue
		}
		trusted = trusted || stamp.Trusted
		words = append(words, stamp.Time.UTC().Format(time.RFC3339)+" by "+bag.Printable(stamp.Authority))
		if !t.Before.IsZero() && !stamp.Latest().Before(t.Before) {
			c.find(TimestampLate, s.stampName, "from %s, not from before %s",
				stamp.Time.UTC().Format(time.RFC3339), t.Before.UTC().Format(time.RFC3339))
		}
	}
	required := len(t.Roots) > 0 || !t.Before.IsZero()
	switch {
	case len(words) == 0 && len(c.Findings) == 0 && required:
		c.find(bag.Code(seal.TimestampMissing), TagManifest+".sig.tsr", "not there: nothing shows when the pack was signed")
	case len(words) == 0 && len(c.Findings) == 0:
		return skipped(c.Name, "there is none")
	}
	c.conclude("signed before %s", strings.Join(words, ", and before "))
	if c.Verdict == Passed && !trusted {
		return skipped(c.Name, "says "+strings.Join(words, ", and ")+
			"; whose that is was not checked, since no certificate of an authority was given")
	}
	return c
}

// alone finds timestamps without their signatures.
func (c *Check) alone(b *bag.Result, list []sealed) {
	for _, f := range b.Files {
		known := slices.ContainsFunc(list, func(s sealed) bool { return s.stampName == f.Name })
		if signatureFile.MatchString(f.Name) && strings.HasSuffix(f.Name, ".tsr") && !known {
			c.find(TimestampAlone, f.Name, "the signature that it is of is not there")
		}
	}
}
