package awsconf

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
)

// ErrNoCredentials says that nothing was found to sign with.
var ErrNoCredentials = errors.New("unable to locate credentials")

// Credentials resolves the keys that cfg would sign with. With no-sign-request they are empty and
// there is no error. The error is [ErrNoCredentials] where no source has any, and tells the cause
// where a source was configured and failed.
func Credentials(ctx context.Context, cfg aws.Config) (aws.Credentials, error) {
	if cfg.Credentials == nil || aws.IsCredentialsProvider(cfg.Credentials, aws.AnonymousCredentials{}) {
		return aws.Credentials{}, nil
	}
	keys, err := cfg.Credentials.Retrieve(ctx)
	if err == nil {
		return keys, nil
	}
	if lastResort(cfg.Credentials) && ctx.Err() == nil {
		return aws.Credentials{}, ErrNoCredentials
	}
	return aws.Credentials{}, fmt.Errorf("credentials: %w", err)
}

// lastResort says whether p is the instance's role: the end of the chain, so that its failure means
// that no other source was configured.
func lastResort(p aws.CredentialsProvider) bool {
	return aws.IsCredentialsProvider(p, (*ec2rolecreds.Provider)(nil))
}

// partialKeys reports a key id without its secret, which the SDK passes over in silence.
func (s Settings) partialKeys() error {
	if s.Profile != "" || os.Getenv("AWS_ACCESS_KEY_ID") == "" {
		return nil
	}
	if os.Getenv("AWS_SECRET_ACCESS_KEY") == "" {
		return errors.New("partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY")
	}
	return nil
}
