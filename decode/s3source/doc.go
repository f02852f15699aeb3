// Package s3source reads and writes objects in Amazon S3, and in what speaks
// its protocol.
//
// [New] makes a [Store] of the AWS settings. A Store is the [decode.Objects]
// that gets the images of sessions whose results name a bucket, and
// [Store.For] one that gets those of one session alone; [Store.Walk] and
// [Store.Open] find and read results; [Store.Folder] and [Store.Put] write what
// became of them.
//
// # Whole and right, or an error
//
// An object is handed out when all of it has arrived and agrees with the
// checksum that S3 keeps of it; the [decode.Origin] says which bytes those
// were: version, entity tag, time, checksum, encryption. Where a result names
// a version, that version is got or none.
//
// A request and the reading of its answer are tried again together, since a
// body that breaks off or has the wrong checksum is as much a failure as a
// status of 503. Tries, time, redirections and bytes are bounded by [Options].
//
// A bucket in another region than the one set is followed there, once, and
// remembered; the object comes with a [decode.Problem] that says so.
//
// # Errors
//
// Every error is an [Error], which wraps one of the conditions below, such as
// [ErrDenied]; [Advice] puts the way out in words. No type of the AWS SDK
// leaves the package.
//
// # Hostile input
//
// Bucket names, keys and versions come from results that others wrote, who
// could name any object that the caller may read. [Store.For] refuses those
// that do not look like the session's; a Store can be held to some buckets and
// to one owner ([Options]). Names are
// checked before any request, regions before they become part of a host name,
// and what a server says is made fit to print.
package s3source
