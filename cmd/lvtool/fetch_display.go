package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"unicode"

	"github.com/lvtool/lvtool/internal/awscli"
	"github.com/lvtool/lvtool/internal/pyval"
)

// display prints the results, through a pager on a terminal.
func (f *fetch) display(results any) error {
	if f.settings.query != nil {
		var err error
		if results, err = f.settings.query.Search(results); err != nil {
			return err
		}
	}
	output := f.options.Output
	if output == "" {
		output = f.settings.output
	}
	width, terminal := terminalWidth(f.out)
	color := f.options.Color
	style := awscli.Style{Width: width, Color: color == "on" || color == "auto" && terminal, Reset: true}
	if !terminal {
		return awscli.Write(f.out, output, results, style)
	}
	results = tame(results)
	if f.options.NoPager || f.settings.pager == "" {
		return awscli.Write(f.out, output, results, style)
	}
	style.Reset = false
	return f.page(func(w io.Writer) error { return awscli.Write(w, output, results, style) })
}

// page writes to the pager. A pager that was closed early is no error.
func (f *fetch) page(write func(io.Writer) error) error {
	words := strings.Fields(f.settings.pager)
	pager := exec.Command(words[0], words[1:]...) //nolint:gosec,noctx // the user's own, who ends it
	pager.Stdout, pager.Stderr = f.stdout(), os.Stderr
	if _, ok := os.LookupEnv("LESS"); !ok {
		pager.Env = append(os.Environ(), "LESS=FRX")
	}
	in, err := pager.StdinPipe()
	if err == nil {
		err = pager.Start()
	}
	if err != nil {
		return refuse(awscli.ExitConfig, "Unable to redirect output to pager. "+
			"Received the following error when opening pager:\n%v\n\nLearn more about configuring the output pager by "+
			"running \"aws help config-vars\".", err)
	}
	err = write(in)
	if _, refused := errors.AsType[*awscli.Error](err); !refused {
		err = nil // the pipe broke
	}
	return errors.Join(err, in.Close(), waitPager(pager))
}

// waitPager waits for the pager; how it ended is the user's affair.
func waitPager(pager *exec.Cmd) error {
	err := pager.Wait()
	if _, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil
	}
	return err
}

// tame escapes, in the strings of a value, what could move the cursor of a terminal. Only what goes
// to a terminal is tamed: a file or a pipe gets the value as it is.
func tame(v any) any {
	switch v := v.(type) {
	case string:
		return tameText(v)
	case *pyval.List:
		out := &pyval.List{}
		for _, item := range v.Items {
			out.Items = append(out.Items, tame(item))
		}
		return out
	case *pyval.Dict:
		out := &pyval.Dict{}
		for _, key := range v.Keys() {
			item, _ := v.Get(key)
			out.Set(tameText(key), tame(item))
		}
		return out
	}
	return v
}

func tameText(s string) string {
	wild := func(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) }
	if !strings.ContainsFunc(s, wild) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if wild(r) {
			b.WriteString(strings.Trim(fmt.Sprintf("%+q", string(r)), `"`))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
