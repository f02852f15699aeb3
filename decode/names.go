package decode

import (
	"strings"
	"unicode"
)

// A field is what a member of a result means, whatever it is called.
type field int

const (
	unknown field = iota
	sessionID
	status
	confidence
	challenge
	challengeType
	challengeVersion
	feedback
	referenceImage
	auditImages
	// soleImage is auditImageBytes, under which AWS Amplify's sample returns
	// the reference image.
	soleImage
)

// longestName is the most bytes that a name of a field can have, generously.
const longestName = 64

// fold returns a name as names are compared: without regard to case,
// underscores, hyphens and spaces, so that SessionId, sessionId and session_id
// are one. Names too long for a field are left as they are.
func fold(name string) string {
	if len(name) > longestName {
		return name
	}
	return strings.Map(func(c rune) rune {
		if c == '_' || c == '-' || c == ' ' {
			return -1
		}
		return unicode.ToLower(c)
	}, name)
}

// names are the folded names of the fields that have no image. Where a result
// has several names of one field, the first here wins.
var names = []struct {
	name  string
	field field
}{
	{"sessionid", sessionID},
	{"livenesssessionid", sessionID},
	{"facelivenesssessionid", sessionID},
	{"awssessionid", sessionID},
	{"status", status},
	{"sessionstatus", status},
	{"livenessstatus", status},
	{"confidence", confidence},
	{"confidencescore", confidence},
	{"livenessconfidence", confidence},
	{"livenessscore", confidence},
	{"livenessconfidencescore", confidence},
	{"score", confidence},
	{"challenge", challenge},
	{"challengetype", challengeType},
	{"challengeversion", challengeVersion},
	{"feedback", feedback},
}

// A part is what a member says of an image: all of it, or only its bytes,
// where it lies, or its box.
type part int

const (
	wholeImage part = iota
	bytesPart
	s3Part
	boxPart
	// addressPart is a web address, which is never asked for.
	addressPart
	// stubPart tells that there were bytes once.
	stubPart
)

// parts are what may follow the name of an image.
var parts = map[string]part{
	"": wholeImage, "s": wholeImage, "data": wholeImage, "object": wholeImage, "list": wholeImage,
	"bytes": bytesPart, "byte": bytesPart, "base64": bytesPart, "b64": bytesPart, "sbase64": bytesPart,
	"sbytes": bytesPart, "buffer": bytesPart, "blob": bytesPart, "content": bytesPart, "raw": bytesPart,
	"hex": bytesPart, "binary": bytesPart, "dataurl": bytesPart, "datauri": bytesPart, "src": bytesPart,
	"jpeg": bytesPart, "jpg": bytesPart,
	"s3": s3Part, "ss3": s3Part, "s3object": s3Part, "ss3objects": s3Part, "s3uri": s3Part, "ss3uris": s3Part,
	"s3url": s3Part, "ss3urls": s3Part, "s3path": s3Part, "s3location": s3Part, "s3objects": s3Part,
	"boundingbox": boxPart, "box": boxPart, "bbox": boxPart, "facebox": boxPart,
	"sboundingboxes": boxPart, "boundingboxes": boxPart,
	"url": addressPart, "urls": addressPart, "surls": addressPart, "uri": addressPart, "link": addressPart,
	"presignedurl": addressPart, "signedurl": addressPart, "presignedurls": addressPart,
	"signedurls": addressPart, "href": addressPart, "path": addressPart,
}

// meaning returns what a member called name means in a result, and for images,
// which part of one it is. The rank orders names of one field: lower wins.
func meaning(name string) (f field, p part, rank int) {
	// Databases put an underscore before names of their own, such as _score.
	if strings.HasPrefix(name, "_") {
		return unknown, 0, 0
	}
	folded := fold(name)
	for i, n := range names {
		if n.name == folded {
			return n.field, 0, i
		}
	}
	if folded == "auditimagebytes" {
		return soleImage, bytesPart, 0
	}
	for _, image := range []struct {
		name  string
		field field
	}{{"referenceimage", referenceImage}, {"auditimage", auditImages}} {
		if rest, ok := strings.CutPrefix(strings.TrimPrefix(folded, "liveness"), image.name); ok {
			if p, ok := parts[rest]; ok {
				return image.field, p, 0
			}
		}
	}
	return unknown, 0, 0
}

// imageParts are the folded names of the members of an image.
var imageParts = map[string]part{
	"bytes": bytesPart, "base64": bytesPart, "b64": bytesPart, "data": bytesPart, "image": bytesPart,
	"imagebytes": bytesPart, "imagebase64": bytesPart, "imagedata": bytesPart, "base64image": bytesPart,
	"bytesbase64": bytesPart, "base64bytes": bytesPart, "content": bytesPart, "buffer": bytesPart, "blob": bytesPart,
	"raw": bytesPart, "body": bytesPart, "jpeg": bytesPart, "jpg": bytesPart, "src": bytesPart, "hex": bytesPart,
	"dataurl": bytesPart, "datauri": bytesPart,
	"s3object": s3Part, "s3": s3Part, "s3location": s3Part, "s3uri": s3Part, "s3url": s3Part, "s3path": s3Part,
	"bucket": s3Part, "s3bucket": s3Part, "bucketname": s3Part,
	"boundingbox": boxPart, "box": boxPart, "bbox": boxPart, "facebox": boxPart, "faceboundingbox": boxPart,
	"url": addressPart, "uri": addressPart, "href": addressPart, "link": addressPart, "imageurl": addressPart,
	"presignedurl": addressPart, "signedurl": addressPart,
	"hasbytes": stubPart, "hasimage": stubPart, "hasdata": stubPart, "byteslength": stubPart,
	"bytelength": stubPart, "bytessize": stubPart,
}

// statuses are the values of Status that the service is known to write.
var statuses = map[string]bool{
	"CREATED": true, "IN_PROGRESS": true, "SUCCEEDED": true, "FAILED": true, "EXPIRED": true,
}
