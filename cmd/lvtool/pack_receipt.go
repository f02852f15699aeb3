package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/lvtool/lvtool/export/bag/seal"
	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/internal/lazyregexp"
)

const (
	// receiptNamespace is what signatures of receipts are made for.
	receiptNamespace = "lvtool-receipt@v1"
	receiptSchema    = "lvtool.receipt/1"
)

// A receipt says which packs were deleted. It names nobody.
type receipt struct {
	Schema string `json:"schema"`
	// Deleted is when all of them were gone, in UTC; "" in a plan.
	Deleted string        `json:"deleted,omitempty"`
	Tool    receiptTool   `json:"tool"`
	Packs   []deletedPack `json:"packs"`
}

type receiptTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// A deletedPack is one that is no more.
type deletedPack struct {
	TagManifest string `json:"tagmanifest_sha256"`
	RetainUntil string `json:"retain_until"`
	// Versions counts the versions and delete markers of its objects, in S3.
	Versions int `json:"versions,omitempty"`
}

// expiredName is what a pack is called between vanishing and being deleted.
func expiredName(digest string) string { return workPrefix + "expired-" + digest }

// planFile is where the plan of a run lies that has not finished. It lies beside
// the receipt, not among the packs, since what it says is signed in the end.
func planFile(file string) string { return file + ".part" }

// delete deletes what is due. Before anything is deleted there is a plan of it,
// which becomes the receipt when all of it is gone.
func (e *expiry) delete() error {
	file := e.c.String("receipt")
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("--receipt %s: there already; a receipt is not replaced", filepath.ToSlash(file))
	}
	var err error
	if e.plan, err = readPlan(planFile(file)); err != nil {
		return fmt.Errorf("%s: %w", filepath.ToSlash(planFile(file)), unwrapPath(err))
	}
	signer, err := newSealer(e.c)
	if err != nil {
		return err
	}
	if err := cmp.Or(e.shelf.sweep(e.plan), e.list()); err != nil {
		return errors.Join(err, signer.close())
	}
	return errors.Join(e.carryOut(signer, file), signer.close())
}

var digestText = lazyregexp.New(`^[0-9a-f]{64}$`)

// readPlan reads what a stopped run was about to delete; nothing where there was
// none.
func readPlan(file string) (*receipt, error) {
	plan := &receipt{}
	data, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return plan, nil
	case err != nil:
		return nil, err
	}
	if err := json.Unmarshal(data, plan); err != nil || plan.Schema != receiptSchema {
		return nil, errors.New("not the plan of a run that was stopped")
	}
	for _, p := range plan.Packs {
		if !digestText.MatchString(p.TagManifest) {
			return nil, errors.New("not the plan of a run that was stopped: it has no digest")
		}
	}
	return plan, nil
}

func (e *expiry) failed(name string, err error) error {
	return fmt.Errorf("deleting %s: %w", e.shelf.address(name), unwrapPath(err))
}

// due returns the packs that are due and can be deleted. What stands against it
// is said; what stands against deleting any ends the command.
func (e *expiry) due() (due []*kept, failures, fatal error) {
	for _, k := range e.packs {
		if k.state != pack.Due {
			continue
		}
		err := e.shelf.check(e.c.Context, k)
		switch {
		case e.c.Err() != nil:
			return nil, nil, e.c.Err()
		case errors.Is(err, errBlind):
			return nil, nil, err
		case err != nil:
			failures = errors.Join(failures, e.failed(k.name, err))
		default:
			due = append(due, k)
		}
	}
	return due, failures, nil
}

// carryOut deletes, and writes the receipt.
func (e *expiry) carryOut(signer *sealer, file string) error {
	due, failures, err := e.due()
	if err != nil {
		return err
	}
	gone := &receipt{Schema: receiptSchema, Tool: receiptTool{"lvtool", version}, Packs: e.goneBefore()}
	planned := *gone
	planned.Packs = slices.Clone(gone.Packs)
	for _, k := range due {
		planned.Packs = append(planned.Packs, k.record())
	}
	if len(planned.Packs) == 0 {
		return failures
	}
	if err := planned.write(planFile(file)); err != nil {
		return errors.Join(failures, err)
	}
	for _, k := range due {
		vanished, err := e.shelf.remove(e.c.Context, k)
		switch {
		case err != nil && (vanished || e.c.Err() != nil):
			return errors.Join(failures, e.failed(k.name, err)) // the plan says what is left to do
		case err != nil:
			failures = errors.Join(failures, e.failed(k.name, err))
		default:
			k.deleted = true
			gone.Packs = append(gone.Packs, k.record())
		}
	}
	e.shelf.sync()
	return errors.Join(failures, gone.finish(signer, file, e.now))
}

// goneBefore returns those of the plan that are no longer there.
func (e *expiry) goneBefore() []deletedPack {
	return slices.DeleteFunc(slices.Clone(e.plan.Packs), func(p deletedPack) bool {
		return slices.ContainsFunc(e.packs, func(k *kept) bool { return k.digest == p.TagManifest })
	})
}

func (k *kept) record() deletedPack {
	return deletedPack{k.digest, k.until.Format(time.DateOnly), k.versions}
}

// finish writes the receipt, after its signatures, and takes the plan away.
func (r *receipt) finish(signer *sealer, file string, now time.Time) error {
	if len(r.Packs) == 0 {
		return os.Remove(planFile(file))
	}
	r.Deleted = now.UTC().Format(time.RFC3339)
	if signer != nil {
		for i, key := range signer.signers {
			signature, err := seal.Sign(r.bytes(), receiptNamespace, key)
			if err != nil {
				return fmt.Errorf("signing %s: %w", filepath.ToSlash(file), err)
			}
			if err := writeWhole(seal.SignatureName(file, i), signature); err != nil {
				return err
			}
		}
	}
	if err := r.write(file); err != nil {
		return err
	}
	return os.Remove(planFile(file))
}

func (r *receipt) write(file string) error { return writeWhole(file, r.bytes()) }

// bytes returns the receipt as it is written, each pack once, in the order of
// their digests.
func (r *receipt) bytes() []byte {
	slices.SortFunc(r.Packs, func(x, y deletedPack) int { return strings.Compare(x.TagManifest, y.TagManifest) })
	r.Packs = slices.Compact(r.Packs)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	_ = enc.Encode(r) // strings alone
	return b.Bytes()
}
