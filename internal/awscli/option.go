package awscli

// Options are the arguments of a command line as given: nothing is looked up or checked yet but
// what the parser of the CLI checks.
type Options struct {
	SessionIDs []string // of --session-id and of arguments that are ids, in order

	CLIInputJSON *string
	CLIInputYAML *string
	Skeleton     string // input, output, yaml-input; empty: none asked for

	Debug          bool
	EndpointURL    *string
	NoVerifySSL    bool
	NoPaginate     bool
	Output         string // empty: as configured
	Query          *string
	Profile        string
	Region         string
	Version        bool
	Color          string // on, off, auto
	NoSignRequest  bool
	CABundle       string
	ReadTimeout    *string
	ConnectTimeout *string
	BinaryFormat   string
	NoPager        bool
	AutoPrompt     bool
	NoAutoPrompt   bool
	Raw            string // lvtool's own: the file for the body
	Evidence       string // lvtool's own: the file for the record
	Wait           bool   // lvtool's own
	WaitTimeout    string // lvtool's own
	Rate           string // lvtool's own
	Help           bool   // lvtool's own
}

// option is one option of the command line.
type option struct {
	name     string
	choices  []string
	optional bool // the value may be left out, and is then the first choice
	set      func(o *Options, value string)
	flag     func(o *Options)
}

func text(target func(*Options) *string) func(*Options, string) {
	return func(o *Options, value string) { *target(o) = value }
}

func given(target func(*Options) **string) func(*Options, string) {
	return func(o *Options, value string) { *target(o) = &value }
}

func flag(target func(*Options) *bool) func(*Options) {
	return func(o *Options) { *target(o) = true }
}

// globals are the options of every command of the CLI, in its order, which its messages show.
var globals = []option{
	{name: "--debug", flag: flag(func(o *Options) *bool { return &o.Debug })},
	{name: "--endpoint-url", set: given(func(o *Options) **string { return &o.EndpointURL })},
	{name: "--no-verify-ssl", flag: flag(func(o *Options) *bool { return &o.NoVerifySSL })},
	{name: "--no-paginate", flag: flag(func(o *Options) *bool { return &o.NoPaginate })},
	{name: "--output", choices: Formats, set: text(func(o *Options) *string { return &o.Output })},
	{name: "--query", set: given(func(o *Options) **string { return &o.Query })},
	{name: "--profile", set: text(func(o *Options) *string { return &o.Profile })},
	{name: "--region", set: text(func(o *Options) *string { return &o.Region })},
	{name: "--version", flag: flag(func(o *Options) *bool { return &o.Version })},
	{name: "--color", choices: []string{"on", "off", "auto"}, set: text(func(o *Options) *string { return &o.Color })},
	{name: "--no-sign-request", flag: flag(func(o *Options) *bool { return &o.NoSignRequest })},
	{name: "--ca-bundle", set: text(func(o *Options) *string { return &o.CABundle })},
	{name: "--cli-read-timeout", set: given(func(o *Options) **string { return &o.ReadTimeout })},
	{name: "--cli-connect-timeout", set: given(func(o *Options) **string { return &o.ConnectTimeout })},
	{
		name: "--cli-binary-format", choices: []string{"base64", "raw-in-base64-out"},
		set: text(func(o *Options) *string { return &o.BinaryFormat }),
	},
	{name: "--no-cli-pager", flag: flag(func(o *Options) *bool { return &o.NoPager })},
	{name: "--cli-auto-prompt", flag: flag(func(o *Options) *bool { return &o.AutoPrompt })},
	{name: "--no-cli-auto-prompt", flag: flag(func(o *Options) *bool { return &o.NoAutoPrompt })},
}

// locals are the options of the operation, and lvtool's own behind them.
var locals = []option{
	{name: "--session-id", set: func(o *Options, id string) { o.SessionIDs = append(o.SessionIDs, id) }},
	{name: "--cli-input-json", set: given(func(o *Options) **string { return &o.CLIInputJSON })},
	{name: "--cli-input-yaml", set: given(func(o *Options) **string { return &o.CLIInputYAML })},
	{
		name: "--generate-cli-skeleton", choices: []string{"input", "output", "yaml-input"}, optional: true,
		set: text(func(o *Options) *string { return &o.Skeleton }),
	},
	{name: "--raw", set: text(func(o *Options) *string { return &o.Raw })},
	{name: "--evidence", set: text(func(o *Options) *string { return &o.Evidence })},
	{name: "--wait", flag: flag(func(o *Options) *bool { return &o.Wait })},
	{name: "--wait-timeout", set: text(func(o *Options) *string { return &o.WaitTimeout })},
	{name: "--rate", set: text(func(o *Options) *string { return &o.Rate })},
}
