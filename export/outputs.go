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
	// OutputOverview is the [Result]'s Thumbnail, for an [Overview].
	OutputOverview = "overview"
)

// OutputNames returns the names of all outputs.
func OutputNames() []string {
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
	return len(o.Outputs) == 0 || output == OutputReport || slices.Contains(o.Outputs, output)
}
