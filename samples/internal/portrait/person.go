package portrait

import "github.com/lvtool/lvtool/samples/internal/geom"

// A Person is everything that makes up one synthetic person.
type Person struct {
	// Seed chooses the person's random details.
	Seed uint64
	// Shape is the form of the head.
	Shape Shape
	// Skin is how the skin looks.
	Skin Skin
	// Iris is the colour of the eyes.
	Iris geom.Vec
	// Hair, Brows and Beard are what grows.
	Hair  Hair
	Brows Brows
	Beard Beard
	// Dress is what the person wears.
	Dress Dress
	// Glasses are worn where their Rim is above 0.
	Glasses Glasses
}

// Skin says how skin looks. Colours are linear RGB reflectances.
type Skin struct {
	// Tone is the base colour, Lip the colour of the lips.
	Tone, Lip geom.Vec
	// Flush reddens cheeks, nose and ears, 0 to 1.
	Flush float64
	// Freckles, Lines and Shine are strengths from 0 to 1: spots, folds of
	// age, and reflection.
	Freckles, Lines, Shine float64
	// Fold is how strong the crease of the upper lid is, 0 to 1.
	Fold float64
}

// MeanShape returns the shape of an average head.
func MeanShape() Shape {
	return Shape{
		Width: 1, Jaw: 1, Cheek: 1, Chin: 1, NoseLength: 1, NoseWidth: 1, NoseBridge: 1, Lips: 1, Mouth: 1,
		Smile: 0.3, EyeOpen: 1, EyeWidth: 1.06, EyeTilt: 0.04, EyeGap: 3.08, Neck: 1, Shoulders: 1,
	}
}
