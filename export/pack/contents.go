package pack

import (
	"bytes"
	"cmp"
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/bag/custody"
	"github.com/lvtool/lvtool/internal/jsonwords"
)

// What can be found in the files of a pack, beside what packages bag and custody
// find.
const (
	Absent            bag.Code = "pack-file"          // a file that every pack has is not there, or cannot be read
	CustodyObject     bag.Code = "custody-object"     // an event is about another file than there is
	DecisionBad       bag.Code = "custody-decision"   // a reviewer's decision is about something else than the pack
	ReportSchema      bag.Code = "report-schema"      // report.json does not follow its schema
	ReportFileCode    bag.Code = "report-file"        // a file is not the one that the report names
	ReportSource      bag.Code = "report-source"      // the source is not the one that the report names
	ReportUnnamed     bag.Code = "report-unnamed"     // the report does not name a file
	ReportSession     bag.Code = "report-session"     // the pack is labelled with another session
	ProvenanceBad     bag.Code = "provenance-schema"  // provenance.json does not follow its schema
	ProvenanceFileOf  bag.Code = "provenance-file"    // a file is not the one that the record names
	ProvenanceSession bag.Code = "provenance-session" // provenance.json is of another session
	ProvenanceOpen    bag.Code = "provenance-open"    // a file is not accounted for, or by what is not
)

// read reads a file that every pack has. Where something was found about one
// that the check goes by, that has been said, and the check is skipped.
func (c *Check) read(b *bag.Result, name string, others ...string) []byte {
	for _, n := range append(others, name) {
		if doubted(b, n) {
			c.Verdict, c.Findings = Skipped, []bag.Finding{}
			c.Words = "not looked at, since " + n + " is not the file that was packed"
			return nil
		}
	}
	data, err := b.Read(name, maxDocument)
	if err != nil {
		c.find(Absent, name, "%s", strings.TrimPrefix(err.Error(), name+": "))
		c.conclude("")
	}
	return data
}

// doubted reports whether something was found about a file of the bag already.
func doubted(b *bag.Result, name string) bool {
	return slices.ContainsFunc(b.Findings, func(f bag.Finding) bool {
		return f.Path == name && !f.Warning && f.Code != bag.BadOxum
	})
}

// maxDocument is how large a report or a provenance record may be.
const maxDocument = 256 << 20

// checkCustody follows the custody log.
func checkCustody(p *Contents) Check {
	c := Check{Name: "custody"}
	data := c.read(p.Bag, CustodyFile, "bag-info.txt")
	if data == nil {
		return c
	}
	log, events, found := custody.Verify(CustodyFile, data, nil)
	if len(found) == 0 {
		found = custody.CheckAnchor(CustodyFile, log, p.Bag.Info)
	}
	c.Findings = append(c.Findings, found...)
	for i, e := range events {
		c.object(p.Bag, CustodyFile, i+1, e.Object)
	}
	c.conclude("the custody log is a chain of %s, and ends as bag-info.txt says", counted(len(events), "event"))
	return c
}

// object compares what an event of a log is about with the file of the pack, if
// it is one.
func (c *Check) object(b *bag.Result, log string, line int, object string) {
	sha256, file, ok := strings.Cut(strings.TrimPrefix(object, "sha256:"), " ")
	known := b.File(file) == nil || digest(b, file) != ""
	if ok && known && !doubted(b, file) && digest(b, file) != sha256 {
		c.Findings = append(c.Findings, bag.Finding{
			Code: CustodyObject, Path: log, Line: line,
			Message: "is about another " + bag.Printable(file) + " than there is",
		})
	}
}

// digest returns the SHA-256 digest that was found of a file, "" where there is
// none.
func digest(b *bag.Result, name string) string {
	f := b.File(name)
	if f == nil {
		return ""
	}
	return f.Digests[bag.SHA256]
}

// source returns the name of the session's source.
func source(b *bag.Result) string {
	for _, f := range b.Files {
		if strings.HasPrefix(f.Name, "data/source/") {
			return f.Name
		}
	}
	return ""
}

// checkReport compares the report with its schema and with the files that it
// names.
func checkReport(p *Contents) Check {
	c := Check{Name: "report"}
	data := c.read(p.Bag, ReportFile, "bag-info.txt")
	if data == nil {
		return c
	}
	c.follow(ReportSchema, ReportFile, compiledReport, data)
	r, err := export.ParseReport(bytes.NewReader(data))
	switch {
	case err != nil && len(c.Findings) == 0:
		c.find(ReportSchema, ReportFile, "%v", err)
	case err == nil:
		p.Report = r
		c.reportFiles(p.Bag, r)
	}
	c.conclude("report.json follows its schema, and names just the files that are there")
	return c
}

// reportFiles compares what a report names with what is there.
func (c *Check) reportFiles(b *bag.Result, r *export.Report) {
	given := source(b)
	named := map[string]bool{ReportFile: true, PageFile: true, given: true}
	for _, o := range r.Outputs {
		named[path.Join("data", o.File)] = true
		c.reportFile(b, o.File, o.SHA256, "file")
		f := b.File(path.Join("data", o.File))
		if f != nil && f.Size != int64(o.Bytes) && !doubted(b, f.Name) {
			c.find(ReportFileCode, f.Name, "%d bytes, report.json says %d", f.Size, o.Bytes)
		}
	}
	for _, f := range r.Frames {
		c.frameFiles(b, f)
	}
	if digest(b, given) != r.Source.SHA256 && !doubted(b, given) {
		c.find(ReportSource, cmp.Or(given, "data/source"), "not the source that report.json names")
	}
	for _, f := range b.Files {
		if strings.HasPrefix(f.Name, "data/") && !named[f.Name] && !doubted(b, f.Name) {
			c.find(ReportUnnamed, f.Name, "not named in report.json")
		}
	}
	c.reportSession(b, r)
}

// frameFiles compares the files of a frame.
func (c *Check) frameFiles(b *bag.Result, f *export.FrameRecord) {
	if f.File != nil && f.SHA256 != nil {
		c.reportFile(b, *f.File, *f.SHA256, "image of "+f.Name)
	}
	if f.Annotated != nil {
		c.reportFile(b, f.Annotated.File, f.Annotated.SHA256, "marked picture of "+f.Name)
	}
	if f.Face != nil {
		c.reportFile(b, f.Face.File, f.Face.SHA256, "face of "+f.Name)
	}
}

// reportFile compares a file with the digest that a report gives.
func (c *Check) reportFile(b *bag.Result, file, sha256, what string) {
	name := path.Join("data", file)
	if digest(b, name) != sha256 && !doubted(b, name) {
		c.find(ReportFileCode, name, "not the %s that report.json names", what)
	}
}

// reportSession compares the session of a report with that of the label.
func (c *Check) reportSession(b *bag.Result, r *export.Report) {
	id := ""
	if r.Session.ID != nil {
		id = *r.Session.ID
	}
	if label, _ := bag.Lookup(b.Info, SessionLabel); label != oneLine(id) {
		c.find(ReportSession, "bag-info.txt", "labelled %+.100q, report.json is of session %+.100q", label, id)
	}
}

// checkProvenance holds that every file of the payload is accounted for.
func checkProvenance(p *Contents) Check {
	c := Check{Name: "provenance"}
	data := c.read(p.Bag, ProvenanceFile)
	if data == nil {
		return c
	}
	c.follow(ProvenanceBad, ProvenanceFile, compiledProvenance, data)
	record := &Provenance{}
	err := json.Unmarshal(data, record)
	switch {
	case err != nil && len(c.Findings) == 0:
		c.find(ProvenanceBad, ProvenanceFile, "%v", jsonwords.Of(data, err))
	case err == nil:
		p.Provenance = record
		c.closed(p.Bag, record)
		c.provenanceSession(p)
	}
	c.conclude("every payload file is a source (%d) or made of others (%d)", len(record.Sources), len(record.Derived))
	return c
}

// provenanceSession compares the session of a record with that of the report.
func (c *Check) provenanceSession(p *Contents) {
	if r := p.Report; r != nil && r.Session.ID != nil && *r.Session.ID != p.Provenance.Session {
		c.find(ProvenanceSession, ProvenanceFile, "of session %+.100q, report.json is of %+.100q",
			p.Provenance.Session, *r.Session.ID)
	}
}

// closed holds that a record names every file of the payload once, with its
// digest, and only inputs that stand before what was made of them.
func (c *Check) closed(b *bag.Result, p *Provenance) {
	known := map[string]string{}
	add := func(f FileRef, size int64) {
		if _, twice := known[f.File]; twice {
			c.find(ProvenanceOpen, f.File, "stands twice in %s", ProvenanceFile)
		}
		known[f.File] = f.SHA256
		file := b.File(f.File)
		if doubted(b, f.File) {
			return
		}
		if file == nil || file.Digests[bag.SHA256] != f.SHA256 || file.Size != size {
			c.find(ProvenanceFileOf, f.File, "not the file that %s names", ProvenanceFile)
		}
	}
	for _, s := range p.Sources {
		add(s.FileRef, s.Bytes)
	}
	for _, d := range p.Derived {
		for _, in := range d.Inputs {
			if sum, ok := known[in.File]; !ok || sum != in.SHA256 {
				c.find(ProvenanceOpen, d.File, "made of %s, which does not stand before it with that digest",
					bag.Printable(in.File))
			}
		}
		add(d.FileRef, d.Bytes)
	}
	for _, f := range b.Files {
		if _, ok := known[f.Name]; !ok && strings.HasPrefix(f.Name, "data/") && !doubted(b, f.Name) {
			c.find(ProvenanceOpen, f.Name, "not in %s", ProvenanceFile)
		}
	}
}

// follow checks a document against its schema.
func (c *Check) follow(
	code bag.Code, name string, schema func() (*jsonschema.Schema, error), data []byte,
) {
	problems, err := followSchema(schema, data)
	if err != nil {
		c.find(code, name, "%v", err)
	}
	for _, p := range problems {
		c.find(code, name, "at %+.200q: %.300s", cmp.Or(p.pointer, "/"), p.message)
	}
}
