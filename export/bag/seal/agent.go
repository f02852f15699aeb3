package seal

import (
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// AgentKey returns a key that an SSH agent holds. Conn is the connection to the
// agent, and must stay open as long as the key is used. Want says which key: its
// SHA-256 fingerprint, its comment, or nothing where the agent holds only one
// that can be used.
func AgentKey(conn io.ReadWriter, want string) (*Signer, error) {
	client := agent.NewClient(conn)
	keys, err := client.List()
	if err != nil {
		return nil, fmt.Errorf("asking the SSH agent for its keys: %w", err)
	}
	key, err := pick(keys, want)
	if err != nil {
		return nil, err
	}
	signers, err := client.Signers()
	if err != nil {
		return nil, fmt.Errorf("asking the SSH agent for its keys: %w", err)
	}
	for _, s := range signers {
		if ssh.FingerprintSHA256(s.PublicKey()) == key {
			return newSigner(s)
		}
	}
	return nil, fmt.Errorf("the SSH agent no longer has the key %s", key)
}

// pick returns the fingerprint of the one key that is wanted.
func pick(keys []*agent.Key, want string) (string, error) {
	var found, names []string
	for _, k := range keys {
		public, err := ssh.ParsePublicKey(k.Blob)
		if err != nil || checkKey(public) != nil {
			continue
		}
		print := ssh.FingerprintSHA256(public) // a certificate has another than its key
		names = append(names, fmt.Sprintf("%s %+q", print, k.Comment))
		if want == "" || want == print || want == k.Comment {
			found = append(found, print)
		}
	}
	switch {
	case len(names) == 0:
		return "", fmt.Errorf("the SSH agent has no key that can sign: add one with ssh-add")
	case len(found) == 0:
		return "", fmt.Errorf("the SSH agent has no key %+q, only %s", want, strings.Join(names, ", "))
	case len(found) > 1:
		return "", fmt.Errorf("the SSH agent has several such keys: name one by its fingerprint: %s",
			strings.Join(names, ", "))
	}
	return found[0], nil
}
