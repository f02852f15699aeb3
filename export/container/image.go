// Package container makes a container image of one program, without a container
// engine: an archive that docker load, podman load, ctr images import, crane and
// skopeo read. It is both an OCI image layout and what docker save writes.
//
// The image holds the program, root certificates where they are given, and an
// empty /tmp; it has no shell and no user but the one by number that the program
// runs as. The same program gives the same bytes: no time and no owner is in it.
package container

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// DefaultUser is whom programs run as where nothing else is said: nobody, as
// other images without a distribution have it.
const DefaultUser = "65532:65532"

// maxProgram is the most bytes of a program, which is held in memory.
const maxProgram = 512 << 20

// An Image is one program.
type Image struct {
	// Name is the image's, with its tag: HOST/PATH:TAG. What has no host is on
	// Docker's.
	Name string
	// Program is a Linux program that needs no other file.
	Program []byte
	// Entry is the program's name in the image.
	Entry string
	// Authorities are root certificates in PEM, without which no HTTPS server can
	// be checked; nil for none.
	Authorities []byte
	// User is who runs it, UID:GID; empty means [DefaultUser].
	User string
}

var (
	tagged = lazyregexp.New(`^([a-zA-Z0-9][a-zA-Z0-9.-]*(:[0-9]{1,5})?/)?` +
		`[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$`)
	entry = lazyregexp.New(`^[a-z0-9][a-z0-9._-]{0,63}$`)
	user  = lazyregexp.New(`^[1-9][0-9]{0,8}:[1-9][0-9]{0,8}$`)
)

// Write writes the image as a tar archive.
func (i Image) Write(w io.Writer) error {
	if i.User == "" {
		i.User = DefaultUser
	}
	arch, err := i.check()
	if err != nil {
		return err
	}
	layer, err := i.layer()
	if err != nil {
		return err
	}
	return i.archive(w, arch, layer)
}

// check refuses what would not run, and returns the program's architecture.
func (i Image) check() (arch string, err error) {
	switch {
	case len(i.Name) > 255 || !tagged.MatchString(i.Name):
		return "", fmt.Errorf("image %+q: want NAME:TAG, such as registry.example/lvtool:1", i.Name)
	case !entry.MatchString(i.Entry):
		return "", fmt.Errorf("program %+q: want a name of small letters", i.Entry)
	case !user.MatchString(i.User):
		return "", fmt.Errorf("user %+q: want UID:GID, neither of them root's", i.User)
	case len(i.Program) > maxProgram:
		return "", fmt.Errorf("the program has %d bytes, more than %d", len(i.Program), maxProgram)
	}
	if err := checkAuthorities(i.Authorities); err != nil {
		return "", err
	}
	return static(i.Program)
}

// checkAuthorities refuses what are not certificates alone. A private key among
// them would be published with the image.
func checkAuthorities(data []byte) error {
	if data == nil {
		return nil
	}
	n := 0
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		n++
		if block.Type != "CERTIFICATE" {
			return fmt.Errorf("root certificates: there is a %.40q among them", block.Type)
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return fmt.Errorf("root certificates: number %d: %w", n, err)
		}
	}
	if n == 0 {
		return errors.New("root certificates: none; want PEM")
	}
	return nil
}

// fullName returns the name with its host.
func fullName(name string) string {
	host, _, found := strings.Cut(name, "/")
	switch {
	case !found:
		return "docker.io/library/" + name
	case !strings.ContainsAny(host, ".:") && host != "localhost":
		return "docker.io/" + name
	}
	return name
}
