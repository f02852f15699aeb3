// Package seal signs a file, puts a time to the signature, and checks both with
// what the checker trusts. It also encrypts and decrypts what is handed over.
//
// A pack is sealed by signing its tag manifest, which holds the digests of every
// other file: an SSH signature (SSHSIG, as made by ssh-keygen -Y sign) and, over
// that signature, a timestamp of an authority (RFC 3161). Both are checked by
// programs that most machines have: ssh-keygen -Y verify and openssl ts -verify.
//
// # What a signature proves
//
// That these bytes have not changed since somebody who could use a certain
// private key signed them for the purpose that the namespace names.
//
// # What it does not prove
//
//   - That a service made the answer, or that the pictures show what was before
//     the camera. Whoever packs could pack anything: a pack is as honest as the
//     machine that made it.
//   - Who signed. A key is not a person: that it is somebody's, and nobody
//     else's, says only the list of allowed signers. That list must reach the
//     checker by another way than the pack; one from inside a pack proves
//     nothing, since whoever changes the pack changes the list.
//   - When. An SSH signature holds no time. Without a timestamp that is checked
//     against roots that the checker trusts, nobody can say that the key was
//     still good, or still secret, when it signed.
//   - That this is the only or the latest pack of a session.
//
// # What a timestamp proves
//
// That the signature, and with it all that it covers, existed at the time that
// the authority wrote, give or take its accuracy, if its key was its own then.
// It does not prove that the signature was made at that time rather than before,
// nor that the signed statements are true. Whether a certificate has been revoked
// is not looked up: the package never uses a network.
//
// # What encryption gives
//
// Only whoever holds an identity can read. It does not say who encrypted: sign
// first, then encrypt, and check the signature after decryption.
//
// The package opens no file, reads no clock, no environment and no random
// numbers but those given to it (age draws its own file keys), and knows nothing
// of what it signs.
package seal
