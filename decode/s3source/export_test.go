package s3source

// Backoff is the pause that a nil Options.Backoff means.
var Backoff = backoff
