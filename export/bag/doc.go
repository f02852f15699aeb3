// Package bag writes and verifies BagIt bags (RFC 8493): folders that carry a
// list of the digests of their files. It knows nothing of what the files are.
//
// [NewWriter] makes a bag of version 1.0, file by file. [Verify] checks one of
// version 0.93 to 1.0, in a folder ([Folder]) or a ZIP archive ([OpenZip]), and
// says all that is wrong with it. A bag is hostile until shown otherwise: no
// symbolic link is followed, no name leaves the bag, and counts and sizes are
// bounded by [Limits].
//
// # What a bag proves
//
// Checksums show that files are those that were listed. They do not show who
// listed them: whoever changes a file can change the list too. Sign the tag
// manifest, which [Writer.Close] returns, and keep the key that verifies it
// somewhere else.
//
// BagIt itself leaves gaps that [Options.Strict] closes: files beside data/ that
// no list names, bags without a tag manifest, and lists that not every tool
// reads alike.
package bag
