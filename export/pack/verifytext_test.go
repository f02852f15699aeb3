package pack_test

import (
	"bytes"
	"crypto/rand"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/bag/seal"
	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/internal/need"
)

// newAuthority makes a timestamp authority in a folder, by openssl alone: its root
// is tsa-ca.pem, and it answers with newAuthorityReply.
const (
	newAuthority = `
cat > tsa.cnf <<'EOF'
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[leaf]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = here
[here]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
EOF
echo 02 > serial
new="openssl req -config tsa.cnf -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
$new -x509 -keyout ca.key -out tsa-ca.pem -days 2 -subj /CN=root -extensions ca
$new -new -keyout tsa.key -out tsa.csr -subj /CN=clock
openssl x509 -req -in tsa.csr -CA tsa-ca.pem -CAkey ca.key -set_serial 2 -days 2 \
  -extfile tsa.cnf -extensions leaf -out tsa.pem
`
	newAuthorityReply = "openssl ts -reply -config tsa.cnf -queryfile query -out answer"
)

func sh(tb testing.TB, dir, command string) (string, error) {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), "sh", "-ec", command)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// sealedPack returns a pack with a signature and a timestamp, in a folder beside
// which lies what a checker has from elsewhere.
func sealedPack(tb testing.TB, outside string) files {
	tb.Helper()
	if out, err := sh(tb, outside, newAuthority); err != nil {
		tb.Fatalf("%v\n%s", err, out)
	}
	by := signer(tb)
	keep := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(outside, name), data, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	keep("allowed_signers", []byte(`signer@example.com namespaces="lvtool-pack@v1" `+by.Public()+"\n"))
	opts := options()
	opts.SealedWith = []string{pack.SealedBy(by.Key()), pack.SealedTime}
	opts.Seal = func(tagManifest []byte, put bag.Put) error {
		signature, err := seal.Sign(tagManifest, seal.Namespace, by)
		if err != nil {
			return err
		}
		query, err := seal.NewQuery(signature, rand.Reader)
		if err != nil {
			return err
		}
		keep("query", query)
		if out, err := sh(tb, outside, newAuthorityReply); err != nil {
			tb.Fatalf("%v\n%s", err, out)
		}
		answer, err := os.Open(filepath.Join(outside, "answer"))
		if err != nil {
			return err
		}
		defer answer.Close()
		name := seal.SignatureName(pack.TagManifest, 0)
		if err := put(name, bytes.NewReader(signature)); err != nil {
			return err
		}
		return put(seal.TimestampName(name), answer)
	}
	return write(tb, sample(tb, "tiny.json"), opts)
}

// TestVerifyTextSealed follows VERIFY.txt to the letter on a pack that is signed and
// has a timestamp, and on such packs in which one thing is wrong.
func TestVerifyTextSealed(t *testing.T) {
	need.Program(t, "sha256sum")
	need.Program(t, "ssh-keygen")
	need.Program(t, "openssl")
	outside := t.TempDir()
	good := sealedPack(t, outside)
	blocks := commands(good[pack.VerifyFile], "1. Linux")
	for name, test := range map[string]struct {
		change func(files)
		found  string // by which blocks, of six
	}{
		"nothing":         {func(files) {}, ""},
		"a file":          {func(f files) { f["data/report.json"] += " " }, "0"},
		"a file added":    {func(f files) { f["data/more"] = "" }, "1"},
		"file and lists":  {func(f files) { f["data/report.json"] += " "; f.reseal() }, "3"},
		"other signature": {swap("tagmanifest-sha256.txt.sig", "U1NI", "U1NJ"), "345"},
		"other timestamp": {func(f files) {
			stamp := []byte(f["tagmanifest-sha256.txt.sig.tsr"])
			stamp[len(stamp)-1] ^= 1
			f["tagmanifest-sha256.txt.sig.tsr"] = string(stamp)
		}, "45"},
	} {
		t.Run(name, func(t *testing.T) {
			f := maps.Clone(good)
			test.change(f)
			dir := filepath.Join(outside, "pack")
			if err := os.Rename(f.write(t), dir); err != nil {
				t.Fatal(err)
			}
			defer os.RemoveAll(dir)
			for i, block := range blocks {
				out, err := sh(t, dir, block)
				if found := err != nil; found != strings.Contains(test.found, string(rune('0'+i))) {
					t.Errorf("%s: got %v, want found by %q\n%s", block, err, test.found, out)
				}
			}
		})
	}
}
