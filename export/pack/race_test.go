//go:build race

package pack_test

// sparser is how much less is tried: the race detector slows all down, and
// nothing of it looks for races.
const sparser = 50
