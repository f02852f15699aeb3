package main

import (
	"github.com/lvtool/lvtool/samples/internal/geom"
	"github.com/lvtool/lvtool/samples/internal/portrait"
)

// rooms returns the places that pictures are taken in.
func rooms() map[string]portrait.Room {
	hall := evening()
	hall.Desk, hall.DeskColour = 0.60, rgb(0.16, 0.10, 0.06)
	hall.Backdrop.Blur = 0.012
	return map[string]portrait.Room{
		"study": study(), "kitchen": kitchen(), "plain": plain(), "evening": evening(), "hall": hall,
	}
}

func thing(kind portrait.Kind, left, top, right, bottom float64, colour geom.Vec) portrait.Thing {
	return portrait.Thing{Kind: kind, Left: left, Top: top, Right: right, Bottom: bottom, Colour: colour}
}

// study has a window on the left and shelves on the right.
func study() portrait.Room {
	wood := rgb(0.25, 0.16, 0.09)
	return portrait.Room{
		Key: rgb(-0.75, 0.45, 0.6), Spread: 0.28, Noise: 1,
		KeyColour: rgb(1.25, 1.19, 1.10), SkyColour: rgb(0.30, 0.31, 0.34),
		FloorColour: rgb(0.29, 0.25, 0.22), WallColour: rgb(0.17, 0.15, 0.14), Screen: rgb(0.11, 0.12, 0.13),
		Backdrop: portrait.Backdrop{
			Upper: rgb(0.34, 0.32, 0.28), Lower: rgb(0.22, 0.20, 0.17), Blur: 0.045, Seed: 4,
			Things: []portrait.Thing{
				thing(portrait.Glass, -0.25, -0.1, 0.16, 0.55, rgb(1.1, 1.2, 1.3)),
				thing(portrait.Books, 0.66, 0.02, 1.2, 0.21, wood),
				thing(portrait.Books, 0.66, 0.22, 1.2, 0.41, wood),
				thing(portrait.Books, 0.66, 0.42, 1.2, 0.61, wood),
				thing(portrait.Leaves, -0.05, 0.42, 0.25, 0.75, rgb(0.06, 0.12, 0.04)),
			},
		},
	}
}

// kitchen has daylight from the right and cupboards.
func kitchen() portrait.Room {
	door := rgb(0.48, 0.49, 0.47)
	return portrait.Room{
		Key: rgb(0.8, 0.35, 0.55), Spread: 0.32, Noise: 1,
		KeyColour: rgb(1.15, 1.15, 1.15), SkyColour: rgb(0.36, 0.35, 0.33),
		FloorColour: rgb(0.14, 0.12, 0.10), WallColour: rgb(0.15, 0.14, 0.12), Screen: rgb(0.10, 0.11, 0.13),
		Backdrop: portrait.Backdrop{
			Upper: rgb(0.42, 0.43, 0.42), Lower: rgb(0.30, 0.29, 0.27), Blur: 0.045, Seed: 9,
			Things: []portrait.Thing{
				thing(portrait.Panel, -0.2, -0.2, 0.17, 0.30, door),
				thing(portrait.Panel, 0.19, -0.2, 0.52, 0.30, door),
				thing(portrait.Panel, 0.54, -0.2, 0.80, 0.30, door.Scale(0.9)),
				thing(portrait.Glass, 0.86, -0.1, 1.3, 0.5, rgb(1.4, 1.4, 1.35)),
				thing(portrait.Panel, -0.2, 0.31, 0.85, 0.58, rgb(0.33, 0.38, 0.38)),
				thing(portrait.Disc, 0.05, 0.44, 0.17, 0.60, rgb(0.45, 0.12, 0.06)),
				thing(portrait.Leaves, 0.70, 0.38, 0.90, 0.58, rgb(0.08, 0.15, 0.05)),
				thing(portrait.Panel, -0.2, 0.60, 1.2, 0.64, rgb(0.36, 0.24, 0.13)),
				thing(portrait.Panel, -0.2, 0.64, 1.2, 1.2, door.Scale(0.7)),
			},
		},
	}
}

// plain is a wall with a picture, evenly lit.
func plain() portrait.Room {
	return portrait.Room{
		Key: rgb(-0.5, 0.6, 0.75), Spread: 0.5, Noise: 1,
		KeyColour: rgb(1.0, 0.98, 0.95), SkyColour: rgb(0.46, 0.46, 0.47),
		FloorColour: rgb(0.20, 0.18, 0.17), WallColour: rgb(0.22, 0.21, 0.20), Screen: rgb(0.10, 0.10, 0.11),
		Backdrop: portrait.Backdrop{
			Upper: rgb(0.40, 0.44, 0.47), Lower: rgb(0.30, 0.33, 0.35), Blur: 0.035, Seed: 2,
			Things: []portrait.Thing{
				thing(portrait.Panel, 0.72, 0.05, 1.1, 0.40, rgb(0.10, 0.08, 0.07)),
				thing(portrait.Panel, 0.75, 0.07, 1.1, 0.38, rgb(0.55, 0.42, 0.28)),
				thing(portrait.Disc, 0.80, 0.16, 1.0, 0.30, rgb(0.20, 0.28, 0.38)),
				thing(portrait.Panel, -0.1, -0.1, 0.06, 1.1, rgb(0.50, 0.50, 0.49)),
				thing(portrait.Panel, 0.06, -0.1, 0.075, 1.1, rgb(0.22, 0.22, 0.22)),
			},
		},
	}
}

// evening is dim: a lamp on the right, dark corners.
func evening() portrait.Room {
	return portrait.Room{
		Key: rgb(0.65, 0.4, 0.6), Spread: 0.25, Noise: 2.2,
		KeyColour: rgb(0.40, 0.30, 0.20), SkyColour: rgb(0.07, 0.06, 0.05),
		FloorColour: rgb(0.05, 0.035, 0.025), WallColour: rgb(0.05, 0.04, 0.035), Screen: rgb(0.07, 0.08, 0.11),
		Backdrop: portrait.Backdrop{
			Upper: rgb(0.085, 0.065, 0.05), Lower: rgb(0.05, 0.038, 0.03), Blur: 0.04, Seed: 6,
			Things: []portrait.Thing{
				thing(portrait.Panel, -0.1, 0.05, 0.28, 1.1, rgb(0.06, 0.025, 0.02)),
				thing(portrait.Disc, 0.62, 0.02, 1.15, 0.48, rgb(0.17, 0.12, 0.075)),
				thing(portrait.Disc, 0.78, 0.15, 0.98, 0.33, rgb(1.2, 0.85, 0.50)),
				thing(portrait.Panel, 0.86, 0.33, 0.90, 0.62, rgb(0.09, 0.07, 0.05)),
				thing(portrait.Books, -0.1, 0.62, 0.4, 0.80, rgb(0.07, 0.045, 0.03)),
			},
		},
	}
}
