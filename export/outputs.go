package export

import (
	"fmt"
	"slices"
	"strings"
)

// What can be made of a session: the names in [Options].Outputs.
const (
	// OutputSheet is the contact sheet.
	OutputSheet = "sheet"
	// OutputReport is report.json, which is made in any case.
	OutputReport = "report"
	// OutputAnnotated is the marked pictures.
	OutputAnnotated = "annotated"
	// OutputFaces is the crops.
	OutputFaces = "faces"
	// OutputOriginals is the images as received.
	OutputOriginals = "originals"
	// OutputPDF is session.pdf, for paper files, which is made only where it is
	// named.
	OutputPDF = "pdf"
	// OutputOverview is the [Result]'s Thumbnail, for an [Overview].
	OutputOverview = "overview"
)

// OutputNames returns the names of all outputs.
func OutputNames() []string { return append(DefaultOutputs(), OutputPDF) }

// DefaultOutputs returns the names of those that are made where none is named.
func DefaultOutputs() []string {
	return []string{OutputSheet, OutputReport, OutputAnnotated, OutputFaces, OutputOriginals, OutputOverview}
}

// checkOutputs reports a name that is none of [OutputNames].
func checkOutputs(names []string) error {
	for _, name := range names {
		if !slices.Contains(OutputNames(), name) {
			return fmt.Errorf("%w: output %+.40q, not one of %s", ErrOptions, name, strings.Join(OutputNames(), ", "))
		}
	}
	return nil
}

// Makes reports whether o asks for an output, of [OutputNames].
func (o *Options) Makes(output string) bool {
	names := o.Outputs
	if len(names) == 0 {
		names = DefaultOutputs()
	}
	return output == OutputReport || slices.Contains(names, output)
}
