package main

import (
	"github.com/lvtool/lvtool/samples/internal/geom"
	"github.com/lvtool/lvtool/samples/internal/portrait"
)

func rgb(r, g, b float64) geom.Vec { return geom.Vec{X: r, Y: g, Z: b} }

// Hair colours.
var (
	black  = rgb(0.014, 0.011, 0.010)
	brown  = rgb(0.060, 0.031, 0.018)
	copper = rgb(0.20, 0.075, 0.028)
	ash    = rgb(0.16, 0.11, 0.07)
)

// people returns the cast. Nobody was a model for any of them.
func people() map[string]portrait.Person {
	return map[string]portrait.Person{
		"ada": ada(), "ben": ben(), "chidi": chidi(), "dora": dora(), "emre": emre(), "fatma": fatma(),
		"grace": grace(), "hiro": hiro(), "ines": ines(),
	}
}

func woman() portrait.Shape {
	s := portrait.MeanShape()
	s.Jaw, s.Neck, s.Shoulders, s.Lips = 0.96, 0.90, 0.90, 1.12
	return s
}

func man() portrait.Shape {
	s := portrait.MeanShape()
	s.Jaw, s.Brow, s.Chin, s.Lips, s.EyeOpen = 1.04, 0.10, 1.05, 0.85, 0.85
	s.Throat, s.NoseWidth, s.Neck, s.Shoulders = 0.15, 1.08, 1.06, 1.08
	return s
}

func ada() portrait.Person {
	s := woman()
	s.EyeOpen = 0.92
	return portrait.Person{
		Seed: 3, Shape: s, Iris: rgb(0.09, 0.055, 0.03),
		Skin: portrait.Skin{
			Tone: rgb(0.57, 0.355, 0.255), Lip: rgb(0.44, 0.165, 0.15),
			Flush: 0.55, Shine: 0.75, Fold: 0.8, Lines: 0.12,
		},
		Hair: portrait.Hair{
			Colour: brown, Count: 42000, Length: 25, Sides: 19, Part: -1.5, Comb: rgb(1, 0.3, -0.4),
			Lift: 0.3, Volume: 1.2, Weight: 0.30, Wave: 0.42, Period: 10, Frizz: 0.10,
		},
		Brows: portrait.Brows{Colour: rgb(0.05, 0.027, 0.017), Thick: 1, Arch: 1, Dense: 504, Lashes: 1},
		Dress: portrait.Dress{Cut: portrait.Crew, Colour: rgb(0.05, 0.09, 0.16), Knit: 0.5},
	}
}

func ben() portrait.Person {
	s := man()
	s.Width, s.Fat = 1.02, 0.3
	return portrait.Person{
		Seed: 14, Shape: s, Iris: rgb(0.10, 0.15, 0.20),
		Skin: portrait.Skin{
			Tone: rgb(0.60, 0.38, 0.29), Lip: rgb(0.42, 0.19, 0.17),
			Flush: 0.8, Shine: 0.8, Fold: 0.7, Lines: 0.55,
		},
		Hair: portrait.Hair{
			Colour: brown, Grey: 0.22, Count: 34000, Length: 6, Sides: 2.2, Part: 2.2, Comb: rgb(1, 0.3, 0.25),
			Lift: 0.45, Volume: 0.7, Weight: 0.16, Frizz: 0.08, Recede: 0.9,
		},
		Brows: portrait.Brows{Colour: rgb(0.05, 0.03, 0.02), Thick: 1.15, Arch: 0.6, Dense: 504, Lashes: 0.7},
		Beard: portrait.Beard{Colour: brown, Grey: 0.2, Count: 5000, Length: 0.12, Cheeks: 0.2, Shadow: 0.35},
		Dress: portrait.Dress{Cut: portrait.Shirt, Colour: rgb(0.42, 0.50, 0.62)},
	}
}

func chidi() portrait.Person {
	s := man()
	s.NoseWidth, s.NoseBridge, s.Lips, s.Cheek = 1.3, 0.7, 1.35, 1.03
	return portrait.Person{
		Seed: 25, Shape: s, Iris: rgb(0.035, 0.02, 0.012),
		Skin: portrait.Skin{
			Tone: rgb(0.165, 0.080, 0.048), Lip: rgb(0.17, 0.07, 0.06),
			Flush: 0.25, Shine: 1.2, Fold: 0.7, Lines: 0.2,
		},
		Hair:  portrait.Hair{Colour: black, Count: 30000, Length: 0.5, Sides: 0.3, Lift: 1, Frizz: 0.05},
		Brows: portrait.Brows{Colour: black, Thick: 1.1, Arch: 0.7, Dense: 504, Lashes: 0.8},
		Beard: portrait.Beard{Colour: black, Count: 11000, Length: 0.45, Cheeks: 0.1, Shadow: 0.4},
		Dress: portrait.Dress{Cut: portrait.Vee, Colour: rgb(0.30, 0.06, 0.05), Knit: 0.8},
	}
}

func dora() portrait.Person {
	s := woman()
	s.Fat, s.Lips, s.EyeOpen, s.NoseLength, s.Smile = 0.6, 0.8, 0.82, 1.05, 0.45
	return portrait.Person{
		Seed: 36, Shape: s, Iris: rgb(0.13, 0.19, 0.24),
		Skin: portrait.Skin{
			Tone: rgb(0.64, 0.43, 0.35), Lip: rgb(0.47, 0.21, 0.19),
			Flush: 0.8, Shine: 0.6, Fold: 0.5, Lines: 1,
		},
		Hair: portrait.Hair{
			Colour: ash, Grey: 0.8, Count: 40000, Length: 17, Sides: 12, Part: 1.5, Comb: rgb(1, 0.5, -0.1),
			Lift: 0.5, Volume: 1.7, Weight: 0.25, Wave: 0.35, Period: 8, Frizz: 0.12,
		},
		Brows:   portrait.Brows{Colour: rgb(0.16, 0.12, 0.09), Thick: 0.8, Arch: 1, Dense: 302, Lashes: 0.7},
		Dress:   portrait.Dress{Cut: portrait.Crew, Colour: rgb(0.30, 0.16, 0.24), Knit: 1},
		Glasses: portrait.Glasses{Rim: 0.13, Width: 2.7, Height: 2.05, Square: 2.6, Colour: rgb(0.16, 0.03, 0.03)},
	}
}

func emre() portrait.Person {
	s := man()
	s.NoseLength, s.NoseBridge, s.Width = 1.08, 1.25, 0.98
	return portrait.Person{
		Seed: 47, Shape: s, Iris: rgb(0.06, 0.04, 0.02),
		Skin: portrait.Skin{
			Tone: rgb(0.47, 0.27, 0.18), Lip: rgb(0.36, 0.15, 0.13),
			Flush: 0.5, Shine: 1, Fold: 0.7, Lines: 0.4,
		},
		Brows: portrait.Brows{Colour: black, Thick: 1.35, Arch: 0.6, Dense: 720, Lashes: 0.9},
		Beard: portrait.Beard{Colour: black, Grey: 0.04, Count: 40000, Length: 1.5, Cheeks: 0.35, Shadow: 0.85},
		Dress: portrait.Dress{Cut: portrait.Crew, Colour: rgb(0.36, 0.36, 0.35), Knit: 0.2},
	}
}

func fatma() portrait.Person {
	s := woman()
	s.Smile, s.EyeTilt = 0.35, 0.07
	return portrait.Person{
		Seed: 58, Shape: s, Iris: rgb(0.05, 0.03, 0.015),
		Skin: portrait.Skin{
			Tone: rgb(0.42, 0.235, 0.15), Lip: rgb(0.36, 0.12, 0.11),
			Flush: 0.45, Shine: 0.8, Fold: 0.9, Lines: 0.15,
		},
		Brows: portrait.Brows{Colour: black, Thick: 1.1, Arch: 1.1, Dense: 576, Lashes: 1.15},
		Dress: portrait.Dress{
			Cut: portrait.Crew, Colour: rgb(0.10, 0.10, 0.11), Scarf: true, ScarfColour: rgb(0.11, 0.22, 0.24),
		},
	}
}

func grace() portrait.Person {
	s := woman()
	s.NoseWidth, s.NoseBridge, s.Lips, s.Cheek, s.Smile = 1.25, 0.65, 1.4, 1.04, 0.4
	return portrait.Person{
		Seed: 69, Shape: s, Iris: rgb(0.035, 0.02, 0.012),
		Skin: portrait.Skin{
			Tone: rgb(0.26, 0.128, 0.075), Lip: rgb(0.27, 0.085, 0.08),
			Flush: 0.3, Shine: 1, Fold: 0.8, Lines: 0.1,
		},
		Hair: portrait.Hair{
			Colour: black, Count: 60000, Length: 7.5, Sides: 6, Lift: 1, Comb: rgb(0, 0.1, 0),
			Volume: 1, Wave: 0.32, Period: 2.2, Frizz: 0.5,
		},
		Brows: portrait.Brows{Colour: black, Thick: 1, Arch: 1.1, Dense: 468, Lashes: 1.1},
		Dress: portrait.Dress{
			Cut: portrait.Crew, Colour: rgb(0.62, 0.58, 0.50), Accent: rgb(0.05, 0.07, 0.15), Stripes: 1.6,
		},
	}
}

func hiro() portrait.Person {
	s := man()
	s.NoseBridge, s.Width, s.EyeTilt, s.EyeOpen, s.Brow, s.Cheek = 0.55, 1.02, 0.12, 0.74, 0, 1.05
	return portrait.Person{
		Seed: 70, Shape: s, Iris: rgb(0.04, 0.025, 0.015),
		Skin: portrait.Skin{
			Tone: rgb(0.58, 0.39, 0.27), Lip: rgb(0.43, 0.20, 0.17),
			Flush: 0.35, Shine: 0.9, Fold: 0.15, Lines: 0.15,
		},
		Hair: portrait.Hair{
			Colour: black, Count: 36000, Length: 7, Sides: 3, Part: -9, Comb: rgb(0.5, 0.1, 0.8),
			Lift: 0.6, Volume: 1.3, Weight: 0.2, Frizz: 0.10,
		},
		Brows:   portrait.Brows{Colour: black, Thick: 1, Arch: 0.5, Dense: 432, Lashes: 0.6},
		Dress:   portrait.Dress{Cut: portrait.Shirt, Colour: rgb(0.62, 0.62, 0.63)},
		Glasses: portrait.Glasses{Rim: 0.09, Width: 2.5, Height: 2.2, Square: 2, Colour: rgb(0.02, 0.02, 0.022)},
	}
}

func ines() portrait.Person {
	s := woman()
	s.Width, s.Lips, s.NoseLength, s.EyeTilt = 0.97, 1, 0.95, 0.06
	return portrait.Person{
		Seed: 81, Shape: s, Iris: rgb(0.10, 0.15, 0.07),
		Skin: portrait.Skin{
			Tone: rgb(0.68, 0.45, 0.36), Lip: rgb(0.52, 0.22, 0.20),
			Flush: 0.8, Freckles: 0.9, Shine: 0.7, Fold: 0.8, Lines: 0.1,
		},
		Hair: portrait.Hair{
			Colour: copper, Count: 42000, Length: 16, Sides: 16, Comb: rgb(0.3, 1, -1), Lift: 0.15, Volume: 0.5,
			Frizz: 0.06, Tied: true,
		},
		Brows: portrait.Brows{Colour: rgb(0.16, 0.07, 0.035), Thick: 0.85, Arch: 1, Dense: 374, Lashes: 0.9},
		Dress: portrait.Dress{Cut: portrait.Turtle, Colour: rgb(0.09, 0.15, 0.10), Knit: 1},
	}
}
