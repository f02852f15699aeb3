package review

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"strings"
	"sync"
)

//go:embed assets
var assetFiles embed.FS

// The assets of a page, in the order in which they are put together.
var (
	styles  = []string{"base.css", "session.css", "viewer.css", "print.css"}
	scripts = []string{"store.js", "queue.js", "viewer.js", "decide.js", "main.js"}
)

// start runs before anything is shown, so that a page whose script is not
// allowed to run shows everything.
const start = `document.documentElement.classList.add("scripted")`

// An assetSet is what every page has.
type assetSet struct {
	style         template.CSS
	script        template.JS
	page          *template.Template
	policy, index string // the Content-Security-Policies
	served        string // that of a page that posts decisions where it came from
}

var assets = sync.OnceValue(func() *assetSet {
	style := join("", styles)
	// One function around all, so that nothing of it can be reached from outside.
	script := "(() => {\n\"use strict\";\n" + join("", scripts) + "})();\n"
	common := "default-src 'none'; base-uri 'none'; form-action 'none'; style-src " + sourceHash(style)
	policy := common + "; img-src data:; script-src " + sourceHash(start) + " " + sourceHash(script) +
		"; require-trusted-types-for 'script'; trusted-types 'none'"
	return &assetSet{
		style:  template.CSS(style), //nolint:gosec // our own
		script: template.JS(script), //nolint:gosec // our own
		page:   template.Must(template.ParseFS(assetFiles, "assets/*.html")),
		policy: policy,
		served: policy + "; connect-src 'self'",
		index:  common,
	}
})

func join(text string, names []string) string {
	var b strings.Builder
	b.WriteString(text)
	for _, name := range names {
		data, err := assetFiles.ReadFile("assets/" + name)
		if err != nil {
			panic("review: " + err.Error()) // cannot happen: the files are part of the build
		}
		b.Write(data)
	}
	return b.String()
}

// sourceHash returns what a Content-Security-Policy calls a text.
func sourceHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
