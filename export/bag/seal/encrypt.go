package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"filippo.io/age"
)

// PassphraseRecipient is whoever knows the passphrase. It must be the only
// recipient. The work is the power of two that its scrypt takes, 18 where zero:
// a second on a machine of 2020.
func PassphraseRecipient(passphrase string, work int) (Recipient, error) {
	r, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return Recipient{}, ErrEmptyPassphrase
	}
	if work != 0 {
		r.SetWorkFactor(work)
	}
	return Recipient{r}, nil
}

// PassphraseIdentity is somebody who knows the passphrase. A file that takes the
// work of more than 20 is not decrypted.
func PassphraseIdentity(passphrase string) (Identity, error) {
	i, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return Identity{}, ErrEmptyPassphrase
	}
	i.SetMaxWorkFactor(maxWork)
	return Identity{i}, nil
}

// ErrEmptyPassphrase says that there is no passphrase to encrypt or decrypt with.
var ErrEmptyPassphrase = errors.New("the passphrase is empty")

// Encrypted reports whether a file that begins so is one of age, in its binary form.
func Encrypted(begin []byte) bool { return bytes.HasPrefix(begin, []byte("age-encryption.org/v1\n")) }

// Encrypt returns a writer that encrypts to all of the recipients, in the binary
// form of age. Closing it writes the last block, and does not close dst.
func Encrypt(dst io.Writer, recipients []Recipient) (io.WriteCloser, error) {
	to := make([]age.Recipient, len(recipients))
	for i, r := range recipients {
		to[i] = r.age
	}
	w, err := age.Encrypt(dst, to...)
	if err != nil {
		return nil, fmt.Errorf("encrypting: %s", quiet(err))
	}
	return w, nil
}

// Decrypt returns a reader of what was encrypted to one of the identities. Its
// error, and those of the reader, are an [*Error] where it was not, or was changed
// or cut short. Whoever reads must read to the end before relying on any of it.
func Decrypt(src io.Reader, identities []Identity) (io.Reader, error) {
	from := &source{r: src}
	r, err := age.Decrypt(from, those(identities)...)
	if err != nil {
		return nil, from.refused(err)
	}
	return &decrypted{r: r, src: from}, nil
}

// DecryptAt is [Decrypt] for a file of which any part can be read, such as one that
// holds a ZIP archive. It returns how long the decrypted file is, and reads no more
// of it than it is asked for. A part that was changed is an error when it is read.
func DecryptAt(src io.ReaderAt, size int64, identities []Identity) (io.ReaderAt, int64, error) {
	from := &source{at: src}
	r, n, err := age.DecryptReaderAt(from, size, those(identities)...)
	if err != nil {
		return nil, 0, from.refused(err)
	}
	return &decrypted{at: r, src: from}, n, nil
}

func those(identities []Identity) []age.Identity {
	by := make([]age.Identity, len(identities))
	for i, d := range identities {
		by[i] = d.age
	}
	return by
}

// source remembers whether reading failed, so that a broken disk is not taken for
// a broken file.
type source struct {
	r   io.Reader
	at  io.ReaderAt
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.note(err)
	return n, err
}

// ReadAt is that of io.ReaderAt.
func (s *source) ReadAt(p []byte, offset int64) (int, error) {
	n, err := s.at.ReadAt(p, offset)
	s.note(err)
	return n, err
}

func (s *source) note(err error) {
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
}

// refused returns why a file was not decrypted at all.
func (s *source) refused(err error) error {
	if locked, ok := errors.AsType[*lockError](err); ok {
		return locked.err
	}
	none, ok := errors.AsType[*age.NoIdentityMatchError](err)
	switch {
	case !ok:
		return s.blame(err)
	case slices.Contains(none.StanzaTypes, scryptType):
		return finding(EncryptionIdentity, "it was encrypted with a passphrase, and not with one that was given")
	}
	return finding(EncryptionIdentity, "it was not encrypted to any of the identities given")
}

// blame returns the error of the source, if it had one, and else that of the file.
func (s *source) blame(err error) error {
	if s.err != nil {
		return s.err
	}
	return finding(EncryptionMalformed, "it is not an age file, or it was changed or cut short: %s", quiet(err))
}

// decrypted tells the errors of the file from those of its source.
type decrypted struct {
	r   io.Reader
	at  io.ReaderAt
	src *source
}

func (d *decrypted) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = d.src.blame(err)
	}
	return n, err
}

// ReadAt is that of io.ReaderAt.
func (d *decrypted) ReadAt(p []byte, offset int64) (int, error) {
	n, err := d.at.ReadAt(p, offset)
	if err != nil && !errors.Is(err, io.EOF) {
		err = d.src.blame(err)
	}
	return n, err
}
