package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/bag/seal"
	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/internal/tsa"
)

// sealFlags are the flags that say how packs are signed.
func sealFlags() []cli.Flag {
	return append([]cli.Flag{
		signFlag(), passphraseFlag(),
		value("tsa", sealing,
			"have the timestamp authority at `URL` say when the packs were signed; it gets a digest of each signature"),
		value("tsq-out", sealing, "write a query for a timestamp authority to `DIR` for each signature"),
	}, encryptFlags()...)
}

func signFlag() cli.Flag {
	return &cli.StringSliceFlag{
		Name: "sign", Category: sealing,
		Usage: "sign with the private key in `FILE`, or that of the SSH agent: agent, or agent:FINGERPRINT;" +
			" can be given again",
	}
}

const signPassphrase = "sign-passphrase-file"

func passphraseFlag() cli.Flag { return passphraseFileFlag(signPassphrase, "the private key") }

// A sealer signs packs. Several goroutines may use it at once.
type sealer struct {
	signers []*seal.Signer
	// agent is the connection to the SSH agent; nil where none is needed.
	agent   net.Conn
	tsa     string
	queries string
}

// newSealer reads the flags of [sealFlags]; it is nil where nothing is to be
// signed.
func newSealer(c *cli.Context) (*sealer, error) {
	keys := c.StringSlice("sign")
	s := &sealer{tsa: c.String("tsa"), queries: c.String("tsq-out")}
	if len(keys) == 0 {
		if s.tsa != "" || s.queries != "" {
			return nil, usageError("--tsa and --tsq-out are about the time of a signature: give --sign too")
		}
		return nil, nil
	}
	if err := checkTSA(s.tsa); err != nil {
		return nil, err
	}
	for _, key := range keys {
		signer, err := s.signer(c, key)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("--sign %s: %w", key, unwrapPath(err)), s.close())
		}
		s.signers = append(s.signers, signer)
	}
	if s.queries != "" {
		if err := os.MkdirAll(s.queries, folderMode); err != nil {
			return nil, fmt.Errorf("--tsq-out %s: %w", s.queries, unwrapPath(err))
		}
	}
	return s, nil
}

func checkTSA(address string) error {
	u, err := url.Parse(address)
	if address != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return usageError("--tsa %s: want an address that begins with http:// or https://", address)
	}
	return nil
}

// signer returns the signer that a value of --sign names.
func (s *sealer) signer(c *cli.Context, key string) (*seal.Signer, error) {
	if want, ok := strings.CutPrefix(key, "agent"); ok && (want == "" || want[0] == ':') {
		if err := s.connect(c.Context); err != nil {
			return nil, err
		}
		return seal.AgentKey(s.agent, strings.TrimPrefix(want, ":"))
	}
	text, err := os.ReadFile(key)
	if err != nil {
		return nil, err
	}
	locked := passphrase{flag: signPassphrase, of: key, locked: errLocked}
	return seal.ParseKey(text, locked.once(c))
}

var errLocked = errors.New("the key has a passphrase: give --sign-passphrase-file, or use ssh-add and --sign agent")

var errNoAgent = errors.New("no SSH agent: SSH_AUTH_SOCK is not set")

// connect connects to the SSH agent.
func (s *sealer) connect(ctx context.Context) error {
	socket := os.Getenv("SSH_AUTH_SOCK")
	switch {
	case s.agent != nil:
		return nil
	case socket == "":
		return errNoAgent
	}
	var err error
	s.agent, err = (&net.Dialer{}).DialContext(ctx, "unix", socket)
	return err
}

func (s *sealer) close() error {
	if s == nil || s.agent == nil {
		return nil
	}
	return s.agent.Close()
}

// with says what every pack is sealed with.
func (s *sealer) with() []string {
	var list []string
	for _, signer := range s.signers {
		list = append(list, pack.SealedBy(signer.Key()))
	}
	if s.tsa != "" {
		list = append(list, pack.SealedTime)
	}
	return list
}

// seal signs the tag manifest of the pack name, and has the signatures
// timestamped.
func (s *sealer) seal(ctx context.Context, name string, tagManifest []byte, put bag.Put) error {
	for i, signer := range s.signers {
		signature, err := seal.Sign(tagManifest, seal.Namespace, signer)
		if err != nil {
			return fmt.Errorf("signing %s with key %s: %w", name, signer.Key(), err)
		}
		file := seal.SignatureName(pack.TagManifest, i)
		if err := put(file, bytes.NewReader(signature)); err != nil {
			return err
		}
		if err := s.stamp(ctx, name, file, signature, put); err != nil {
			return fmt.Errorf("timestamp of %s: %w", name, err)
		}
	}
	return nil
}

// stamp gets the timestamp of a signature, or writes the query for one.
func (s *sealer) stamp(ctx context.Context, name, file string, signature []byte, put bag.Put) error {
	if s.tsa == "" && s.queries == "" {
		return nil
	}
	query, err := seal.NewQuery(signature, rand.Reader)
	if err != nil {
		return err
	}
	if s.queries != "" {
		suffix := strings.TrimPrefix(file, pack.TagManifest)
		if err := os.WriteFile(filepath.Join(s.queries, name+suffix+".tsq"), query, fileMode); err != nil {
			return err
		}
	}
	if s.tsa == "" {
		return nil
	}
	response, err := (&tsa.Client{UserAgent: "lvtool/" + version}).Ask(ctx, s.tsa, query)
	if err != nil {
		return err
	}
	if _, err := seal.VerifyTimestamp(signature, response, seal.TimestampUse{Query: query}); err != nil {
		return fmt.Errorf("%s: %w", s.tsa, err)
	}
	return put(seal.TimestampName(file), bytes.NewReader(response))
}
