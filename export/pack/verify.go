package pack

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// What was verified.
const (
	KindPack = "pack" // an evidence pack of lvtool
	KindBag  = "bag"  // a bag of another program, or of lvtool before it was changed
	KindNone = "none" // no bag
)

// A Verdict is what a check came to.
type Verdict string

// The verdicts.
const (
	Passed  Verdict = "passed"
	Failed  Verdict = "failed"
	Skipped Verdict = "skipped" // it does not apply, or was not asked for
)

// A Check is one part of a verification.
type Check struct {
	Name    string  `json:"check"`
	Verdict Verdict `json:"verdict"`
	// Words say what was checked and found, or why it was not checked.
	Words    string        `json:"words"`
	Findings []bag.Finding `json:"findings"`
	// Same says of every file that was made again whether it is the same; only
	// [Rederive] makes files.
	Same map[string]Same `json:"same,omitempty"`
}

// A Verification is what [Verify] found.
type Verification struct {
	Kind string `json:"kind"`
	// TagManifest is the SHA-256 digest of the tag manifest, which stands for
	// all of the pack; "" where there is none.
	TagManifest string `json:"tagmanifest_sha256,omitempty"`
	// Session is the session's id as bag-info.txt has it.
	Session string      `json:"session,omitempty"`
	Info    []bag.Field `json:"info"`
	Files   int         `json:"payload_files"`
	Bytes   int64       `json:"payload_bytes"`
	Checks  []Check     `json:"checks"`
}

// Passed reports whether no check failed.
func (v *Verification) Passed() bool {
	return v.Kind != KindNone && !slices.ContainsFunc(v.Checks, func(c Check) bool { return c.Verdict == Failed })
}

// Contents are the parts of a pack for a check to look at. What could not be
// read is nil.
type Contents struct {
	Bag        *bag.Result
	Report     *export.Report
	Provenance *Provenance
}

// VerifyOptions say how a pack is verified. The zero VerifyOptions, and nil, are
// ready to use.
type VerifyOptions struct {
	Limits bag.Limits
	// Each runs the work of several files; see [bag.Options].
	Each func(n int, do func(i int))
	// Profile is what a pack, or bag, must follow too; nil for none. Serialized
	// is the media type of the archive that it is in, "" for a folder.
	Profile    *bag.Profile
	Serialized string
	// Trust is what the seal is checked against; nil for no check of it. Of a bag
	// of another program it is checked only where Trust asks for a signature or
	// a timestamp: else a pack could be replaced with a plain bag.
	Trust *Trust
	// More are checks of packs that come after those of this package.
	More []func(context.Context, *Contents) Check
}

// signatureFile matches the names of signatures and their timestamps, which
// cannot be listed in what they sign.
var signatureFile = lazyregexp.New(`^tagmanifest-sha256\.txt\.sig(\.[1-9][0-9]?)?(\.tsr)?$`)

// Verify checks a pack, or a bag of another program, and goes on to its end
// whatever it finds. It fails only with the error of ctx.
func Verify(ctx context.Context, t bag.Tree, opts *VerifyOptions) (*Verification, error) {
	v, _, err := Read(ctx, t, opts)
	return v, err
}

// Read is [Verify] for those who look at the contents after it. Of a bag of
// another program, there is no more than the bag.
func Read(ctx context.Context, t bag.Tree, opts *VerifyOptions) (*Verification, *Contents, error) {
	if opts == nil {
		opts = &VerifyOptions{}
	}
	r, err := bag.Verify(ctx, t, &bag.Options{
		Limits: opts.Limits, Strict: true, Known: signatureFile.MatchString, Fold: fold, Each: opts.Each,
	})
	if err != nil {
		return nil, nil, err
	}
	c := &Contents{Bag: r}
	v := &Verification{Kind: kind(r), Info: r.Info, Files: r.Payload, Bytes: r.PayloadBytes}
	v.Session, _ = bag.Lookup(r.Info, SessionLabel)
	if v.Kind != KindPack {
		r.Relax()
	}
	if data, err := r.Read(TagManifest, bag.MostTagBytes); err == nil {
		v.TagManifest = sum(data)
	}
	v.Checks = bagChecks(r)
	if opts.Profile != nil && v.Kind != KindNone {
		v.Checks = append(v.Checks, checkProfile(r, opts))
	}
	if v.Kind != KindPack {
		if v.Kind == KindBag && opts.Trust.demands() {
			v.Checks = append(v.Checks, opts.Trust.signatures(r), opts.Trust.timestamps(r))
		}
		return v, c, nil
	}
	v.Checks = append(v.Checks, checkCustody(c), checkReport(c), checkProvenance(c))
	if opts.Trust != nil {
		v.Checks = append(v.Checks, opts.Trust.signatures(r), opts.Trust.timestamps(r))
	}
	for _, check := range opts.More {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		v.Checks = append(v.Checks, check(ctx, c))
	}
	return v, c, nil
}

// fold returns the same for names that some file system takes for one: Apple's
// do not tell normal forms apart, and they and those of Windows no case.
func fold(name string) string { return norm.NFC.String(cases.Fold().String(norm.NFD.String(name))) }

// kind returns what was verified: a pack says so in bag-info.txt, or has the
// files of one.
func kind(r *bag.Result) string {
	id, _ := bag.Lookup(r.Info, "BagIt-Profile-Identifier")
	switch {
	case id == ProfileID, r.File(ProvenanceFile) != nil && r.File(CustodyFile) != nil:
		return KindPack
	case r.File("bagit.txt") == nil:
		return KindNone
	}
	return KindBag
}

// bagChecks sorts what was found of the bag.
func bagChecks(r *bag.Result) []Check {
	structure := Check{Name: "structure"}
	complete := Check{Name: "completeness"}
	digests := Check{Name: "digests"}
	for _, f := range r.Findings {
		switch f.Code {
		case bag.BadChecksum, bag.Changed, bag.Unreadable:
			digests.Findings = append(digests.Findings, f)
		case bag.Missing, bag.Unlisted, bag.Extra, bag.BadOxum, bag.FetchNeeded, bag.NotRegular:
			complete.Findings = append(complete.Findings, f)
		default:
			structure.Findings = append(structure.Findings, f)
		}
	}
	structure.conclude("a BagIt %s bag", r.Version)
	complete.conclude("%s listed and there, and no other", counted(r.Payload, "payload file"))
	digests.conclude("%s of payload have the listed %s", counted(int(r.PayloadBytes), "byte"), algorithms(r))
	if len(r.Algorithms) == 0 {
		for _, c := range []*Check{&complete, &digests} {
			if c.Verdict == Passed {
				c.skip("no manifest lists files and their digests")
			}
		}
	}
	return []Check{structure, complete, digests}
}

// checkProfile holds a bag to a profile.
func checkProfile(r *bag.Result, opts *VerifyOptions) Check {
	c := Check{Name: "profile"}
	for _, f := range opts.Profile.Check(r, opts.Serialized) {
		c.find(f.Code, f.Path, "%s", f.Message)
	}
	c.conclude("as the profile %+.200q says", opts.Profile.ID())
	return c
}

func algorithms(r *bag.Result) string {
	var names []string
	for _, a := range r.Algorithms {
		names = append(names, strings.Replace(strings.ToUpper(string(a)), "SHA", "SHA-", 1))
	}
	return strings.Join(names, " and ")
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// conclude sets the verdict by what was found, and the words where it is well.
func (c *Check) conclude(format string, args ...any) {
	bad := 0
	for _, f := range c.Findings {
		if !f.Warning {
			bad++
		}
	}
	if c.Findings == nil {
		c.Findings = []bag.Finding{}
	}
	c.Verdict, c.Words = Passed, fmt.Sprintf(format, args...)
	if bad > 0 {
		c.Verdict, c.Words = Failed, counted(bad, "finding")
	}
}

// find adds a finding.
func (c *Check) find(code bag.Code, path, format string, args ...any) {
	if len(c.Findings) < maxFindings {
		c.Findings = append(c.Findings, bag.Finding{Code: code, Path: path, Message: fmt.Sprintf(format, args...)})
	}
}

// maxFindings bounds the findings of one check.
const maxFindings = 1000
