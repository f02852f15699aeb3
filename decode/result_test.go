package decode_test

import (
	"strings"
	"testing"

	"github.com/lvtool/lvtool/decode"
)

// An image may lie in S3 in as many words as there are backends.
func TestS3Forms(t *testing.T) {
	const key = "liveness/5f3c/reference.jpg"
	for _, tt := range []struct{ producer, image, want, codes string }{
		{"the service", `"ReferenceImage":{"S3Object":{"Bucket":"b-1","Name":"KEY","Version":"v"}}`, "KEY v", ""},
		{
			"Go, nulls",
			`"ReferenceImage":{"S3Object":{"Bucket":"b-1","Name":"KEY","Version":null},"Bytes":null}`,
			"KEY ", "",
		},
		{"JavaScript", `"referenceImage":{"s3Object":{"bucket":"b-1","name":"KEY"}}`, "KEY ", ""},
		{"JavaScript, key", `"referenceImage":{"s3Object":{"bucket":"b-1","key":"KEY","versionId":"v"}}`, "KEY v", ""},
		{"Python", `"reference_image":{"s3_location":{"bucket":"b-1","name":"KEY","version":"v"}}`, "KEY v", ""},
		{"flat", `"referenceImage":{"bucket":"b-1","key":"KEY"}`, "KEY ", ""},
		{"flat, long names", `"reference_image":{"s3_bucket":"b-1","s3_key":"KEY","bounding_box":null}`, "KEY ", ""},
		{"address", `"referenceImage":"s3://b-1/KEY"`, "KEY ", ""},
		{"address in place of bytes", `"ReferenceImage":{"Bytes":"s3://b-1/KEY"}`, "KEY ", ""},
		{"address of its own", `"referenceImageS3":"s3://b-1/KEY"`, "KEY ", ""},
		{"address as URI", `"referenceImage":{"s3Uri":"s3://b-1/KEY"}`, "KEY ", ""},
		{"address under url", `"referenceImage":{"url":"s3://b-1/KEY"}`, "KEY ", ""},
		{"ARN", `"referenceImage":{"s3":"arn:aws:s3:::b-1/KEY"}`, "KEY ", ""},
		{"JSON in a string", `"referenceImage":{"s3Object":"{\"Bucket\":\"b-1\",\"Name\":\"KEY\"}"}`, "KEY ", ""},
		{"DynamoDB", `"ReferenceImage":{"M":{"S3Object":{"M":{"Bucket":{"S":"b-1"},"Name":{"S":"KEY"}}}}}`, "KEY ", ""},
		{"two", `"referenceImage":{"s3Object":{"bucket":"b-1","key":"KEY"},"s3Uri":"s3://c/d"}`, "KEY ", "s3_twice"},
		{"no bucket", `"referenceImage":{"s3Object":{"name":"KEY"}}`, "", "s3_unreadable"},
		{"an empty key", `"referenceImage":"s3://b-1/"`, "", "s3_unreadable"},
	} {
		s := firstSession(`{"SessionId":"a","Status":"SUCCEEDED",` + strings.ReplaceAll(tt.image, "KEY", key) + `}`)
		if len(s.Images) != 1 {
			t.Errorf("%s: got %d images", tt.producer, len(s.Images))
			continue
		}
		got := ""
		if o := s.Images[0].S3; o != nil {
			got = o.Bucket + "/" + o.Name + " " + o.Version
		}
		want := strings.ReplaceAll(tt.want, "KEY", "b-1/"+key)
		if got != want || codes(s.Images[0].Problems) != tt.codes || s.Images[0].Inline != nil {
			t.Errorf("%s: got %q, problems %v; want %q, %q", tt.producer, got, s.Images[0].Problems, want, tt.codes)
		}
	}
}

// Lists of addresses belong to the images of their index.
func TestS3Lists(t *testing.T) {
	s := firstSession(`{"sessionId":"a","status":"SUCCEEDED","auditImagesS3":["s3://b/0","s3://b/1"],` +
		`"auditImages":[{"boundingBox":{"left":0.1}},{"boundingBox":{"left":0.2}}],"referenceImageS3":"s3://b/r"}`)
	var got []string
	for _, img := range s.Images {
		left := decode.Number("")
		if img.Box != nil {
			left = img.Box.Left
		}
		got = append(got, img.Name+" "+img.S3.String()+" "+string(left))
	}
	want := "reference s3://b/r , audit-0 s3://b/0 0.1, audit-1 s3://b/1 0.2"
	if strings.Join(got, ", ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What is doubtful is taken as written and noted.
func TestDoubts(t *testing.T) {
	for _, tt := range []struct{ name, doc, codes, id, confidence string }{
		{"a share of 1", `{"SessionId":"a","Status":"FAILED","Confidence":0.8741}`, "confidence_scale", "a", "0.8741"},
		{"just 1", `{"SessionId":"a","Status":"SUCCEEDED","Confidence":1.0}`, "confidence_scale", "a", "1.0"},
		{"above 1", `{"SessionId":"a","Status":"SUCCEEDED","Confidence":1.01}`, "", "a", "1.01"},
		{"zero", `{"SessionId":"a","Status":"EXPIRED","Confidence":0.0}`, "", "a", "0.0"},
		{"no number", `{"SessionId":"a","Status":"FAILED","Confidence":"9 %"}`, "confidence_unreadable", "a", "9 %"},
		{"NaN", `{"SessionId":"a","Status":"SUCCEEDED","Confidence":"NaN"}`, "confidence_unreadable", "a", "NaN"},
		{"an id of digits", `{"SessionId":17,"Status":"SUCCEEDED","AuditImages":[]}`, "", "17", ""},
		{
			"two names of one field", `{"livenessConfidence":90,"confidence":80,"sessionId":"a","status":"SUCCEEDED"}`,
			"field_twice", "a", "80",
		},
		{
			"another id around", `{"sessionId":"b","response":{"SessionId":"a","Status":"FAILED","AuditImages":[]}}`,
			"ids_differ", "a", "",
		},
		{
			"names around", `{"id":1,"livenessSessionId":"a","data":{"confidence":91,"auditImages":[]}}`,
			"from_around", "a", "91",
		},
		{
			"a status of a wrapper", `{"status":200,"SessionId":"a","Confidence":91,"AuditImages":[]}`, "", "a", "91",
		},
	} {
		s := firstSession(tt.doc)
		if codes(s.Problems) != tt.codes || s.ID != tt.id || string(s.Confidence) != tt.confidence {
			t.Errorf("%s: got %q, %q, problems %v; want %q", tt.name, s.ID, s.Confidence, s.Problems, tt.codes)
		}
	}
}

// Where an object has the names of images and nothing under them, the images
// are elsewhere.
func TestStrippedBesideRaw(t *testing.T) {
	const raw = `{"SessionId":"a","Status":"SUCCEEDED","ReferenceImage":{"Bytes":"/9j/"}}`
	for _, image := range []string{`null`, `{"HasBytes":true,"BoundingBox":{"Left":0}}`, `{}`} {
		doc := `{"sessionId":"a","confidence":91,"referenceImage":` + image + `,"auditImages":[],"raw":` + raw + `}`
		sessions, errs := read(doc)
		if len(sessions) != 1 || errs != nil {
			t.Errorf("%s: got %d sessions, %v", image, len(sessions), errs)
			continue
		}
		s := sessions[0]
		if len(s.Images) != 1 || s.Images[0].Pointer != "/raw/ReferenceImage" || s.Confidence != "91" {
			t.Errorf("%s: got images %+v, confidence %q", image, s.Images, s.Confidence)
		}
	}
}

// A search engine's score is not the confidence.
func TestForeignScore(t *testing.T) {
	s := firstSession(`{"_score":1.0,"score":2.0,"_source":{"sessionId":"a","status":"CREATED","auditImages":[]}}`)
	if s.Confidence != "" || s.Problems != nil {
		t.Errorf("got confidence %q, problems %v", s.Confidence, s.Problems)
	}
}

// Images in the wrong kind of list are taken as what they can only be.
func TestOddLists(t *testing.T) {
	for _, tt := range []struct{ images, want string }{
		{`"ReferenceImage":[{"Bytes":"/9j/"}]`, "reference image_in_list"},
		{`"ReferenceImage":[{"Bytes":"/9j/"},{}]`, "reference "},
		{`"AuditImages":{}`, ""},
		{`"AuditImages":"[{\"Bytes\":\"/9j/\"}]"`, "audit-0 "},
		{`"AuditImages":[null,{"Bytes":"/9j/"}]`, "audit-0 ,audit-1 "},
	} {
		var list []string
		for _, img := range firstSession(`{"SessionId":"a","Status":"SUCCEEDED",` + tt.images + `}`).Images {
			list = append(list, img.Name+" "+codes(img.Problems))
		}
		if got := strings.Join(list, ","); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.images, got, tt.want)
		}
	}
}

// Fields that say more than the service's own keep what they say.
func TestOtherFields(t *testing.T) {
	s := firstSession(`{"SessionId":"a","Status":"SUCCEEDED","challenge":"FaceMovementChallenge",` +
		`"challengeVersion":"1.0.0","feedback":["LOW_LIGHTING_DETECTED",{"code":"FACE_NOT_VISIBLE","message":"m"}],` +
		`"isLive":true,"Status2":null,"$metadata":{"requestId":"r"},"Confidence":{"odd":1}}`)
	if *s.Challenge != (decode.Challenge{Type: "FaceMovementChallenge", Version: "1.0.0"}) {
		t.Errorf("got challenge %v", s.Challenge)
	}
	if len(s.Feedback) != 2 || s.Feedback[0].Code != "LOW_LIGHTING_DETECTED" || s.Feedback[1].Message != "m" {
		t.Errorf("got feedback %v", s.Feedback)
	}
	for name, want := range map[string]string{
		"isLive": "true", "Status2": "null", "$metadata": `{"requestId":"r"}`, "Confidence": `{"odd":1}`,
	} {
		if got := string(s.Extra[name]); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// AWS Amplify's sample has one image, under a name that says something else.
func TestSoleImage(t *testing.T) {
	for _, tt := range []struct{ doc, want string }{
		{`{"isLive":true,"confidenceScore":91,"auditImageBytes":"/9j/"}`, "reference"},
		{`{"confidenceScore":91,"referenceImage":null,"auditImageBytes":"/9j/"}`, "reference"},
		{`{"confidenceScore":91,"referenceImage":"/9j/","auditImageBytes":"/9j/"}`, "reference audit-0"},
	} {
		var names []string
		for _, img := range firstSession(tt.doc).Images {
			names = append(names, img.Name)
		}
		if got := strings.Join(names, " "); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.doc, got, tt.want)
		}
	}
}

// The pixels that Load holds at a time are bounded; the images after that fail.
func TestDecodedLimit(t *testing.T) {
	img := inline(pngFile(t, picture(10, 10)))
	s := &decode.Session{Images: []decode.Image{*img, *img, *img}}
	frames, err := decode.Load(t.Context(), s, &decode.LoadOptions{Limits: decode.Limits{Decoded: 800}})
	if frames[1].Err != nil || limitOf(frames[2].Err) != decode.LimitDecoded || limitOf(err) != decode.LimitDecoded {
		t.Errorf("got %v", err)
	}
}

// A compressed document may not unpack to more than the limits say.
func TestExpansion(t *testing.T) {
	doc := gzipped(t, strings.Repeat(" ", 1<<20)+`{"SessionId":"a","Status":"b"}`)
	opts := &decode.Options{Limits: decode.Limits{Document: 1000, Expansion: 10}}
	_, errs := all(decode.Sessions(strings.NewReader(doc), opts))
	if len(errs) != 1 || limitOf(errs[0]) != decode.LimitExpansion {
		t.Errorf("got %v, want the limit %q", errs, decode.LimitExpansion)
	}
}
