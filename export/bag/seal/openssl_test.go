package seal_test

import (
	"crypto/rand"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lvtool/lvtool/export/bag/seal"
	"github.com/lvtool/lvtool/internal/need"
)

// opensslConfig is of an authority that answers queries.
const opensslConfig = `
[tsa]
default_tsa = here
[here]
serial = serial
crypto_device = builtin
signer_cert = tsa.crt
certs = root.crt
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.2
digests = sha256, sha384, sha512
accuracy = secs:1, millisecs:500
ordering = yes
tsa_name = yes
ess_cert_id_alg = ESS_ALGORITHM
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
`

// opensslAuthority makes an authority by openssl alone, and returns its folder. Its
// keys are of the kind, and its tokens name its certificate by the algorithm.
func opensslAuthority(t *testing.T, kind []string, essAlgorithm string) (openssl, dir string) {
	t.Helper()
	openssl, dir = need.Program(t, "openssl"), t.TempDir()
	write(t, dir, "tsa.cnf", []byte(strings.Replace(opensslConfig, "ESS_ALGORITHM", essAlgorithm, 1)))
	write(t, dir, "serial", []byte("02\n"))
	for _, name := range []string{"root", "tsa"} {
		mustRun(t, dir, nil, openssl, append([]string{"genpkey", "-quiet", "-out", name + ".key"}, kind...)...)
		mustRun(t, dir, nil, openssl, "req", "-new", "-key", name+".key",
			"-subj", "/CN=test "+name, "-out", name+".csr")
	}
	mustRun(t, dir, nil, openssl, "x509", "-req", "-in", "root.csr", "-signkey", "root.key", "-days", "2",
		"-set_serial", "1", "-extfile", "tsa.cnf", "-extensions", "root", "-out", "root.crt")
	mustRun(t, dir, nil, openssl, "x509", "-req", "-in", "tsa.csr", "-CA", "root.crt", "-CAkey", "root.key",
		"-days", "2", "-set_serial", "2", "-extfile", "tsa.cnf", "-extensions", "leaf", "-out", "tsa.crt")
	return openssl, dir
}

var (
	p256    = []string{"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"}
	rsa2048 = []string{"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"}
)

// TestOpenSSLAnswers has openssl answer our query, and check the answer, as we do.
func TestOpenSSLAnswers(t *testing.T) {
	for name, test := range map[string]struct {
		kind      []string
		algorithm string
	}{
		"ecdsa": {p256, "sha256"}, "rsa": {rsa2048, "sha512"}, "named by SHA-1": {p256, "sha1"},
	} {
		t.Run(name, func(t *testing.T) {
			openssl, dir := opensslAuthority(t, test.kind, test.algorithm)
			query, err := seal.NewQuery(signed, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			write(t, dir, "sig", signed)
			write(t, dir, "q.tsq", query)
			mustRun(t, dir, nil, openssl, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "q.tsq", "-out", "r.tsr")
			mustRun(t, dir, nil, openssl, "ts", "-verify", "-data", "sig", "-in", "r.tsr", "-CAfile", "root.crt")
			mustRun(t, dir, nil, openssl, "ts", "-verify", "-queryfile", "q.tsq", "-in", "r.tsr", "-CAfile", "root.crt")

			roots, err := seal.ParseRoots(read(t, filepath.Join(dir, "root.crt")))
			if err != nil {
				t.Fatal(err)
			}
			answer := read(t, filepath.Join(dir, "r.tsr"))
			got, err := seal.VerifyTimestamp(signed, answer, seal.TimestampUse{Roots: roots, Query: query})
			wantCode(t, err, "")
			if got.Accuracy != 1500*time.Millisecond || got.Policy != "1.2.3.4.1" || got.Authority != "CN=test tsa" {
				t.Errorf("got %+v, want 1.5 s, policy 1.2.3.4.1 and the name test tsa", got)
			}
			_, err = seal.VerifyTimestamp(message, answer, seal.TimestampUse{Roots: roots})
			wantCode(t, err, seal.TimestampMismatch)
		})
	}
}

// TestOpenSSLQuery checks an answer to a query that openssl made, for another policy.
func TestOpenSSLQuery(t *testing.T) {
	openssl, dir := opensslAuthority(t, p256, "sha256")
	write(t, dir, "sig", signed)
	mustRun(t, dir, nil, openssl, "ts", "-query", "-data", "sig", "-sha512", "-cert",
		"-tspolicy", "1.2.3.4.2", "-out", "q.tsq")
	mustRun(t, dir, nil, openssl, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "q.tsq", "-out", "r.tsr")
	roots, err := seal.ParseRoots(read(t, filepath.Join(dir, "root.crt")))
	if err != nil {
		t.Fatal(err)
	}
	answer, query := read(t, filepath.Join(dir, "r.tsr")), read(t, filepath.Join(dir, "q.tsq"))
	use := seal.TimestampUse{Roots: roots, Query: query, Policies: []string{"1.2.3.4.2"}}
	_, err = seal.VerifyTimestamp(signed, answer, use)
	wantCode(t, err, "")
	use.Policies = []string{"1.2.3.4.1"}
	_, err = seal.VerifyTimestamp(signed, answer, use)
	wantCode(t, err, seal.TimestampPolicy)
}

// TestOpenSSLRefuses has openssl answer a query for a digest that it does not take,
// and one without a wish for the certificate.
func TestOpenSSLRefuses(t *testing.T) {
	openssl, dir := opensslAuthority(t, p256, "sha256")
	write(t, dir, "sig", signed)
	for name, test := range map[string]struct {
		args []string
		want seal.Code
		word string
	}{
		"digest":         {[]string{"-sha1", "-cert"}, seal.TimestampRefused, "digest algorithm"},
		"policy":         {[]string{"-sha256", "-cert", "-tspolicy", "1.9"}, seal.TimestampRefused, "policy"},
		"no certificate": {[]string{"-sha256"}, seal.TimestampNoCertificate, "carries no certificate"},
	} {
		query := []string{"ts", "-query", "-data", "sig", "-out", "q.tsq"}
		mustRun(t, dir, nil, openssl, append(query, test.args...)...)
		mustRun(t, dir, nil, openssl, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "q.tsq", "-out", "r.tsr")
		_, err := seal.VerifyTimestamp(signed, read(t, filepath.Join(dir, "r.tsr")), seal.TimestampUse{})
		if got := code(t, err); got != test.want || !strings.Contains(err.Error(), test.word) {
			t.Errorf("%s: got %q (%v), want %q …%s…", name, got, err, test.want, test.word)
		}
	}
}
