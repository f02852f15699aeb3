package awsconf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
)

// DefaultTimeout is how long the AWS CLI waits for a connection, and for each read of an answer.
const DefaultTimeout = 60 * time.Second

// Settings are the AWS options of a command line. The zero value means: whatever the environment
// and the config files say.
type Settings struct {
	Profile     string // section of the config files
	Region      string
	EndpointURL string // scheme and host; for every service
	CABundle    string // PEM file of the only authorities trusted

	NoVerifySSL   bool // accept any certificate
	NoSignRequest bool // look for no credentials, sign nothing

	ConnectTimeout time.Duration // 0: DefaultTimeout; negative: none
	ReadTimeout    time.Duration // for each read, not the whole answer; 0: DefaultTimeout; negative: none
}

// Load resolves s to a configuration for SDK clients. The region is empty where none is configured,
// since not every caller needs one. The error is a [*ProfileError] for a profile that no file has.
func Load(ctx context.Context, s Settings) (aws.Config, error) {
	if _, err := LoadProfile(s.Profile); err != nil {
		return aws.Config{}, err
	}
	if err := s.partialKeys(); err != nil {
		return aws.Config{}, err
	}
	options, err := s.options()
	if err != nil {
		return aws.Config{}, err
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return aws.Config{}, loadError(err)
	}
	if s.NoVerifySSL {
		cfg.HTTPClient = trustAnyone(cfg.HTTPClient)
	}
	cfg.HTTPClient = SafeBodies(cfg.HTTPClient)
	if cfg.Region == "" {
		cfg.Region = metadataRegion(ctx)
	}
	return cfg, nil
}

func (s Settings) options() ([]func(*config.LoadOptions) error, error) {
	options := []func(*config.LoadOptions) error{
		config.WithHTTPClient(s.client()),
		config.WithSharedConfigFiles([]string{path("AWS_CONFIG_FILE", "config")}),
		config.WithSharedCredentialsFiles([]string{path("AWS_SHARED_CREDENTIALS_FILE", "credentials")}),
		config.WithEC2RoleCredentialOptions(func(o *ec2rolecreds.Options) { o.Client = metadataClient() }),
	}
	if s.NoSignRequest {
		options = append(options, config.WithCredentialsProvider(aws.AnonymousCredentials{}))
	}
	if s.Profile != "" { // the variable alone must not outrank keys in the environment
		options = append(options, config.WithSharedConfigProfile(s.Profile))
	}
	if s.Region != "" {
		options = append(options, config.WithRegion(s.Region))
	}
	if s.EndpointURL != "" {
		options = append(options, config.WithBaseEndpoint(s.EndpointURL))
	}
	if s.CABundle != "" && !s.NoVerifySSL && !strings.HasPrefix(s.EndpointURL, "http:") {
		pem, err := os.ReadFile(s.CABundle)
		if err != nil {
			return nil, fmt.Errorf("CA bundle: %w", err)
		}
		options = append(options, config.WithCustomCABundle(bytes.NewReader(pem)))
	}
	return options, nil
}

// client stays a BuildableClient: the SDK refuses any other one once a CA bundle is configured.
func (s Settings) client() *awshttp.BuildableClient {
	return awshttp.NewBuildableClient().
		WithDialerOptions(func(d *net.Dialer) { d.Timeout = limit(s.ConnectTimeout) }).
		WithReadTimeout(limit(s.ReadTimeout))
}

// limit is d as net takes it, where zero means no limit.
func limit(d time.Duration) time.Duration {
	if d == 0 {
		return DefaultTimeout
	}
	return max(d, 0)
}

func trustAnyone(client aws.HTTPClient) aws.HTTPClient {
	c, ok := client.(*awshttp.BuildableClient)
	if !ok {
		return client
	}
	return c.WithTransportOptions(func(t *http.Transport) {
		t.TLSClientConfig.InsecureSkipVerify = true // asked for by --no-verify-ssl
	})
}

// loadError puts the errors of the SDK's loader into words that name what to mend.
func loadError(err error) error {
	if missing, ok := errors.AsType[config.SharedConfigProfileNotExistError](err); ok {
		return &ProfileError{Name: missing.Profile}
	}
	return fmt.Errorf("AWS configuration: %w", err)
}

// metadataClient asks an instance's metadata service once: most machines that run lvtool have none.
func metadataClient() *imds.Client {
	return imds.New(imds.Options{Retryer: aws.NopRetryer{}})
}

func metadataRegion(ctx context.Context) string {
	out, err := metadataClient().GetRegion(ctx, nil)
	if err != nil {
		return "" // no such service here: the caller says that no region is set
	}
	return out.Region
}
