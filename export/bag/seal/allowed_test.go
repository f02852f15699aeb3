package seal_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/lvtool/lvtool/export/bag/seal"
)

const line1 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"

func TestParseAllowedSignersErrors(t *testing.T) {
	const other = "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY="
	for name, test := range map[string]struct{ line, want string }{
		"no key":             {"anna", "no public key"},
		"no type":            {"anna namespaces=\"x\"", "no public key"},
		"no name":            {`"" ` + line1, "no name"},
		"not Base64":         {"anna ssh-ed25519 ~~~~", "not Base64"},
		"not a key":          {"anna ssh-ed25519 AAAA", "cannot be read"},
		"another type":       {"anna ssh-rsa " + strings.Fields(line1)[1], "not of the type"},
		"open quotation":     {`anna namespaces="x ` + line1, "not closed"},
		"unknown option":     {"anna verify-required " + line1, `unknown option "verify-required"`},
		"option twice":       {`anna namespaces="a",namespaces="b" ` + line1, "twice"},
		"value not quoted":   {"anna namespaces=x " + line1, "quotation marks"},
		"value half quoted":  {`anna namespaces="x\" ` + line1, "not closed"},
		"value empty":        {`anna namespaces="" ` + line1, "empty"},
		"flag with value":    {`anna cert-authority="x" ` + line1, "unknown option"},
		"no value":           {"anna valid-after " + line1, "quotation marks"},
		"not a time":         {`anna valid-after="yesterday" ` + line1, `"yesterday" is no time`},
		"no such day":        {`anna valid-after="20260230" ` + line1, "is no time"},
		"too many digits":    {`anna valid-after="202602301" ` + line1, "is no time"},
		"never":              {`anna valid-after="20260102",valid-before="20260101" ` + line1, "not after"},
		"unprintable":        {"anna \x1b[2J " + line1, `\x1b`},
		"another's key type": {"anna ecdsa-sha2-nistp256 " + other, "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			text := "# comment\n\nbo " + line1 + "\n" + test.line + "\n"
			_, err := seal.ParseAllowedSigners([]byte(text), seal.AllowedOptions{})
			e, ok := errors.AsType[*seal.LineError](err)
			if !ok || e.Line != 4 || !strings.Contains(e.Reason, test.want) || strings.Contains(e.Reason, "\x1b") {
				t.Errorf("got %v, want line 4: …%s…", err, test.want)
			}
		})
	}
	if _, err := seal.ParseAllowedSigners(make([]byte, 5<<20), seal.AllowedOptions{}); err == nil {
		t.Error("got no error of a list of 5 MiB")
	}
}

// TestParseAllowedSignersForms reads lines that are as they should be.
func TestParseAllowedSignersForms(t *testing.T) {
	key := signer(t, edKey(1))
	if got := key.Public(); got != line1 {
		t.Fatalf("got the key %s, want %s", got, line1)
	}
	sig := sign(t, message, key)
	for name, line := range map[string]string{
		"comment":             "anna " + line1 + " Anna's \"new\" key",
		"open quotation":      "anna " + line1 + ` 19" rack`,
		"tabs":                "\tanna\t\tssh-ed25519\t" + strings.Fields(line1)[1] + "\t",
		"quoted names":        `"anna" ` + line1,
		"carriage return":     "anna " + line1 + "\r\n",
		"no newline":          "anna " + line1,
		"capitals":            `anna NAMESPACES="lvtool-pack@v1" ` + line1,
		"comma in value":      `anna namespaces="git,lvtool-pack@v1",valid-after="20260101" ` + line1,
		"blank in value":      `anna namespaces="a b,lvtool-pack@v1" ` + line1,
		"quotation in value":  `anna namespaces="a\"b,lvtool-pack@v1" ` + line1,
		"question mark":       "?nn? " + line1,
		"pattern":             "a*n*a,!b* " + line1,
		"seconds":             `anna valid-before="20261122120000Z" ` + line1,
		"utc in words":        `anna valid-before="202611221200utc" ` + line1,
		"more than one entry": "bo,anna " + line1,
	} {
		t.Run(name, func(t *testing.T) {
			use := seal.Use{Namespace: seal.Namespace, Identity: "anna", Time: noon}
			_, err := allowed(t, line).Verify(message, sig, use)
			wantCode(t, err, "")
		})
	}
}

// TestAllowedSignersZone reads times without Z in the zone that is given.
func TestAllowedSignersZone(t *testing.T) {
	sig := sign(t, message, signer(t, edKey(1)))
	east := time.FixedZone("east", 3600)
	for zone, want := range map[*time.Location]seal.Code{nil: "", time.UTC: "", east: seal.KeyExpired} {
		text := []byte(`a valid-before="202611221200" ` + line1)
		list, err := seal.ParseAllowedSigners(text, seal.AllowedOptions{Zone: zone})
		if err != nil {
			t.Fatal(err)
		}
		_, err = list.Verify(message, sig, seal.Use{Namespace: seal.Namespace, Time: noon})
		wantCode(t, err, want)
	}
}
