package portrait

// Hair is the hair of the head.
type Hair struct{}

// Brows are the eyebrows.
type Brows struct{}

// Beard is the hair of the face.
type Beard struct{}

// Dress is what is worn.
type Dress struct{}

// Glasses are a pair of glasses.
type Glasses struct{}
