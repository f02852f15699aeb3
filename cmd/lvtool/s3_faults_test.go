package main

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/export"
)

// faultCodes are the faults that the server can have, and what a report calls
// them. Those without a fault are tested in package s3source.
var faultCodes = map[string][]string{
	"none":                   {"307", "once-503", "once-500", "once-reset", "once-cut", "twice-502-html", "once-crc64"},
	"bucket_region":          {"301", "400-region", "400-location"},
	"s3_region":              {"400-region-text", "400-region-silent"},
	"s3_no_credentials":      nil, // see testdata/script/s3.txtar
	"s3_expired_credentials": {"400-expired"},
	"s3_bad_credentials":     {"403-key", "403-secret"},
	"s3_clock":               {"403-clock"},
	"s3_denied":              {"403", "403-html"},
	"s3_key_denied":          {"403-kms"},
	"s3_customer_key":        {"400-ssec"},
	"s3_archived":            {"403-archived"},
	"not_found":              {"404"},
	"s3_no_bucket":           {"404-bucket"},
	"s3_no_version":          {"404-version", "400-version"},
	"s3_deleted":             {"404-marker", "405-marker"},
	"s3_throttled":           {"503", "429"},
	"s3_server":              {"500", "502-html"},
	"s3_network":             {"reset", "cut", "cut-chunked"},
	"s3_timeout":             {"stall"}, // of silence, s3source
	"s3_checksum":            {"crc32", "crc64", "short"},
	"too_large":              {"huge", "endless"},
	"s3_bucket_dots":         nil,
}

// The table of the guide says of every fault what a report calls it and, where
// that is so, that it is not tried again.
func TestFaultTable(t *testing.T) {
	text, err := os.ReadFile(awsGuide)
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "## When S3 fails")
	section, _, _ = strings.Cut(section, "\n#")
	row := regexp.MustCompile("(?m)^\\| .* \\| (.*) \\| `?([a-z0-9]+_[a-z0-9_]+|none)`? \\|$")
	rows := row.FindAllStringSubmatch(section, -1)
	if want := len(faultCodes) + 1; len(rows) != want { // "none" stands twice
		t.Errorf("got %d rows, want %d", len(rows), want)
	}
	for _, row := range rows {
		does, code := row[1], row[2]
		faults, known := faultCodes[code]
		if !known {
			t.Errorf("%s: not a fault of this test", code)
		}
		if adviceOn(code) == "" && code != "bucket_region" && code != "none" {
			t.Errorf("%s: no advice", code)
		}
		for _, fault := range faults {
			t.Run(fault, func(t *testing.T) { checkFault(t, fault, code, does) })
		}
	}
}

func checkFault(t *testing.T, fault, code, does string) {
	t.Helper()
	srv := s3Server(t)
	t.Setenv("AWS_MAX_ATTEMPTS", "2")
	if strings.HasPrefix(fault, "twice-") {
		t.Setenv("AWS_MAX_ATTEMPTS", "3")
	}
	key := "liveness/" + fetchID(1) + "/" + fault
	out := t.TempDir()
	got := lvtoolWith(t, inS3(fetchID(1), key), "convert", "-", "-o", out, "--cli-read-timeout", "1")
	r, err := export.ParseReport(bytes.NewReader(readAll(t, out)[fetchID(1)+"/"+markFile]))
	if err != nil {
		t.Fatal(err)
	}
	if code == "none" { // what the server has is no image, but it came
		if got := problemCodes(r); got != "format" {
			t.Errorf("got problems %q, want format", got)
		}
		return
	}
	got.want(t, exitSomeFailed, "stdin: reference: ")
	if got := r.Frames[0].Problems; len(got) == 0 || got[0].Code != code {
		t.Errorf("got problems %v, want %s", got, code)
	}
	n := srv.Requests(key)
	if once := strings.HasPrefix(does, "gives up at once") || code == "too_large"; once != (n == 1) {
		t.Errorf("got %d requests; the table says %q", n, does)
	}
	if advice := adviceOn(code); advice != "" {
		got.want(t, exitSomeFailed, "\n  hint: "+advice)
	}
}

// The guide tells of every option of fetch.
func TestReadmeFetchOptions(t *testing.T) {
	text, err := os.ReadFile(awsGuide)
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## fetch\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for _, f := range fetchFlags() {
		row := regexp.MustCompile("(?m)^\\| [^|]*`--" + f.Names()[0] + "`[^|]*\\|")
		if !row.MatchString(section) {
			t.Errorf("--%s: not in the tables", f.Names()[0])
		}
	}
}
