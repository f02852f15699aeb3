package main

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export"
)

func rederiveFlag() cli.Flag {
	return &cli.BoolFlag{
		Name: "rederive",
		Usage: "decode the originals again, make every file anew, and compare: by bytes, and pictures by pixels" +
			" where another build of lvtool made them",
	}
}

// recordedOptions returns the options of package export that stand for those that
// a report names: what the flags of pack would have been. The environment has no
// say.
func recordedOptions(given map[string]string) (*export.Options, error) {
	command := newPackCommand()
	set := flag.NewFlagSet(command.Name, flag.ContinueOnError)
	for _, f := range command.Flags {
		if err := f.Apply(set); err != nil {
			return nil, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if set.Lookup(name) == nil {
			return nil, fmt.Errorf("this lvtool has no option %+.40q", name)
		}
		limit := set.Lookup(name).DefValue
		if strings.HasPrefix(name, "max-") && readCount(given[name]) > readCount(limit) {
			return nil, fmt.Errorf("it was made with --%s %.20s, and a pack is not trusted with more than %s",
				name, given[name], limit)
		}
		if err := set.Set(name, given[name]); err != nil {
			return nil, fmt.Errorf("the option %s cannot be %+.40q", name, given[name])
		}
	}
	c := cli.NewContext(nil, set, nil)
	c.Command = command
	return exportOptions(c)
}
