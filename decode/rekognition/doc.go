// Package rekognition fetches the results of Face Liveness sessions from Amazon Rekognition while
// they last: three minutes after a session is created its results are gone.
//
// [Client.Fetch] asks once, with retries, and returns an [Answer]: the body exactly as the service
// sent it, which is the evidence, and who answered when. The body is for [decode.Sessions]; the
// structures of the AWS SDK are not used, since they shorten numbers and drop members that the SDK
// does not know. [Client.Wait] asks until the session has ended.
//
// The region of the client must be the session's. A region without Face Liveness answers
// [ErrDenied], as missing permission does.
//
// [decode.Sessions]: https://pkg.go.dev/github.com/lvtool/lvtool/decode#Sessions
package rekognition
