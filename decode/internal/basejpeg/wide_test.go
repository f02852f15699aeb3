package basejpeg

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestWideTransform compares the transforms on coefficients that no encoder
// writes too: sums may overflow, and must do so alike.
func TestWideTransform(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		var b block
		shift := random.IntN(24)
		for range 1 + random.IntN(64) {
			b[random.IntN(64)] = int32(random.Uint32()) >> (8 + shift)
		}
		got, want := make([]byte, 8*11), make([]byte, 8*11)
		if !idctWide(got, 11, new(b)) {
			t.Skip("the processor has no wide instructions")
		}
		plain := b
		idctRows(&plain, 0xff)
		idctColumns(&plain)
		store(want, 11, &plain)
		if !bytes.Equal(got, want) {
			t.Fatalf("%v: got %v, want %v", b, got, want)
		}
	}
}

// TestWideColors compares the conversions on every colour.
func TestWideColors(t *testing.T) {
	luma, cb, cr := make([]byte, 512), make([]byte, 256), make([]byte, 256)
	for i := range luma {
		luma[i] = byte(i)
	}
	for b := range 256 {
		for i := range cb {
			cb[i] = byte(b)
		}
		for shift := range 256 {
			for i := range cr {
				cr[i] = byte(i + shift)
			}
			got, want := make([]byte, 4*len(luma)), make([]byte, 4*len(luma))
			if convertWide(got, luma, cb, cr) == 0 {
				t.Skip("the processor has no wide instructions")
			}
			d := Decoder{}
			d.comp[0].h = 2
			d.convertChroma(cb, cr)
			convertRow(want, luma, d.terms)
			if !bytes.Equal(got, want) {
				t.Fatalf("Cb %d, Cr from %d: got other pixels than the plain way", b, shift)
			}
		}
	}
}
