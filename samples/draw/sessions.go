package main

import (
	"github.com/lvtool/lvtool/samples/internal/geom"
	"github.com/lvtool/lvtool/samples/internal/portrait"
)

// light and movement are the two challenges that there are.
func light() *challenge    { return &challenge{"FaceMovementAndLightChallenge", "2.0.0"} }
func movement() *challenge { return &challenge{"FaceMovementChallenge", "1.0.0"} }

// sessions returns what is drawn. The ids are made up.
func sessions() []session {
	return []session{
		readme(), inside(), edges(), outside(), tiny(), noReference(), exifRotated(), inS3(), lowConfidence(),
		{name: "created", id: "e5a8f0b2-4c19-4f6d-8b37-2d90c1a6e748", status: "CREATED"},
		{name: "expired", id: "7d13c9e4-06fb-4a58-9e2d-b84f5a7c0316", status: "EXPIRED", confidence: new(number(0))},
	}
}

// at is the pose of a head that is turned by yaw and pitch, at a distance in
// centimetres, and seen at x and y.
func at(yaw, pitch, distance, x, y float64) portrait.Pose {
	return portrait.Pose{Yaw: yaw, Pitch: pitch, Roll: 0.3 * yaw * pitch, Distance: distance, X: x, Y: y}
}

// shots returns a frame for each pose.
func shots(who, room string, poses ...portrait.Pose) []shot {
	var s []shot
	for _, p := range poses {
		s = append(s, shot{who: who, room: room, pose: p})
	}
	return s
}

// readme is the session that the README shows: the face comes nearer, and
// once moves out over the left edge.
func readme() session {
	s := shots(
		"ada", "study", at(0.05, 0.02, 43, 0.505, 0.43),
		at(0.10, 0.03, 58, 0.55, 0.42), at(-0.04, 0.01, 50, 0.45, 0.42),
		at(-0.22, 0.04, 44, 0.18, 0.44), at(0.02, 0, 36, 0.51, 0.45),
	)
	// The screen shows colours during the challenge.
	flashes := []geom.Vec{
		rgb(0, 0, 0), rgb(0.02, 0.03, 0.10), rgb(0.09, 0.02, 0.04), rgb(0.01, 0.07, 0.03), rgb(0.06, 0.06, 0.06),
	}
	for i := range s {
		s[i].flash = flashes[i]
	}
	return session{
		name: "session", id: "0b6f2c1e-58a4-4d0e-9c37-6a1d2f4e8b90", status: "SUCCEEDED",
		confidence: new(number(97.3)), reference: &s[0], audits: s[1:], challenge: light(), feedback: []feedback{},
	}
}

func inside() session {
	s := shots(
		"hiro", "kitchen", at(-0.04, 0.03, 42, 0.5, 0.44),
		at(0.08, 0, 52, 0.46, 0.43), at(0, 0.02, 37, 0.5, 0.46),
	)
	return session{
		name: "inside", id: "a94e07d3-1f62-4b85-8c0a-57e3d6b1f924", status: "SUCCEEDED",
		confidence: new(number(99.12345)), reference: &s[0], audits: s[1:], challenge: light(),
	}
}

func edges() session {
	s := shots(
		"chidi", "study", at(0.02, 0.02, 44, 0.5, 0.44),
		at(-0.20, 0.02, 44, 0.14, 0.44), at(0.22, 0, 43, 0.87, 0.46),
		at(0.03, -0.08, 42, 0.48, 0.12), at(-0.02, 0.10, 43, 0.53, 0.93),
	)
	return session{
		name: "edges", id: "3c5b9f18-e702-4d4c-b6a1-90f8e2d7c453", status: "SUCCEEDED",
		confidence: new(number(91.40762)), reference: &s[0], audits: s[1:], challenge: movement(),
	}
}

func outside() session {
	s := shots("ines", "plain", at(0.03, 0.02, 45, 0.5, 0.44), at(-0.35, 0.05, 44, -0.36, 0.47))
	return session{
		name: "outside", id: "d20a6e7b-93c4-4e1f-a5d8-0c7b4f9e1682", status: "SUCCEEDED",
		confidence: new(number(88.7)), reference: &s[0], audits: s[1:], challenge: movement(),
	}
}

// tiny has a face far away, and a box that no pixel's worth of face is in.
func tiny() session {
	s := shots("ben", "hall", at(-0.1, 0, 300, 0.44, 0.46), at(0.05, 0.02, 300, 0.52, 0.46))
	s[1].box = &[4]float64{0.5012, 0.3285, 0.0006, 0.0003}
	return session{
		name: "tiny", id: "58f1d4c0-b2e9-4a73-8d6c-e1907a3b5f2d", status: "SUCCEEDED",
		confidence: new(number(71.05)), reference: &s[0], audits: s[1:], challenge: light(),
		feedback: []feedback{{"FACE_NOT_ALIGNED", "The face was not aligned with the oval."}},
	}
}

// noReference failed; its last image came without a box.
func noReference() session {
	s := shots("dora", "kitchen", at(0.12, 0.05, 47, 0.54, 0.45), at(-0.1, 0.14, 44, 0.47, 0.47))
	s[1].noBox = true
	return session{
		name: "no-reference", id: "f6e3b58a-40d7-4c92-9b1e-a27d8c05f631", status: "FAILED",
		confidence: new(number(3.4417)), audits: s, challenge: light(),
	}
}

// exifRotated has images that are stored turned, as some phones do.
func exifRotated() session {
	s := shots("grace", "plain", at(-0.05, 0.02, 46, 0.5, 0.46), at(0.12, 0, 44, 0.42, 0.47))
	s[0].orientation, s[1].orientation = 6, 3
	return session{
		name: "exif-rotated", id: "1ae70c95-d84b-4f36-a0e2-6b93f5d1c87e", status: "SUCCEEDED",
		confidence: new(number(95.5)), reference: &s[0], audits: s[1:], challenge: movement(),
	}
}

func inS3() session {
	s := shots("fatma", "evening", at(0.04, 0.02, 43, 0.5, 0.45), at(-0.08, 0, 38, 0.52, 0.46))
	return session{
		name: "s3", id: "c47d82f6-5a0b-4931-8ef4-19b6d3e7a05c", status: "SUCCEEDED",
		confidence: new(number(82.6)), reference: &s[0], audits: s[1:], challenge: light(), bucket: "example-bucket",
		feedback: []feedback{{"LOW_LIGHTING_DETECTED", "Low lighting was detected in the video."}},
		metadata: &metadata{"AMPLIFY_WEB"},
	}
}

// lowConfidence completed, which is not to say that it passed.
func lowConfidence() session {
	s := shots("emre", "plain", at(-0.03, 0.03, 43, 0.5, 0.45), at(0.15, 0.02, 48, 0.55, 0.44))
	return session{
		name: "low-confidence", id: "92b0e5d7-c63a-4814-b7f9-d05e1a8f43c6", status: "SUCCEEDED",
		confidence: new(number(45.2)), reference: &s[0], audits: s[1:], challenge: light(),
	}
}
