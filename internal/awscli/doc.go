// Package awscli behaves as the AWS CLI (version 2) does around one call,
// "aws rekognition get-face-liveness-session-results": it parses the arguments, checks them, gives
// the answer the shape of the service's model, and prints it as json, yaml, yaml-stream, text or
// table, byte for byte as the CLI would, down to its refusals and exit codes.
//
// Nothing here talks to a network. Version 2.9.19 of the CLI is the yardstick, but for members of
// the answer that its model does not know: they are printed, as newer versions do.
package awscli
