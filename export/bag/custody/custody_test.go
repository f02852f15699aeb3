package custody_test

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/bag/custody"
	"github.com/lvtool/lvtool/internal/need"
)

var at = time.Date(2026, 11, 22, 16, 0, 0, 999, time.UTC)

func written(tb testing.TB) *custody.Log {
	tb.Helper()
	l := custody.New()
	for i, kind := range []custody.Kind{custody.Ingestion, custody.Rendering, custody.Packing} {
		at := at.Add(time.Duration(i) * time.Minute)
		if err := l.Add(at, "lvtool/0.1.0", kind, fmt.Sprintf("sha256:%d <&>", i)); err != nil {
			tb.Fatal(err)
		}
	}
	return l
}

// follow verifies a log and compares it with the anchor of the sealed one.
func follow(data string, sealed *custody.Log) []string {
	l, _, found := custody.Verify("custody.jsonl", []byte(data), nil)
	if len(found) == 0 {
		found = custody.CheckAnchor("custody.jsonl", l, sealed.Anchor())
	}
	codes := []string{}
	for _, f := range found {
		codes = append(codes, fmt.Sprintf("%s:%d", f.Code, f.Line))
	}
	return codes
}

func TestLog(t *testing.T) {
	l := written(t)
	first, _, _ := strings.Cut(string(l.Bytes()), "\n")
	want := `{"agent":"lvtool/0.1.0","event":"ingestion","object":"sha256:0 <&>","prev":"` + strings.Repeat("0", 64) +
		`","seq":0,"time":"2026-11-22T16:00:00Z"}`
	if first != want {
		t.Errorf("got first line\n%s\nwant\n%s", first, want)
	}
	_, events, found := custody.Verify("custody.jsonl", l.Bytes(), nil)
	if len(found) > 0 || len(events) != 3 || events[2].Event != custody.Packing {
		t.Errorf("got %v, %v", events, found)
	}
}

// TestMutants changes one thing in a good log: one thing is found.
func TestMutants(t *testing.T) {
	sealed := written(t)
	good := string(sealed.Bytes())
	lines := strings.SplitAfter(good, "\n")
	replace := func(old, text string) string { return strings.Replace(good, old, text, 1) }
	for _, test := range []struct{ name, data, want string }{
		{"nothing", good, ""},
		{"edited", replace("16:00", "15:00"), "custody-chain:2"},
		{"last line edited", replace("16:02", "16:03"), "custody-head:0"},
		{"cut", lines[0] + lines[1], "custody-length:0"},
		{"empty", "", "custody-length:0"},
		{"first line gone", lines[1] + lines[2], "custody-chain:1"},
		{"middle line gone", lines[0] + lines[2], "custody-chain:2"},
		{"one more", good + lines[2], "custody-chain:4"},
		{"no final newline", strings.TrimSuffix(good, "\n"), "custody-line:3"},
		{"empty line", good + "\n", "custody-line:4"},
		{"byte order mark at the end", good + "\ufeff", "custody-line:4"},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := []string{}
			if test.want != "" {
				want = []string{test.want}
			}
			if got := follow(test.data, sealed); !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
	// What touches several lines, or a line that others follow, is found at the first.
	for _, test := range []struct{ name, data, want string }{
		{"moved", lines[1] + lines[0] + lines[2], "custody-chain:1"},
		{"line endings", strings.ReplaceAll(good, "\n", "\r\n"), "custody-line:1"},
		{"byte order mark", "\ufeff" + good, "custody-line:1"},
		{"space", replace(",", ", "), "custody-line:1"},
		{"unknown member", replace("{", `{"a":1,`), "custody-line:1"},
		{"member twice", replace("{", `{"agent":"x",`), "custody-line:1"},
		{"no JSON", "x\n" + good, "custody-line:1"},
		{"numbers", replace(`"seq":0`, `"seq":7`), "custody-chain:1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := follow(test.data, sealed); len(got) == 0 || got[0] != test.want {
				t.Errorf("got %q, want %q first", got, test.want)
			}
		})
	}
}

func TestOlder(t *testing.T) {
	l := written(t)
	if err := l.Add(at, "lvtool", custody.Transfer, "x"); err != nil {
		t.Fatal(err)
	}
	if got := follow(string(l.Bytes()), l); !slices.Equal(got, []string{"custody-time:4"}) {
		t.Errorf("got %q", got)
	}
}

func TestNoAnchor(t *testing.T) {
	l := written(t)
	odd := []bag.Field{{Label: custody.HeadLabel, Value: "x"}, l.Anchor()[1]}
	for _, info := range [][]bag.Field{nil, l.Anchor()[:1], l.Anchor()[1:], odd} {
		found := custody.CheckAnchor("custody.jsonl", l, info)
		if len(found) != 1 || found[0].Code != custody.NoAnchor {
			t.Errorf("%v: got %v", info, found)
		}
	}
}

// TestContinue holds that a receiver's log goes on where the sealed one ends.
func TestContinue(t *testing.T) {
	sealed := written(t)
	next, err := custody.Continue(sealed.Head(), sealed.Len())
	if err != nil {
		t.Fatal(err)
	}
	if err := next.Add(at.Add(time.Hour), "reviewer", custody.FixityCheck, "x"); err != nil {
		t.Fatal(err)
	}
	l, events, found := custody.Verify("next.jsonl", next.Bytes(), sealed)
	if len(found) > 0 || len(events) != 1 || events[0].Seq != 3 || l.Head() != next.Head() || l.Len() != 4 {
		t.Errorf("got %v, %v", events, found)
	}
	_, _, found = custody.Verify("next.jsonl", next.Bytes(), nil)
	if len(found) != 1 || found[0].Code != custody.Broken {
		t.Errorf("on its own: got %v, want it broken", found)
	}
	for _, head := range []string{"", "x", strings.ToUpper(sealed.Head()), sealed.Head()[2:]} {
		if _, err := custody.Continue(head, 3); !errors.Is(err, custody.ErrEvent) {
			t.Errorf("head %q: got %v, want %v", head, err, custody.ErrEvent)
		}
	}
}

func TestAddRefuses(t *testing.T) {
	l := custody.New()
	for _, err := range []error{
		l.Add(time.Time{}, "a", custody.Packing, "x"), l.Add(at, "", custody.Packing, "x"), l.Add(at, "a", "", "x"),
	} {
		if !errors.Is(err, custody.ErrEvent) {
			t.Errorf("got %v, want %v", err, custody.ErrEvent)
		}
	}
	if l.Len() != 0 {
		t.Errorf("got %d lines, want none", l.Len())
	}
}

// TestShell follows the chain with a shell and sha256sum alone.
func TestShell(t *testing.T) {
	need.Program(t, "sha256sum")
	sealed := written(t)
	cmd := exec.Command(need.Program(t, "sh"), "-c", `p=$(printf '0%.0s' 1 2 3 4 5 6 7 8); p=$p$p; p=$p$p; p=$p$p
while IFS= read -r l; do
  case $l in *"\"prev\":\"$p\""*) ;; *) echo "broken at: $l"; exit 1 ;; esac
  p=$(printf '%s\n' "$l" | sha256sum | cut -c1-64)
done
echo "$p"`)
	cmd.Stdin = bytes.NewReader(sealed.Bytes())
	out, err := cmd.CombinedOutput()
	if err != nil || string(out) != sealed.Head()+"\n" {
		t.Errorf("got %v, %s, want %s", err, out, sealed.Head())
	}
}

// FuzzVerify holds that a log without findings is one that this package writes.
func FuzzVerify(f *testing.F) {
	f.Add(written(f).Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		l, events, found := custody.Verify("custody.jsonl", data, nil)
		if len(found) > 0 {
			return
		}
		again := custody.New()
		for _, e := range events {
			if err := again.Add(e.Time, e.Agent, e.Event, e.Object); err != nil {
				t.Fatal(err)
			}
		}
		if again.Head() != l.Head() || !bytes.Equal(again.Bytes(), data) {
			t.Errorf("got\n%s\nfrom\n%s", again.Bytes(), data)
		}
	})
}

func ExampleContinue() {
	sealed := custody.New()
	if err := sealed.Add(at, "lvtool/0.1.0", custody.Packing, "data/"); err != nil {
		panic(err)
	}
	received, err := custody.Continue(sealed.Head(), sealed.Len())
	if err != nil {
		panic(err)
	}
	if err := received.Add(at, "Ada", custody.FixityCheck, "data/"); err != nil {
		panic(err)
	}
	_, events, found := custody.Verify("received.jsonl", received.Bytes(), sealed)
	fmt.Println(len(events), events[0].Event, len(found))
	// Output:
	// 1 fixity check 0
}

// A line that was changed breaks the chain at the next.
func ExampleVerify() {
	l := custody.New()
	for _, agent := range []string{"Ada", "Bob"} {
		if err := l.Add(at, agent, custody.FixityCheck, "data/"); err != nil {
			panic(err)
		}
	}
	forged := bytes.Replace(l.Bytes(), []byte("Ada"), []byte("Eve"), 1)
	_, _, found := custody.Verify("custody.jsonl", forged, nil)
	fmt.Println(len(found), found[0].Code, found[0].Line)
	// Output: 1 custody-chain 2
}

func ExampleNew() {
	l := custody.New()
	if err := l.Add(at, "lvtool/0.1.0", custody.Packing, "data/"); err != nil {
		panic(err)
	}
	fmt.Println(string(l.Bytes()[:62]))
	for _, f := range l.Anchor() {
		fmt.Println(f.Label)
	}
	// Output:
	// {"agent":"lvtool/0.1.0","event":"packing","object":"data/","pr
	// Custody-Log-Head
	// Custody-Log-Length
}
