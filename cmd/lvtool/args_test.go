package main

import (
	"slices"
	"strings"
	"testing"
)

func TestFlagsFirst(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"convert a.json", "convert -- a.json"},
		{"convert a.json --threshold 90", "convert --threshold 90 -- a.json"},
		{"convert a.json --threshold=90 b.json", "convert --threshold=90 -- a.json b.json"},
		{"convert a.json -o out b.json --json c.json", "convert -o out --json -- a.json b.json c.json"},
		{"convert --json a.json", "convert --json -- a.json"},
		{"convert - -o out", "convert -o out -- -"},
		{"convert a.json -- -o out", "convert -- a.json -o out"},
		{"convert -- a.json --json", "convert -- a.json --json"},
		{"convert a.json --bogus", "convert --bogus -- a.json"},
		// a flag whose value is missing ends the line, so that the parser says so
		{"convert a.json -o", "convert -o"},
		{"convert -o --json a.json", "convert -o"},
		{"convert -o -- a.json", "convert -o -- -- a.json"},
		{"review out -o a.html", "review -o a.html -- out"},
		{"review import a.json out --check", "review import --check -- a.json out"},
		{"review ./import --blind", "review --blind -- ./import"},
		{"bogus a.json --json", "bogus a.json --json"},
		{"--help", "--help"},
		{"", ""},
	} {
		got := flagsFirst(newApp(), append([]string{"lvtool"}, strings.Fields(tt.in)...))[1:]
		if !slices.Equal(got, strings.Fields(tt.want)) {
			t.Errorf("%s: got %q, want %s", tt.in, got, tt.want)
		}
	}
}
