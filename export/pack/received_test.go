package pack_test

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/lvtool/lvtool/export/bag/custody"
	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/export/review"
)

const receivedName = "pack" + pack.ReceivedEnd

// verifyWith verifies a pack with a log beside it.
func verifyWith(tb testing.TB, f files, log string) *pack.Verification {
	tb.Helper()
	v, err := pack.Verify(tb.Context(), f, &pack.VerifyOptions{
		More: []func(context.Context, *pack.Contents) pack.Check{pack.Received(receivedName, []byte(log))},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// decidedOn returns a log with a decision about a pack and another event, and
// the decisions.
func decidedOn(tb testing.TB, f files) (string, *review.Decisions) {
	tb.Helper()
	v := verify(tb, f)
	s, err := review.Read(tb.Context(), contents(tb, f).Payload(), "pack", nil)
	if err != nil {
		tb.Fatal(err)
	}
	d := &review.Decisions{Reviewer: "Zoë", Decisions: []review.Decision{{
		Binding: s.Binding(), Choice: review.Reject, Reasons: []string{"blurred"}, Note: "a <note>",
		Time: "2026-11-22T17:30:00Z",
	}}}
	log, err := custody.After(v.Info)
	if err != nil {
		tb.Fatal(err)
	}
	at := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	record := "sha256:" + lineOf(f[pack.ProvenanceFile])[:64] + " " + pack.ProvenanceFile
	err = d.AddTo(log, nil, []byte("file"), at, "lvtool/0.1.0")
	if err == nil {
		err = log.Add(at, "archive", custody.FixityCheck, record)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return string(log.Bytes()), d
}

func TestReceived(t *testing.T) {
	f := good(t)
	log, d := decidedOn(t, f)
	v := verifyWith(t, f, log)
	wantFound(t, v)
	last := v.Checks[len(v.Checks)-1]
	if !strings.HasPrefix(last.Words, "2 events since the pack was sealed") || last.Verdict != pack.Passed {
		t.Errorf("got %s: %s", last.Verdict, last.Words)
	}
	after, err := custody.After(v.Info)
	if err != nil {
		t.Fatal(err)
	}
	_, events, _ := custody.Verify(receivedName, []byte(log), after)
	entries, err := review.FromCustody(events)
	if err != nil || len(entries) != 1 || entries[0].Note != d.Decisions[0].Note || entries[0].Reviewer != "Zoë" {
		t.Errorf("got %+v, %v, want the decision", entries, err)
	}
	wantFound(t, verifyWith(t, f, ""))
}

// TestReceivedTampered changes the log beside a pack: the change is found, and
// the pack itself still passes.
func TestReceivedTampered(t *testing.T) {
	f := good(t)
	log, _ := decidedOn(t, f)
	lines := strings.SplitAfter(log, "\n")
	swap := func(old, text string) string {
		if !strings.Contains(log, old) {
			t.Fatalf("the log has no %q: %s", old, log)
		}
		return strings.Replace(log, old, text, 1)
	}
	zeros := strings.Repeat("0", 64)
	record := lineOf(f[pack.ProvenanceFile])[:64]
	_, number, _ := strings.Cut(lines[0], `"seq":`)
	for _, test := range []struct{ name, log, want string }{
		{"decision changed", swap(`"decision":"reject"`, `"decision":"approve"`), "custody-chain"},
		{"reviewer changed", swap("Zoë", "Zoe"), "custody-chain"},
		{"first line gone", lines[1], "custody-chain"},
		{"not after this pack", strings.Replace(log, lines[0], again(t, lines[0]), 1), "custody-chain"},
		{"numbered otherwise", swap(`"seq":`+number[:1], `"seq":9`), "custody-chain"},
		{"twice", log + log, "custody-chain"},
		{"spaces", swap(`"detail":{`, `"detail": {`), "custody-line"},
		{"no log", "x", "custody-line"},
		{"other choice", rechained(t, f, swap(`"decision":"reject"`, `"decision":"live"`)), "custody-decision"},
		{"other images", rechained(t, f,
			swap(`"images":[{`, `"images":[{"name":"x","sha256":"`+zeros+`"},{`)), "custody-decision"},
		{"another member", rechained(t, f, swap(`"blind":false`, `"blind":false,"x":1`)), "custody-decision"},
		{"no detail", rechained(t, f,
			`{"agent":"a","event":"review decision","object":"x","prev":"","seq":0,"time":"2026-11-22T18:00:00Z"}`+"\n",
		), "custody-decision"},
		{"other file", rechained(t, f, swap(record, zeros)), "custody-object"},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := verifyWith(t, f, test.log)
			got := found(v)
			if v.Passed() || len(got) == 0 || !strings.HasPrefix(got[0], "received: "+test.want+" ") {
				t.Errorf("got passed %t with %q, want %s", v.Passed(), got, test.want)
			}
			wantFound(t, verify(t, f))
		})
	}
}

// again returns a line as it would stand in the log beside another pack.
func again(tb testing.TB, line string) string {
	tb.Helper()
	_, prev, ok := strings.Cut(line, `"prev":"`)
	if !ok {
		tb.Fatalf("%s: no prev", line)
	}
	return strings.Replace(line, prev[:64], strings.Repeat("1", 64), 1)
}

// rechained chains the lines of a log anew, as whoever changed them could.
func rechained(tb testing.TB, f files, log string) string {
	tb.Helper()
	_, events, _ := custody.Verify(receivedName, []byte(log), nil)
	if len(events) == 0 {
		tb.Fatalf("no event in %s", log)
	}
	made, err := custody.After(verify(tb, f).Info)
	if err != nil {
		tb.Fatal(err)
	}
	for _, e := range events {
		if err := made.Append(e); err != nil {
			tb.Fatal(err)
		}
	}
	return string(made.Bytes())
}

// TestReceivedElsewhere holds a log to another pack than that it goes on after.
func TestReceivedElsewhere(t *testing.T) {
	log, _ := decidedOn(t, good(t))
	opts := options()
	opts.Case = "another"
	opts.Time = opts.Time.Add(time.Hour)
	other := write(t, sample(t, "tiny.json"), opts)
	got := fmt.Sprint(found(verifyWith(t, other, log)))
	if !strings.Contains(got, "received: custody-chain "+receivedName) {
		t.Errorf("got %s, want a broken chain", got)
	}
}

func TestPayload(t *testing.T) {
	f := good(t)
	payload := contents(t, f).Payload()
	got, err := fs.ReadFile(payload, "report.json")
	if err != nil || string(got) != f[pack.ReportFile] {
		t.Errorf("got %d bytes, %v, want report.json", len(got), err)
	}
	for _, name := range []string{"bag-info.txt", "../bag-info.txt", "nothing", ""} {
		if _, err := payload.Open(name); err == nil {
			t.Errorf("%s: got a file, want none", name)
		}
	}
}
