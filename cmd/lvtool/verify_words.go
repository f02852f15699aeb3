package main

import (
	"encoding/json"

	"github.com/lvtool/lvtool/export/pack"
)

// kindWords say what was verified.
var kindWords = map[string]string{
	pack.KindPack: "an evidence pack",
	pack.KindBag:  "a BagIt bag, but no pack of lvtool",
	pack.KindNone: "neither a pack nor a bag",
}

// say writes what was found of a pack: lines for people, or one of JSON.
func (v *packVerifier) say(name string, r *pack.Verification) {
	w := v.c.App.Writer
	if v.c.Bool("json") {
		_ = json.NewEncoder(asciiControls{w}).Encode(struct {
			Pack   string `json:"pack"`
			Passed bool   `json:"passed"`
			*pack.Verification
		}{name, r.Passed(), r})
		return
	}
	verdict := "passed"
	if !r.Passed() {
		verdict = "FAILED"
	}
	sayf(w, "%s  %s: %s", name, verdict, kindWords[r.Kind])
	if r.Session != "" {
		sayf(w, "  %-13s%s", "session", r.Session)
	}
	for _, c := range r.Checks {
		sayf(w, "  %-13s%s: %s", c.Name, c.Verdict, c.Words)
		for _, f := range c.Findings {
			sayf(w, "    %s", f)
		}
	}
	if r.TagManifest != "" {
		sayf(w, "  tag manifest SHA-256 %s", r.TagManifest)
	}
}
