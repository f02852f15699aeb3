package main

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v2"
)

// The program completes itself: called with --generate-bash-completion it
// prints what may follow. The scripts only pass that on, and leave file names
// to the shell.
const (
	bashCompletion = `_lvtool() {
  local cur="${COMP_WORDS[COMP_CWORD]}"
  local words=("${COMP_WORDS[@]:0:COMP_CWORD}")
  [[ "$cur" == -* ]] && words+=("$cur")
  COMPREPLY=($(compgen -W "$("${words[@]}" --generate-bash-completion 2>/dev/null)" -- "$cur"))
}
complete -o bashdefault -o default -F _lvtool lvtool
`
	zshCompletion = `#compdef lvtool
_lvtool() {
  local -a words_before opts
  words_before=("${(@)words[1,CURRENT-1]}")
  [[ "${words[CURRENT]}" == -* ]] && words_before+=("${words[CURRENT]}")
  opts=("${(@f)$("${(@)words_before}" --generate-bash-completion 2>/dev/null)}")
  if [[ -n "${opts[1]}" ]]; then
    compadd -- "${(@)opts}"
  fi
  _files
}
compdef _lvtool lvtool
`
)

func newCompletionCommand() *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print the completion script of a shell",
		ArgsUsage: "bash|zsh|fish",
		Description: `Load it in the running shell:
   source <(lvtool completion bash)
   source <(lvtool completion zsh)
   lvtool completion fish | source`,
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return usageError("completion: give one shell: bash, zsh or fish")
			}
			return writeCompletion(c.App, c.App.Writer, c.Args().First())
		},
	}
}

func writeCompletion(app *cli.App, w io.Writer, shell string) error {
	script := ""
	switch shell {
	case "bash":
		script = bashCompletion
	case "zsh":
		script = zshCompletion
	case "fish":
		var err error
		if script, err = app.ToFishCompletion(); err != nil {
			return fmt.Errorf("writing fish completion: %w", err)
		}
	default:
		return usageError("completion: unknown shell %q: give bash, zsh or fish", shell)
	}
	_, err := io.WriteString(w, script)
	return err
}
