package main

import (
	"reflect"
	"slices"
	"testing"

	"github.com/lvtool/lvtool/decode"
)

// Every limit has its flag, but for the one of decode.Load, which loads all
// images at once; the commands load one at a time.
func TestLimitFlags(t *testing.T) {
	var l decode.Limits
	for i, limit := range limitsOf(&l) {
		limit.set(int64(i) + 1)
	}
	v := reflect.ValueOf(l)
	var unset []string
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			unset = append(unset, v.Type().Field(i).Name)
		}
	}
	if want := []string{"Decoded"}; !slices.Equal(unset, want) {
		t.Errorf("no flag sets %q, want %q", unset, want)
	}
}

func TestReadCount(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want int64
	}{
		{"1", 1},
		{"64k", 64 << 10},
		{"15M", 15 << 20},
		{"2G", 2 << 30},
		{"0", 0},
		{"-1", 0},
		{"", 0},
		{"k", 0},
		{"1.5M", 0},
		{"99999999999", 0},
		{"1T", 0},
	} {
		if got := readCount(tt.in); got != tt.want {
			t.Errorf("readCount(%q): got %d, want %d", tt.in, got, tt.want)
		}
	}
}
