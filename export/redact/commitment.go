package redact

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"io/fs"

	"github.com/lvtool/lvtool/decode"
)

// nonceBytes is the length of a commitment's key: with keys of one length,
// HMAC-SHA-256 binds as well as SHA-256 resists collisions.
const nonceBytes = 32

// A Commitment binds a copy to the full folder it was made of.
//
// It is HMAC-SHA-256 under the nonce of these lines, each ended by a line feed:
// "lvtool.redaction/1"; the [FolderDigest] of the full folder; the mode; the
// share by which boxes grow; and for every image of the copy its name, a blank,
// and the SHA-256 of its file, or a hyphen where there is none.
type Commitment = decode.Digest

// commit returns the commitment to a folder and a copy's images.
func commit(nonce []byte, folder decode.Digest, o *Options, grow string, images []copied) Commitment {
	h := hmac.New(sha256.New, nonce)
	say := func(format string, args ...any) { fmt.Fprintf(h, format+"\n", args...) }
	say("lvtool.redaction/1")
	say("%s", folder)
	say("%s", o.Mode)
	say("%s", grow)
	for _, c := range images {
		if c.file == nil {
			say("%s -", c.name)
			continue
		}
		say("%s %s", c.name, decode.Digest(sha256.Sum256(c.file)))
	}
	return Commitment(h.Sum(nil))
}

// pseudonym returns what takes the place of a session id: the first half of
// HMAC-SHA-256 under the key, of a fixed text and the id, in hexadecimal. An id
// that is missing stays so.
func pseudonym(key []byte, id string) string {
	if id == "" {
		return ""
	}
	h := hmac.New(sha256.New, key)
	fmt.Fprintf(h, "lvtool.pseudonym/1\n%s", id)
	return hex.EncodeToString(h.Sum(nil)[:sha256.Size/2])
}

// FolderDigest returns the digest of all files of a folder: the SHA-256 of the
// lines that sha256sum writes for them, sorted by name. Of a BagIt bag it is
// that of its payload, the folder data, since tags may be added to a bag later:
//
//	find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
//
// A file that is not a regular one is an [ErrFolder].
func FolderDigest(folder fs.FS) (decode.Digest, error) {
	folder, err := payload(folder)
	if err != nil {
		return decode.Digest{}, err
	}
	lines := map[string]string{}
	err = fs.WalkDir(folder, ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir():
			return err
		case !d.Type().IsRegular():
			return fmt.Errorf("%w: %s is not a regular file", ErrFolder, path)
		}
		sum, err := fileDigest(folder, path)
		lines[path] = sum.String() + "  " + path + "\n"
		return err
	})
	if err != nil {
		return decode.Digest{}, err
	}
	h := sha256.New()
	writeSorted(h, lines)
	return decode.Digest(h.Sum(nil)), nil
}

func fileDigest(folder fs.FS, name string) (decode.Digest, error) {
	f, err := folder.Open(name)
	if err != nil {
		return decode.Digest{}, named(name, err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return decode.Digest{}, fmt.Errorf("%s: %w", name, err)
	}
	return decode.Digest(h.Sum(nil)), nil
}

func writeSorted(h hash.Hash, lines map[string]string) {
	for _, name := range sortedKeys(lines) {
		h.Write([]byte(lines[name]))
	}
}
