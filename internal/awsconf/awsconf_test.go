package awsconf_test

import (
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lvtool/lvtool/internal/awsconf"
)

// quiet clears what the machine's own AWS settings could change.
func quiet(t *testing.T) string {
	t.Helper()
	for _, key := range []string{
		"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID",
		"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CA_BUNDLE", "AWS_ENDPOINT_URL", "AWS_CONFIG_FILE",
		"AWS_SHARED_CREDENTIALS_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_RETRY_MODE",
	} {
		t.Setenv(key, "")
		os.Unsetenv(key)
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	home := t.TempDir()
	t.Setenv("HOME", home)
	return home
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestLoadPrecedence(t *testing.T) {
	home := quiet(t)
	write(t, filepath.Join(home, ".aws", "config"), `
[default]
region = eu-west-1
output = text
[profile work]
region=us-west-2 # a comment
Output = yaml
s3 =
    region = nested
`)
	write(t, filepath.Join(home, ".aws", "credentials"), `
[work]
aws_access_key_id = AKIDWORK
aws_secret_access_key = s
`)
	work, fromEnv := awsconf.Settings{Profile: "work"}, map[string]string{"AWS_PROFILE": "work"}
	tests := []struct {
		name     string
		env      map[string]string
		settings awsconf.Settings
		region   string
		key      string
		output   string
	}{
		{name: "default", region: "eu-west-1", output: "text"},
		{name: "profile", settings: work, region: "us-west-2", key: "AKIDWORK", output: "yaml"},
		{name: "profile from env", env: fromEnv, region: "us-west-2", key: "AKIDWORK", output: "yaml"},
		{
			name: "option wins", env: map[string]string{"AWS_REGION": "a-b-1"},
			settings: awsconf.Settings{Region: "c-d-2"}, region: "c-d-2", output: "text",
		},
		{
			name: "env wins over file", env: map[string]string{"AWS_DEFAULT_REGION": "a-b-1"},
			region: "a-b-1", output: "text",
		},
		{
			name: "keys in env win over a profile from env",
			env: map[string]string{
				"AWS_PROFILE": "work", "AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "s",
			},
			region: "us-west-2", key: "AKIDENV", output: "yaml",
		},
		{
			name:     "but not over a profile from the command line",
			env:      map[string]string{"AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "s"},
			settings: work, region: "us-west-2", key: "AKIDWORK", output: "yaml",
		},
		{
			name: "unsigned", settings: awsconf.Settings{Profile: "work", NoSignRequest: true},
			region: "us-west-2", output: "yaml",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for k, v := range test.env {
				t.Setenv(k, v)
			}
			cfg, err := awsconf.Load(t.Context(), test.settings)
			if err != nil {
				t.Fatal(err)
			}
			if cfg.Region != test.region {
				t.Errorf("region: got %q, want %q", cfg.Region, test.region)
			}
			keys, err := awsconf.Credentials(t.Context(), cfg)
			wantNone := test.key == "" && !test.settings.NoSignRequest
			if wantNone != errors.Is(err, awsconf.ErrNoCredentials) {
				t.Errorf("credentials: got %v, want none %t", err, wantNone)
			}
			if test.settings.NoSignRequest && err != nil {
				t.Errorf("unsigned: got %v, want nil", err)
			}
			if keys.AccessKeyID != test.key {
				t.Errorf("key: got %q, want %q", keys.AccessKeyID, test.key)
			}
			profile, err := awsconf.LoadProfile(test.settings.Profile)
			if err != nil {
				t.Fatal(err)
			}
			if got := profile.Values["output"]; got != test.output {
				t.Errorf("output: got %q, want %q", got, test.output)
			}
		})
	}
}

func TestBrokenFiles(t *testing.T) {
	home := quiet(t)
	for _, text := range []string{
		"garbage\n", "[default]\ngarbage\n", "region=x\n", "[a]\nx=1\n[a]\n", "[a]\nx=1\nx=2\n", "[a]\n=1\n",
	} {
		write(t, filepath.Join(home, ".aws", "config"), text)
		_, err := awsconf.LoadProfile("")
		if err == nil || !strings.HasPrefix(err.Error(), "unable to parse config file: "+home) {
			t.Errorf("%q: got %v, want an error that names the file", text, err)
		}
	}
	odd := "\ufeff[default]\r\n  output: text # x\r\n    more = 1\r\n\r\n; c\r\n"
	write(t, filepath.Join(home, ".aws", "config"), odd)
	profile, err := awsconf.LoadProfile("")
	if got := profile.Values["output"]; err != nil || got != "text # x" || len(profile.Values) != 1 {
		t.Errorf("got %q, %v, want %q alone", profile.Values, err, "text # x")
	}
}

func TestMissingProfile(t *testing.T) {
	quiet(t)
	_, err := awsconf.Load(t.Context(), awsconf.Settings{Profile: "nobody"})
	missing, ok := errors.AsType[*awsconf.ProfileError](err)
	if !ok || missing.Name != "nobody" {
		t.Errorf("got %v, want a ProfileError for nobody", err)
	}
}

func TestPartialKeys(t *testing.T) {
	quiet(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "AKID")
	if _, err := awsconf.Load(t.Context(), awsconf.Settings{}); err == nil {
		t.Error("got no error, want one that names AWS_SECRET_ACCESS_KEY")
	}
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	if _, err := awsconf.Load(t.Context(), awsconf.Settings{}); err != nil {
		t.Errorf("with the secret: got %v, want nil", err)
	}
}

// TestTLS asks a server whose certificate no one has signed.
func TestTLS(t *testing.T) {
	home := quiet(t)
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	bundle := filepath.Join(home, "ca.pem")
	write(t, bundle, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	other := filepath.Join(home, "junk.pem")
	write(t, other, "no certificate")

	tests := []struct {
		name     string
		env      string
		settings awsconf.Settings
		load, do bool
	}{
		{"unknown authority", "", awsconf.Settings{}, true, false},
		{"bundle", "", awsconf.Settings{CABundle: bundle}, true, true},
		{"bundle from env", bundle, awsconf.Settings{}, true, true},
		{"not verified", "", awsconf.Settings{NoVerifySSL: true}, true, true},
		{"not verified beats bundle", "", awsconf.Settings{NoVerifySSL: true, CABundle: other}, true, true},
		{"junk", "", awsconf.Settings{CABundle: other}, false, false},
		{"no such file", "", awsconf.Settings{CABundle: bundle + "x"}, false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.env != "" {
				t.Setenv("AWS_CA_BUNDLE", test.env)
			}
			cfg, err := awsconf.Load(t.Context(), test.settings)
			if (err == nil) != test.load {
				t.Fatalf("load: got %v, want success %t", err, test.load)
			}
			if err != nil {
				return
			}
			request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
			response, err := cfg.HTTPClient.Do(request)
			if err == nil {
				response.Body.Close()
			}
			if (err == nil) != test.do {
				t.Errorf("request: got %v, want success %t", err, test.do)
			}
		})
	}
}

func TestReadTimeout(t *testing.T) {
	quiet(t)
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	cfg, err := awsconf.Load(t.Context(), awsconf.Settings{ReadTimeout: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if response, err := cfg.HTTPClient.Do(request); err == nil {
		response.Body.Close()
		t.Error("got an answer, want a timeout")
	}
}

// fickle is a body as the SDK's is once it is closed: Read is right, WriteTo is not.
type fickle struct{ io.Reader }

func (fickle) WriteTo(io.Writer) (int64, error) { return 0, io.EOF }

func (fickle) Close() error { return nil }

func TestSafeBodies(t *testing.T) {
	quiet(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
	}))
	defer server.Close()
	cfg, err := awsconf.Load(t.Context(), awsconf.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	body := fickle{strings.NewReader("body")}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, body)
	if err != nil {
		t.Fatal(err)
	}
	request.ContentLength = 4
	response, err := cfg.HTTPClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got, err := io.ReadAll(response.Body); string(got) != "body" || err != nil {
		t.Errorf("got %q, %v, want body", got, err)
	}
	if _, ok := request.Body.(fickle); !ok {
		t.Error("the caller's request was changed")
	}
}
