package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/digitorus/timestamp"

	"github.com/lvtool/lvtool/internal/need"
)

// An authority is a timestamp authority, whose clock stands still.
type authority struct {
	root, cert *x509.Certificate
	key        crypto.Signer
	now        time.Time
	// accuracy is how far off its clock may be.
	accuracy time.Duration
	// asked are the bytes of the queries.
	asked [][]byte
}

func newAuthority(t *testing.T, now time.Time) *authority {
	t.Helper()
	key := func() *ecdsa.PrivateKey {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	usage, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	if err != nil {
		t.Fatal(err)
	}
	rootKey, tsaKey := key(), key()
	year := 365 * 24 * time.Hour
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test root"},
		NotBefore: now.Add(-year), NotAfter: now.Add(10 * year), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign,
	}
	tsa := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "test authority"},
		NotBefore: now.Add(-year), NotAfter: now.Add(10 * year), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: usage}},
	}
	certify := func(c, by *x509.Certificate, public *ecdsa.PublicKey) *x509.Certificate {
		der, err := x509.CreateCertificate(rand.Reader, c, by, public, rootKey)
		if err != nil {
			t.Fatal(err)
		}
		made, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	a := &authority{key: tsaKey, now: now}
	a.root = certify(root, root, &rootKey.PublicKey)
	a.cert = certify(tsa, a.root, &tsaKey.PublicKey)
	return a
}

// ServeHTTP answers a query.
func (a *authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	a.asked = append(a.asked, query)
	q, err := timestamp.ParseRequest(query)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	answer := timestamp.Timestamp{
		HashAlgorithm: q.HashAlgorithm, HashedMessage: q.HashedMessage, Nonce: q.Nonce,
		Time: a.now, Accuracy: a.accuracy, Policy: asn1.ObjectIdentifier{1, 2, 3, 4, 1}, AddTSACertificate: true,
	}
	der, err := answer.CreateResponseWithOpts(a.cert, a.key, crypto.SHA256)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	_, _ = w.Write(der)
}

// atTime runs a command line at a time, and returns what it writes to both
// streams.
func atTime(t *testing.T, now time.Time, want int, args ...string) string {
	t.Helper()
	ctx := withClock(context.Background(), func() time.Time { return now })
	var out bytes.Buffer
	if got := run(ctx, append([]string{"lvtool"}, args...), nil, &out, &out); got != want {
		t.Fatalf("%q: exit code %d, want %d\n%s", args, got, want, &out)
	}
	return out.String()
}

func TestPackTimestamp(t *testing.T) {
	keygen := need.Program(t, "ssh-keygen")
	now := time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC)
	tsa := newAuthority(t, now)
	server := httptest.NewServer(tsa)
	defer server.Close()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	cmd := exec.CommandContext(t.Context(), keygen, "-q", "-t", "ed25519", "-N", "", "-f", at("key"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	root := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: tsa.root.Raw})
	if err := os.WriteFile(at("root.pem"), root, 0o600); err != nil {
		t.Fatal(err)
	}
	const sample = "../../samples/tiny.json"
	atTime(t, now, 0, "pack", "--sign", at("key"), "--tsa", server.URL, "--tsq-out", at("q"), "-o", at("packs"), sample)
	if len(tsa.asked) != 1 || len(tsa.asked[0]) > 100 {
		t.Errorf("the authority got %d queries, want one of less than 100 bytes", len(tsa.asked))
	}
	later := now.Add(48 * time.Hour)
	got := atTime(t, later, 0, "verify",
		"--tsa-ca", at("root.pem"), "--require-timestamp-before", "2026-11-23", at("packs"))
	if !strings.Contains(got, "timestamp    passed: signed before 2026-11-22T16:00:00Z by ") {
		t.Errorf("got\n%s", got)
	}
	for _, test := range []struct {
		code string
		now  time.Time
		args []string
	}{
		{"timestamp-late", later, []string{"--tsa-ca", at("root.pem"), "--require-timestamp-before", "2026-11-22"}},
		{"timestamp-future", now.Add(-time.Hour), []string{"--tsa-ca", at("root.pem")}},
	} {
		args := append(append([]string{"verify"}, test.args...), at("packs"))
		if got := atTime(t, test.now, 3, args...); !strings.Contains(got, "["+test.code+"]\n") {
			t.Errorf("%q: got\n%s\nwant %s", test.args, got, test.code)
		}
	}
	checkWithOpenSSL(t, at("packs"), at("root.pem"))
	stamps, err := filepath.Glob(at("packs/*/*.tsr"))
	if err != nil || len(stamps) != 1 {
		t.Fatalf("got timestamps %q, %v", stamps, err)
	}
	if err := os.Rename(stamps[0], at("answer.tsr")); err != nil {
		t.Fatal(err)
	}
	if got := atTime(t, later, 3, "verify", at("packs")); !strings.Contains(got, "[timestamp-missing]\n") {
		t.Errorf("without the timestamp, got\n%s", got)
	}
	attach := []string{
		"pack", "attach-timestamp", "--tsa-ca", at("root.pem"), filepath.Dir(stamps[0]), at("answer.tsr"),
	}
	atTime(t, later, 0, attach...)
	atTime(t, later, 0, "verify", "--tsa-ca", at("root.pem"), at("packs"))
	atTime(t, later, 1, attach...) // it is there
	atTime(t, later, 0, "pack", "--sign", at("key"), "-o", at("other"), "../../samples/created.json")
	others, err := filepath.Glob(at("other/*"))
	if err != nil || len(others) != 1 {
		t.Fatalf("got packs %q, %v", others, err)
	}
	got = atTime(t, later, 1, "pack", "attach-timestamp", others[0], at("answer.tsr"))
	if _, err := os.Stat(filepath.Join(others[0], filepath.Base(stamps[0]))); err == nil || got == "" {
		t.Errorf("the timestamp of another pack was taken: %s", got)
	}
}

// TestTimestampAccuracy holds that a key which was allowed until some time must have
// signed before it, as late as the timestamp can stand for.
func TestTimestampAccuracy(t *testing.T) {
	keygen := need.Program(t, "ssh-keygen")
	now := time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC)
	tsa := newAuthority(t, now)
	server := httptest.NewServer(tsa)
	defer server.Close()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	check(t, exec.CommandContext(t.Context(), keygen, "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", at("key")).Run())
	public, err := os.ReadFile(at("key.pub"))
	check(t, err)
	root := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: tsa.root.Raw})
	check(t, os.WriteFile(at("root.pem"), root, 0o600))
	list := `ada valid-before="20261122160000Z" ` + string(public)
	check(t, os.WriteFile(at("signers"), []byte(list), 0o600))
	for _, tt := range []struct {
		accuracy time.Duration
		want     int
	}{{0, exitDone}, {time.Second, exitVerify}} {
		tsa.accuracy = tt.accuracy
		packs := at("packs" + tt.accuracy.String())
		atTime(t, now, 0, "pack", "--sign", at("key"), "--tsa", server.URL, "-o", packs, "../../samples/created.json")
		got := atTime(t, now.AddDate(1, 0, 0), tt.want, "verify",
			"--allowed-signers", at("signers"), "--tsa-ca", at("root.pem"), packs)
		if strings.Contains(got, "[key-expired]") != (tt.want == exitVerify) {
			t.Errorf("accuracy %v: got\n%s", tt.accuracy, got)
		}
	}
}

// checkWithOpenSSL has openssl say that it takes the timestamps.
func checkWithOpenSSL(t *testing.T, packs, root string) {
	t.Helper()
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		return
	}
	signatures, err := filepath.Glob(filepath.Join(packs, "*", "*.sig"))
	if err != nil || len(signatures) != 1 {
		t.Fatalf("got signatures %q, %v", signatures, err)
	}
	cmd := exec.CommandContext(t.Context(), openssl, "ts", "-verify",
		"-data", signatures[0], "-in", signatures[0]+".tsr", "-CAfile", root)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestPackTimestampRefused holds that no pack appears without the timestamp that
// it is to have.
func TestPackTimestampRefused(t *testing.T) {
	keygen := need.Program(t, "ssh-keygen")
	now := time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC)
	other := newAuthority(t, now)
	for name, answer := range map[string]http.HandlerFunc{
		"error":  func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusTeapot) },
		"no DER": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
		"another's": func(w http.ResponseWriter, r *http.Request) {
			q, err := timestamp.CreateRequest(strings.NewReader("x"), &timestamp.RequestOptions{Certificates: true})
			if err != nil {
				t.Error(err)
			}
			other.ServeHTTP(w, httptest.NewRequestWithContext(r.Context(), http.MethodPost, "/", bytes.NewReader(q)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(answer)
			defer server.Close()
			dir := t.TempDir()
			key := filepath.Join(dir, "key")
			cmd := exec.CommandContext(t.Context(), keygen, "-q", "-t", "ed25519", "-N", "", "-f", key)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			packs := filepath.Join(dir, "packs")
			atTime(t, now, 1, "pack", "--sign", key, "--tsa", server.URL, "-o", packs, "../../samples/created.json")
			if _, err := os.Stat(packs); err == nil {
				t.Error("the folder of packs is there")
			}
		})
	}
}
