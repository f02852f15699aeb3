package seal

import "golang.org/x/crypto/ssh"

// SignerOf makes a signer of what agents and hardware tokens give.
func SignerOf(key ssh.Signer) (*Signer, error) { return newSigner(key) }
