package main

import "github.com/urfave/cli/v2"

const (
	fetchOwn = "Of lvtool:"
	fetchAWS = "Of the AWS CLI:"
)

// fetchFlags are for help and completion: the arguments are parsed as the AWS CLI parses them.
func fetchFlags() []cli.Flag {
	return append([]cli.Flag{
		value("raw", fetchOwn, "write the answer to `FILE` exactly as the service sent it"),
		value("evidence", fetchOwn, "write to `FILE` who answered what when: request id, date, digest"),
		&cli.BoolFlag{Name: "wait", Category: fetchOwn, Usage: "ask until the session is SUCCEEDED, FAILED or EXPIRED"},
		value("wait-timeout", fetchOwn, "stop waiting after `TIME` such as 90s (default 3m)"),
		value("rate", fetchOwn, "with several ids: at most `N` sessions begun in a second (default 5)"),
	}, awsCLIFlags()...)
}

func awsCLIFlags() []cli.Flag {
	return []cli.Flag{
		value("session-id", fetchAWS, "session to fetch: `ID`, 36 characters"),
		value("cli-input-json", fetchAWS, "read the parameters from `JSON`, or file://NAME"),
		value("cli-input-yaml", fetchAWS, "read the parameters from `YAML`, or file://NAME"),
		value("generate-cli-skeleton", fetchAWS, "print a form for the parameters: `KIND` input, yaml-input"),
		&cli.BoolFlag{Name: "debug", Category: fetchAWS, Usage: "tell on standard error of every attempt"},
		value("endpoint-url", fetchAWS, "send requests to `URL`"),
		&cli.BoolFlag{Name: "no-verify-ssl", Category: fetchAWS, Usage: "accept any certificate"},
		&cli.BoolFlag{Name: "no-paginate", Category: fetchAWS, Usage: "nothing: the answer has no pages"},
		value("output", fetchAWS, "`FORMAT` json, text, table, yaml, yaml-stream"),
		value("query", fetchAWS, "print what a JMESPath `EXPRESSION` selects"),
		value("profile", fetchAWS, "section `NAME` of the config files"),
		value("region", fetchAWS, "`REGION` of the session"),
		&cli.BoolFlag{Name: "version", Category: fetchAWS, Usage: "print the version"},
		value("color", fetchAWS, "colour tables: `WHEN` on, off, auto"),
		&cli.BoolFlag{Name: "no-sign-request", Category: fetchAWS, Usage: "look for no credentials and sign nothing"},
		value("ca-bundle", fetchAWS, "trust the authorities in `FILE` alone"),
		value("cli-read-timeout", fetchAWS, "wait `SECONDS` for each part of an answer; 0: for ever (default 60)"),
		value("cli-connect-timeout", fetchAWS, "wait `SECONDS` for a connection; 0: for ever (default 60)"),
		value("cli-binary-format", fetchAWS, "nothing: no parameter is binary; `FORMAT` base64, raw-in-base64-out"),
		&cli.BoolFlag{Name: "no-cli-pager", Category: fetchAWS, Usage: "use no pager on a terminal"},
		&cli.BoolFlag{Name: "cli-auto-prompt", Category: fetchAWS, Usage: "refused: there is no prompt"},
		&cli.BoolFlag{Name: "no-cli-auto-prompt", Category: fetchAWS, Usage: "nothing: there is no prompt"},
	}
}

func value(name, category, usage string) cli.Flag {
	return &cli.StringFlag{Name: name, Category: category, Usage: usage}
}
