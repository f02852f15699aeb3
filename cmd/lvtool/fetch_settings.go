package main

import (
	"cmp"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/lvtool/lvtool/internal/awscli"
	"github.com/lvtool/lvtool/internal/awsconf"
	"github.com/lvtool/lvtool/internal/jmespath"
	"github.com/lvtool/lvtool/internal/lazyregexp"
)

const (
	defaultRate = 5   // sessions begun in a second
	maxRate     = 100 // more would only be throttled
)

// settings are the options of fetch after they have been checked.
type settings struct {
	aws    awsconf.Settings
	query  *jmespath.Query // nil: none
	output string
	pager  string // empty: none
	wait   time.Duration
	rate   float64
}

// check checks what the AWS CLI checks before it looks at the parameters.
func (s *settings) check(o *awscli.Options) error {
	if err := s.checkQuery(o.Query); err != nil {
		return err
	}
	if u := o.EndpointURL; u != nil && !hasScheme(*u) {
		return refuse(awscli.ExitParam, "Bad value for --endpoint-url \"%s\": scheme is missing.  "+
			"Must be of the form http://<hostname>/ or https://<hostname>/", *u)
	}
	var err error
	if s.aws.ReadTimeout, err = seconds(o.ReadTimeout, "read"); err != nil {
		return err
	}
	if s.aws.ConnectTimeout, err = seconds(o.ConnectTimeout, "connect"); err != nil {
		return err
	}
	if o.AutoPrompt {
		return refuse(awscli.ExitGeneral, "lvtool has no prompt: leave out --cli-auto-prompt")
	}
	s.aws.Profile, s.aws.Region, s.aws.CABundle = o.Profile, o.Region, o.CABundle
	s.aws.NoVerifySSL, s.aws.NoSignRequest = o.NoVerifySSL, o.NoSignRequest
	if o.EndpointURL != nil {
		s.aws.EndpointURL = *o.EndpointURL
	}
	return nil
}

func (s *settings) checkQuery(expression *string) error {
	if expression == nil {
		return nil
	}
	query, err := jmespath.Compile(*expression)
	if err != nil {
		return refuse(awscli.ExitParam, "Bad value for --query %s: %v", *expression, err)
	}
	s.query = query
	return nil
}

var scheme = lazyregexp.New(`^[a-zA-Z][a-zA-Z0-9+.-]*:`)

func hasScheme(s string) bool { return scheme.MatchString(s) }

// seconds reads a timeout; zero means none at all.
func seconds(value *string, kind string) (time.Duration, error) {
	if value == nil {
		return 0, nil
	}
	text := strings.TrimSpace(*value)
	n, err := strconv.Atoi(strings.ReplaceAll(text, "_", ""))
	switch {
	case err != nil || strings.HasPrefix(text, "_") || strings.HasSuffix(text, "_") || strings.Contains(text, "__"):
		return 0, refuse(awscli.ExitGeneral, "invalid literal for int() with base 10: '%s'", *value)
	case n < 0:
		return 0, refuse(awscli.ExitGeneral, "Attempted to set %s timeout to %d, "+
			"but the timeout cannot be set to a value less than or equal to 0.", kind, n)
	case n == 0:
		return -1, nil
	}
	return time.Duration(n) * time.Second, nil
}

// fromVariables sets lvtool's own options that the command line leaves open.
func fromVariables(o *awscli.Options) error {
	for name, target := range map[string]*string{
		"RAW": &o.Raw, "EVIDENCE": &o.Evidence, "WAIT_TIMEOUT": &o.WaitTimeout, "RATE": &o.Rate,
	} {
		*target = cmp.Or(*target, os.Getenv("LVTOOL_"+name))
	}
	if v := os.Getenv("LVTOOL_WAIT"); v != "" && !o.Wait {
		wait, err := strconv.ParseBool(v)
		if err != nil {
			return refuse(awscli.ExitParam, "Bad value for LVTOOL_WAIT %s: must be true or false", v)
		}
		o.Wait = wait
	}
	return nil
}

// checkOwn checks lvtool's own options.
func (s *settings) checkOwn(o *awscli.Options) error {
	err := fromVariables(o)
	if err != nil {
		return err
	}
	if o.WaitTimeout != "" {
		if s.wait, err = time.ParseDuration(o.WaitTimeout); err != nil || s.wait <= 0 {
			return ownError("wait-timeout", o.WaitTimeout, "a time such as 90s or 2m")
		}
	}
	s.rate = defaultRate
	if o.Rate != "" {
		s.rate, err = strconv.ParseFloat(o.Rate, 64)
		if err != nil || !(s.rate > 0 && s.rate <= maxRate) {
			return ownError("rate", o.Rate, fmt.Sprintf("a number above 0 and up to %d", maxRate))
		}
	}
	return nil
}

func ownError(name, value, want string) error {
	return refuse(awscli.ExitParam, "Bad value for --%s %s: must be %s", name, value, want)
}

var (
	regionName = lazyregexp.New(`^[a-zA-Z0-9-]{1,63}$`)
	digitsOnly = lazyregexp.New(`^[0-9]+$`)
	hostLabel  = lazyregexp.New(`(?i)^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
)

// configure reads what the config files and the environment say to the AWS CLI itself, and refuses
// what it would.
func (s *settings) configure() error {
	profile, err := awsconf.LoadProfile(s.aws.Profile)
	if err != nil {
		return err
	}
	s.output = setting("AWS_DEFAULT_OUTPUT", profile.Values["output"], "json")
	s.pager = setting("AWS_PAGER", profile.Values["cli_pager"], cmp.Or(os.Getenv("PAGER"), "less"))
	format := cmp.Or(profile.Values["cli_binary_format"], "base64")
	mode := cmp.Or(os.Getenv("AWS_RETRY_MODE"), profile.Values["retry_mode"], "standard")
	attempts := cmp.Or(os.Getenv("AWS_MAX_ATTEMPTS"), profile.Values["max_attempts"], "3")
	n, err := strconv.Atoi(attempts)
	switch {
	case format != "base64" && format != "raw-in-base64-out":
		return refuse(awscli.ExitGeneral, "'%s'", format)
	case mode != "standard" && mode != "adaptive":
		return refuse(awscli.ExitGeneral, `Invalid value provided to "mode": "%s" `+
			`must be one of: "standard" or "adaptive"`, mode)
	case err != nil:
		return refuse(awscli.ExitGeneral, "invalid literal for int() with base 10: '%s'", attempts)
	case n < 1:
		return refuse(awscli.ExitGeneral, `Value provided to "max_attempts": %d `+
			"must be an integer greater than or equal to one.", n)
	}
	return nil
}

// checkTarget checks where the request shall go. A region that is set to nothing is as good as any
// where an endpoint is given.
func (s *settings) checkTarget(region string) error {
	switch {
	case region == "" && (s.aws.EndpointURL == "" || !emptyRegion()):
		return refuse(awscli.ExitConfig, "You must specify a region. "+
			`You can also configure your region by running "aws configure".`)
	case region != "" && !validRegion(region):
		return refuse(awscli.ExitGeneral, "Provided region_name '%s' doesn't match a supported format.", region)
	case s.aws.EndpointURL != "" && !hasHost(s.aws.EndpointURL):
		return refuse(awscli.ExitGeneral, "Invalid endpoint: %s", s.aws.EndpointURL)
	}
	return nil
}

func emptyRegion() bool {
	_, set := os.LookupEnv("AWS_REGION")
	_, setDefault := os.LookupEnv("AWS_DEFAULT_REGION")
	return set || setDefault
}

func validRegion(region string) bool {
	return regionName.MatchString(region) && !digitsOnly.MatchString(region) && strings.Trim(region, "-") == region
}

func hasHost(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if err != nil {
		return false
	}
	host := u.Hostname()
	if strings.Contains(host, ":") { // IPv6
		return true
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(host, "."), ".") {
		if !hostLabel.MatchString(label) {
			return false
		}
	}
	return len(host) <= 255
}

// setting is the value of a variable that is set, even to nothing; else of the config file; else the
// default.
func setting(variable, configured, otherwise string) string {
	if v, ok := os.LookupEnv(variable); ok {
		return v
	}
	return cmp.Or(configured, otherwise)
}
