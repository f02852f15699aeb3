//go:build !amd64

package area

func addRowWide(_ []uint32, _ []byte, _ uint32) int { return 0 }

func (s *Shrinker) averageRowWide([]byte, divisor) bool { return false }
