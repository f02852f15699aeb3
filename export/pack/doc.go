// Package pack makes evidence packs of liveness sessions, and checks them.
//
// A pack is a BagIt bag (package bag) of one session: the source and the images
// as they came, everything that package export makes of them, and what says who
// packed it, when, for what case and from which inputs:
//
//	data/source/result.json   the source, byte for byte
//	data/originals/…          the images as received
//	data/annotated/… data/faces/… data/sheet.png data/report.json
//	data/review.html          the reviewer's page, where asked for
//	bag-info.txt              who, when, which case, how long to keep
//	provenance.json           of every file, what it was made of, and how
//	custody.jsonl             what was done, as a chain of digests
//	profile.json              what a pack must hold, for other BagIt programs
//	VERIFY.txt                how to check a pack without lvtool
//	manifest-sha256.txt, tagmanifest-sha256.txt, bagit.txt
//
// [Write] makes one and hands it to the caller file by file; [Verify] checks
// one. Package seal signs the tag manifest.
//
// # What a pack proves
//
// That nothing was added, removed or changed since it was packed, as far as one
// trusts the tag manifest: signed by a key that the checker knows, or its digest
// known from elsewhere. With the same build of lvtool, that the pictures show
// what the originals show, since they can be made again.
//
// # What it does not prove
//
// That the source is what the service answered: Amazon Rekognition does not sign
// its results. Nor when the images were taken, nor that a live person was seen.
package pack
