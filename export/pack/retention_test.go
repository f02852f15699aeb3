package pack_test

import (
	"testing"
	"time"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/pack"
)

func TestRetention(t *testing.T) {
	day := func(s string) bag.Field { return bag.Field{Label: pack.RetainUntilLabel, Value: s} }
	hold := bag.Field{Label: "legal-hold", Value: "false"}
	kept := day("2031-11-22")
	for _, tt := range []struct {
		name, now, kind string
		info            []bag.Field
		want            pack.Retention
	}{
		{"long before", "2026-11-22T00:00:00Z", pack.KindPack, []bag.Field{kept}, pack.Retained},
		{"the last second", "2031-11-22T23:59:59Z", pack.KindPack, []bag.Field{kept}, pack.Retained},
		{"the day after", "2031-11-23T00:00:00Z", pack.KindPack, []bag.Field{kept}, pack.Due},
		{"still that day in UTC", "2031-11-23T00:30:00+01:00", pack.KindPack, []bag.Field{kept}, pack.Retained},
		{"held", "2099-01-01T00:00:00Z", pack.KindPack, []bag.Field{kept, hold}, pack.Held},
		{"held, undated", "2099-01-01T00:00:00Z", pack.KindPack, []bag.Field{hold}, pack.Held},
		{"undated", "2099-01-01T00:00:00Z", pack.KindPack, nil, pack.Undated},
		{"two days", "2099-01-01T00:00:00Z", pack.KindPack, []bag.Field{kept, kept}, pack.Undated},
		{"no day", "2099-01-01T00:00:00Z", pack.KindPack, []bag.Field{day("soon")}, pack.Undated},
		{"another bag", "2099-01-01T00:00:00Z", pack.KindBag, []bag.Field{kept}, pack.Unverified},
	} {
		now, err := time.Parse(time.RFC3339, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		v := &pack.Verification{Kind: tt.kind, Info: tt.info}
		if got, _ := v.Retention(now); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
		v.Checks = []pack.Check{{Verdict: pack.Failed}}
		if got, _ := v.Retention(now); got != pack.Unverified {
			t.Errorf("%s, not passed: got %s, want %s", tt.name, got, pack.Unverified)
		}
	}
}
