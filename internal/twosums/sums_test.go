package twosums_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/lvtool/lvtool/internal/twosums"
)

// check fails unless both sums are those of the standard library.
func check(t *testing.T, a, b twosums.Message) {
	t.Helper()
	gotA, gotB := twosums.Sum(a, b)
	for i, got := range [][sha256.Size]byte{gotA, gotB} {
		m := []twosums.Message{a, b}[i]
		if want := sha256.Sum256(bytes.Join([][]byte{m.Head, m.Body}, nil)); got != want {
			t.Fatalf("message %d of %d+%d and %d+%d bytes: got %x, want %x",
				i, len(a.Head), len(a.Body), len(b.Head), len(b.Body), got, want)
		}
	}
}

func random(n int) []byte {
	p := make([]byte, n)
	r := rand.New(rand.NewPCG(1, uint64(n)))
	for i := range p {
		p[i] = byte(r.Uint32())
	}
	return p
}

func TestSum(t *testing.T) {
	sizes := []int{0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129, 1000, 64 * 33, 64*33 + 57}
	for _, head := range []int{0, 1, 8, 63} {
		for _, n := range sizes {
			for _, m := range sizes {
				check(t, twosums.Message{Head: random(head), Body: random(n)}, twosums.Message{Body: random(m)})
				check(t, twosums.Message{Body: random(n)}, twosums.Message{Head: random(head), Body: random(m)})
			}
		}
	}
}

func FuzzSum(f *testing.F) {
	f.Add([]byte("a"), uint16(7), []byte("b"), uint16(1000), uint8(3), uint8(200))
	f.Fuzz(func(t *testing.T, a []byte, repeatA uint16, b []byte, repeatB uint16, headA, headB uint8) {
		message := func(p []byte, n uint16, head uint8) twosums.Message {
			p = bytes.Repeat(p, 1+int(n)%(1+100_000/(1+len(p))))
			k := min(int(head%64), len(p))
			return twosums.Message{Head: p[:k], Body: p[k:]}
		}
		check(t, message(a, repeatA, headA), message(b, repeatB, headB))
	})
}

func ExampleSum() {
	a, b := twosums.Sum(twosums.Message{Body: []byte("abc")}, twosums.Message{})
	fmt.Printf("%x\n%x\n", a[:4], b[:4])
	// Output:
	// ba7816bf
	// e3b0c442
}

// BenchmarkSum compares two sums at a time with one after the other.
func BenchmarkSum(b *testing.B) {
	p, q := random(1<<20), random(1<<20)
	b.Run("two", func(b *testing.B) {
		b.SetBytes(int64(len(p) + len(q)))
		b.ReportAllocs()
		for b.Loop() {
			twosums.Sum(twosums.Message{Body: p}, twosums.Message{Body: q})
		}
	})
	b.Run("one-by-one", func(b *testing.B) {
		b.SetBytes(int64(len(p) + len(q)))
		b.ReportAllocs()
		for b.Loop() {
			sha256.Sum256(p)
			sha256.Sum256(q)
		}
	})
}
