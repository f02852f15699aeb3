package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/internal/need"
)

// A signed pack in S3, its folder or its archive, gets the answer of a timestamp
// authority that was asked without lvtool, and verifies with it where it lies.
func TestAttach(t *testing.T) {
	t.Parallel()
	keygen := need.Program(t, "ssh-keygen")
	need.Program(t, "openssl")
	authority := filepath.Join(need.Data(t), "..", "tools", "tsa-up.sh")
	srv, dir := start(t), t.TempDir()
	versioning(t, srv)
	u := srv.as("root")
	at := func(name string) string { return filepath.Join(dir, name) }
	run := func(name string, args ...string) {
		t.Helper()
		if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	run(keygen, "-q", "-t", "ed25519", "-N", "", "-f", at("key"))
	sign := []string{"pack", "-q", "--sign", at("key"), "--tsq-out"}
	u.lvtool(t, "", append(sign, at("q1"), "-o", duePrefix, "../../samples/tiny.json")...).want(t, 0)
	u.lvtool(t, "", append(sign, at("q2"), "-o", at("one.zip"), "../../samples/created.json")...).want(t, 0)
	archive, err := os.ReadFile(at("one.zip"))
	if err != nil {
		t.Fatal(err)
	}
	srv.put(t, "packs/one.zip", archive)
	for i, pack := range []string{duePrefix + "58f1d4c0-b2e9-4a73-8d6c-e1907a3b5f2d/", duePrefix + "one.zip"} {
		queries, err := filepath.Glob(at([]string{"q1", "q2"}[i]) + "/*.tsq")
		if err != nil || len(queries) != 1 {
			t.Fatalf("got queries %q, %v", queries, err)
		}
		answer, root := at([]string{"1.tsr", "2.tsr"}[i]), at("tsa/root.crt")
		run("bash", authority, "reply", queries[0], answer, dir)
		attach := []string{"pack", "attach-timestamp", "--tsa-ca", root, "--query", queries[0], pack, answer}
		r := u.lvtool(t, "", attach...)
		if r.want(t, 0); !strings.Contains(r.stdout, "/tagmanifest-sha256.txt.sig.tsr  20") {
			t.Errorf("got %s", r.stdout)
		}
		r = u.lvtool(t, "", "verify", "--tsa-ca", root, "--require-timestamp-before", "2999-01-01", pack)
		if r.want(t, 0); !strings.Contains(r.stdout, "timestamp    passed: signed before 20") {
			t.Errorf("got %s", r.stdout)
		}
		u.lvtool(t, "", attach...).want(t, 1, "is of no signature without a timestamp")
	}
	stamped, versions := srv.below(t, "packs")["one.zip"], srv.versions(t, "packs/one.zip")
	if bytes.Equal(stamped, archive) || len(versions) != 2 {
		t.Errorf("got %d bytes, and versions %q", len(stamped), versions)
	}
}
