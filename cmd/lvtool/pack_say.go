package main

import (
	"fmt"
	"log/slog"

	"github.com/lvtool/lvtool/export"
)

// say writes what was made of a session.
func (p *packer) say(o *packed) {
	e := export.NewIndexEntry(o.report, o.name)
	title := p.out.title(o.name)
	switch {
	case p.c.Bool("json"):
		p.console.resultJSON(struct {
			Pack    string             `json:"pack"`
			Digest  string             `json:"tagmanifest_sha256"`
			Kept    bool               `json:"kept"`
			Session *export.IndexEntry `json:"session"`
		}{p.out.address(o.name), o.digest, o.kept, e})
	case !p.console.quiet:
		p.console.result(title + "  " + e.Summary())
		p.console.result("  tag manifest SHA-256 " + o.digest)
	}
	if o.kept {
		p.console.say(message{
			level: slog.LevelDebug, event: "kept", text: title + ": packed already", more: o.fields(e.Source.Name),
		})
	}
	for _, problem := range e.Problems {
		p.console.say(message{
			level: slog.LevelWarn, event: "problem",
			more: append(o.fields(e.Source.Name), slog.String("code", problem.Code)),
			text: fmt.Sprintf("%s: %s", e.Source.Name, problem), hint: adviceOn(problem.Code),
		})
	}
}
