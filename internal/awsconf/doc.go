// Package awsconf turns the AWS options of a command line into a configuration of the AWS SDK.
//
// It follows the AWS CLI: an option wins over an environment variable, which wins over the config
// files (AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, else ~/.aws), and what no one set comes from
// the instance's metadata service, asked once and briefly. [Load] makes no network request except
// that one; [Credentials] resolves the keys, so that a missing key is told before anything is sent.
package awsconf
