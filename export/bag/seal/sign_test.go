package seal_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/lvtool/lvtool/export/bag/seal"
)

func TestSignAndVerify(t *testing.T) {
	for name, key := range keys(t) {
		t.Run(name, func(t *testing.T) {
			s := signer(t, key)
			sig := sign(t, message, s)
			if again := sign(t, message, s); !bytes.Equal(again, sig) {
				t.Error("got another signature the second time, want the same")
			}
			list := allowed(t, "# who may\n\nanna@example.com,bo@example.com "+s.Public()+" Anna's key\n")
			got, err := list.Verify(message, sig, seal.Use{Namespace: seal.Namespace, Time: noon})
			wantCode(t, err, "")
			want := seal.Signature{
				Key: s.Key(), KeyType: strings.Fields(s.Public())[0],
				Principals: "anna@example.com,bo@example.com", Line: 3,
			}
			if got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
			if by, err := seal.SignedBy(message, sig, seal.Namespace); err != nil || by.Key != want.Key {
				t.Errorf("got %+v, %v, want the key %s", by, err, want.Key)
			}
		})
	}
}

// TestVerifyFindings changes one thing each time, and expects one finding.
func TestVerifyFindings(t *testing.T) {
	key := signer(t, edKey(1))
	line := key.Public()
	good := sign(t, message, key)
	git, err := seal.Sign(message, "git", key)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(good), "\n")
	for name, test := range map[string]struct {
		sig     []byte
		allowed string
		use     seal.Use
		want    seal.Code
	}{
		"good":            {want: ""},
		"none":            {sig: []byte(" \n"), want: seal.SignatureMissing},
		"other data":      {sig: sign(t, []byte("else"), key), want: seal.SignatureMismatch},
		"other namespace": {sig: git, want: seal.SignatureNamespace},
		"other key":       {sig: sign(t, message, signer(t, edKey(2))), want: seal.KeyNotAllowed},
		"not armoured":    {sig: []byte("signed, Anna\n"), want: seal.SignatureMalformed},
		"too long":        {sig: bytes.Repeat([]byte("A"), 1<<20), want: seal.SignatureMalformed},
		"cut short":       {sig: good[:len(good)-10], want: seal.SignatureMalformed},
		"no last newline": {sig: good[:len(good)-1], want: seal.SignatureMalformed},
		"carriage returns": {
			sig:  bytes.ReplaceAll(good, []byte("\n"), []byte("\r\n")),
			want: seal.SignatureMalformed,
		},
		"two blocks": {sig: bytes.Repeat(good, 2), want: seal.SignatureMalformed},
		"lines joined": {
			sig:  []byte(lines[0] + strings.TrimSpace(lines[1]) + strings.Join(lines[2:], "")),
			want: seal.SignatureMalformed,
		},
		"not Base64": {
			sig:  bytes.Replace(good, []byte("U1NI"), []byte("U1.I"), 1),
			want: seal.SignatureMalformed,
		},
		"not a signature": {
			sig:  bytes.Replace(good, []byte("U1NI"), []byte("V1NI"), 1),
			want: seal.SignatureMalformed,
		},
		"nobody":                {allowed: "# nobody yet\n", want: seal.KeyNotAllowed},
		"namespace allowed":     {allowed: `a namespaces="git,lvtool-*" ` + line, want: ""},
		"namespace not allowed": {allowed: `a namespaces="git" ` + line, want: seal.KeyNotAllowed},
		"namespace negated":     {allowed: `a namespaces="*,!lvtool-pack*" ` + line, want: seal.KeyNotAllowed},
		"identity": {
			allowed: "*@example.com " + line, use: seal.Use{Identity: "bo@example.com"},
			want: "",
		},
		"identity negated": {
			allowed: "*@example.com,!bo@* " + line, use: seal.Use{Identity: "bo@example.com"},
			want: seal.KeyNotAllowed,
		},
		"another identity": {
			allowed: "anna@example.com " + line, use: seal.Use{Identity: "bo@example.com"},
			want: seal.KeyNotAllowed,
		},
		"not yet":         {allowed: `a valid-after="20261122120001Z" ` + line, want: seal.KeyNotYetValid},
		"from now":        {allowed: `a valid-after="20261122120000Z" ` + line, want: ""},
		"no longer":       {allowed: `a valid-before="202611221159Z" ` + line, want: seal.KeyExpired},
		"until now":       {allowed: `a valid-before="202611221200" ` + line, want: ""},
		"the second line": {allowed: `a valid-before="20200101" ` + line + "\na " + line, want: ""},
		"the closest line": {
			allowed: `b ` + line + "\n" + `a valid-before="20200101" ` + line, use: seal.Use{Identity: "a"},
			want: seal.KeyExpired,
		},
		"an authority's": {allowed: "a cert-authority " + line, want: seal.KeyNotAllowed},
	} {
		t.Run(name, func(t *testing.T) {
			if test.sig == nil {
				test.sig = good
			}
			if test.allowed == "" {
				test.allowed = "a " + line
			}
			test.use.Namespace, test.use.Time = seal.Namespace, noon
			_, err := allowed(t, test.allowed).Verify(message, test.sig, test.use)
			wantCode(t, err, test.want)
		})
	}
}

func TestVerifyWithoutTime(t *testing.T) {
	key := signer(t, edKey(1))
	list := allowed(t, `a valid-before="20990101" `+key.Public())
	_, err := list.Verify(message, sign(t, message, key), seal.Use{Namespace: seal.Namespace})
	wantCode(t, err, seal.KeyTimeUnknown)
}

func TestVerifyWeakKey(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := seal.NewSigner(weak); !errors.Is(err, seal.ErrWeakKey) {
		t.Errorf("got %v, want %v", err, seal.ErrWeakKey)
	}
	if _, err := seal.ParseKey(privateText(t, weak, ""), nil); !errors.Is(err, seal.ErrWeakKey) {
		t.Errorf("got %v, want %v", err, seal.ErrWeakKey)
	}
}

func TestParseKey(t *testing.T) {
	secret := func(s string) func() ([]byte, error) {
		return func() ([]byte, error) { return []byte(s), nil }
	}
	asked := errors.New("nobody there")
	locked := privateText(t, edKey(1), "open sesame")
	for name, test := range map[string]struct {
		text       []byte
		passphrase func() ([]byte, error)
		want       error
	}{
		"plain":            {text: privateText(t, edKey(1), "")},
		"encrypted":        {text: locked, passphrase: secret("open sesame")},
		"wrong passphrase": {text: locked, passphrase: secret("open barley"), want: seal.ErrPassphrase},
		"nobody to ask":    {text: locked, want: seal.ErrPassphrase},
		"refused":          {text: locked, passphrase: func() ([]byte, error) { return nil, asked }, want: asked},
		"no key":           {text: []byte("hello"), want: seal.ErrNoKey},
		"public key":       {text: []byte(signer(t, edKey(1)).Public()), want: seal.ErrNoKey},
	} {
		t.Run(name, func(t *testing.T) {
			key, err := seal.ParseKey(test.text, test.passphrase)
			if !errors.Is(err, test.want) {
				t.Fatalf("got %v, want %v", err, test.want)
			}
			if err == nil && !bytes.Equal(sign(t, message, key), sign(t, message, signer(t, edKey(1)))) {
				t.Error("got another key's signature")
			}
		})
	}
}

func TestAgentKey(t *testing.T) {
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	two := agent.NewKeyring()
	for comment, key := range map[string]any{"anna": edKey(1), "bo": p256} {
		if err := two.Add(agent.AddedKey{PrivateKey: key, Comment: comment}); err != nil {
			t.Fatal(err)
		}
	}
	one := agent.NewKeyring()
	if err := one.Add(agent.AddedKey{PrivateKey: edKey(1)}); err != nil {
		t.Fatal(err)
	}
	print := signer(t, edKey(1)).Key()
	for name, test := range map[string]struct {
		keyring agent.Agent
		want    string
		err     string
	}{
		"the only one":   {keyring: one},
		"by fingerprint": {keyring: two, want: print},
		"by comment":     {keyring: two, want: "anna"},
		"ambiguous":      {keyring: two, err: "several"},
		"unknown":        {keyring: two, want: "carl\x1b", err: `no key "carl\x1b"`},
		"empty":          {keyring: agent.NewKeyring(), err: "ssh-add"},
	} {
		t.Run(name, func(t *testing.T) {
			key, err := seal.AgentKey(&agentConn{keyring: test.keyring}, test.want)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Fatalf("got %v, want …%s…", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(sign(t, message, key), sign(t, message, signer(t, edKey(1)))) {
				t.Error("got another key's signature")
			}
		})
	}
	if _, err := seal.AgentKey(new(bytes.Buffer), ""); err == nil {
		t.Error("got no error of an agent that hangs up")
	}
}

// TestVerifyCertificate signs with a key that an authority certified.
func TestVerifyCertificate(t *testing.T) {
	authority := sshSigner(t, edKey(9))
	certify := func(change func(*ssh.Certificate)) []byte {
		cert := &ssh.Certificate{
			Key: sshSigner(t, edKey(1)).PublicKey(), CertType: ssh.UserCert, ValidPrincipals: []string{"root", "anna"},
			ValidAfter: uint64(noon.Unix() - 60), ValidBefore: uint64(noon.Unix() + 60),
		}
		change(cert)
		if err := cert.SignCert(rand.Reader, authority); err != nil {
			t.Fatal(err)
		}
		key, err := ssh.NewCertSigner(cert, sshSigner(t, edKey(1)))
		if err != nil {
			t.Fatal(err)
		}
		return sign(t, message, wrap(t, key))
	}
	good := certify(func(*ssh.Certificate) {})
	line := "anna cert-authority " + wrap(t, authority).Public()
	for name, test := range map[string]struct {
		sig     []byte
		allowed string
		who     string
		want    seal.Code
	}{
		"good":      {sig: good},
		"asked for": {sig: good, who: "anna"},
		"not certified": {
			sig: good, allowed: strings.Replace(line, "anna", "*", 1), who: "bo",
			want: seal.KeyCertificate,
		},
		"not an authority": {sig: good, allowed: "anna " + wrap(t, authority).Public(), want: seal.KeyNotAllowed},
		"another authority": {
			sig: good, allowed: "anna cert-authority " + signer(t, edKey(8)).Public(),
			want: seal.KeyNotAllowed,
		},
		"host": {
			sig:  certify(func(c *ssh.Certificate) { c.CertType = ssh.HostCert }),
			want: seal.KeyCertificate,
		},
		"expired": {
			sig:  certify(func(c *ssh.Certificate) { c.ValidBefore = uint64(noon.Unix() - 1) }),
			want: seal.KeyCertificate,
		},
		"anybody": {
			sig:  certify(func(c *ssh.Certificate) { c.ValidPrincipals = nil }),
			want: seal.KeyCertificate,
		},
		"critical option": {
			sig:  certify(func(c *ssh.Certificate) { c.CriticalOptions = map[string]string{"force-command": "true"} }),
			want: seal.KeyCertificate,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if test.allowed == "" {
				test.allowed = line
			}
			use := seal.Use{Namespace: seal.Namespace, Identity: test.who, Time: noon}
			_, err := allowed(t, test.allowed).Verify(message, test.sig, use)
			wantCode(t, err, test.want)
		})
	}
}

// TestEveryChangeOfSignature changes, removes and adds every byte of a signature.
func TestEveryChangeOfSignature(t *testing.T) {
	key := signer(t, edKey(1))
	list := allowed(t, "a "+key.Public())
	good := sign(t, message, key)
	use := seal.Use{Namespace: seal.Namespace, Time: noon}
	for changed := range changes(good, 8) {
		if _, err := list.Verify(message, changed, use); err == nil {
			t.Fatalf("got no finding in a changed signature:\n%s", changed)
		}
	}
}
