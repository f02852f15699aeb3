package twosums

import "testing"

// TestPlain holds that processors without the instructions give the same.
func TestPlain(t *testing.T) {
	if !wide {
		t.Skip("no wide instructions here")
	}
	a, b := Message{Head: make([]byte, 8), Body: make([]byte, 1000)}, Message{Body: make([]byte, 300)}
	gotA, gotB := Sum(a, b)
	wide = false
	defer func() { wide = true }()
	if plainA, plainB := Sum(a, b); plainA != gotA || plainB != gotB {
		t.Errorf("got %x, %x with the instructions, %x, %x without", gotA, gotB, plainA, plainB)
	}
}
