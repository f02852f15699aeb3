package main

import (
	"github.com/lvtool/lvtool/samples/internal/geom"
	"github.com/lvtool/lvtool/samples/internal/portrait"
)

func rgb(r, g, b float64) geom.Vec { return geom.Vec{X: r, Y: g, Z: b} }

// people returns the cast.
func people() map[string]portrait.Person {
	return map[string]portrait.Person{
		"ada": {
			Seed: 3, Shape: portrait.MeanShape(), Iris: rgb(0.10, 0.06, 0.03),
			Skin: portrait.Skin{
				Tone: rgb(0.58, 0.36, 0.26), Lip: rgb(0.45, 0.17, 0.15),
				Flush: 0.5, Shine: 0.7, Fold: 0.8, Lines: 0.2,
			},
		},
	}
}

// rooms returns the places that pictures are taken in.
func rooms() map[string]portrait.Room {
	return map[string]portrait.Room{
		"office": {
			Key: rgb(-0.75, 0.45, 0.6), Spread: 0.28, KeyColour: rgb(1, 0.95, 0.88), SkyColour: rgb(0.30, 0.32, 0.36),
			FloorColour: rgb(0.12, 0.09, 0.07), WallColour: rgb(0.10, 0.09, 0.08), Screen: rgb(0.12, 0.13, 0.14),
		},
	}
}
