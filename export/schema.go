package export

import (
	"bytes"
	_ "embed" // For the schema.
)

//go:embed report.schema.json
var reportSchema []byte

// ReportSchema returns the JSON Schema (draft 2020-12) of reports.
func ReportSchema() []byte { return bytes.Clone(reportSchema) }
