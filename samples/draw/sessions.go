package main

import "github.com/lvtool/lvtool/samples/internal/portrait"

// sessions returns what is drawn.
func sessions() []session {
	light := &challenge{"FaceMovementAndLightChallenge", "2.0.0"}
	at := func(yaw, pitch, distance, x, y float64) shot {
		return shot{who: "ada", room: "office", pose: portrait.Pose{Yaw: yaw, Pitch: pitch, Distance: distance, X: x, Y: y}}
	}
	ref := at(0.03, 0.02, 42, 0.5, 0.42)
	return []session{
		{
			name: "session", id: "0b6f2c1e-58a4-4d0e-9c37-6a1d2f4e8b90", status: "SUCCEEDED", confidence: 97.3,
			reference: &ref, challenge: light, feedback: []feedback{},
			audits: []shot{
				at(0.12, 0.03, 56, 0.56, 0.40),
				at(-0.06, 0.0, 50, 0.44, 0.41),
				at(-0.20, 0.03, 44, 0.19, 0.42),
				at(0.02, -0.02, 36, 0.50, 0.43),
			},
		},
	}
}
