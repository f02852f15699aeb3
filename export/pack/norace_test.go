//go:build !race

package pack_test

// sparser is how much less is tried under the race detector.
const sparser = 1
