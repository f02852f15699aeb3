//go:build !amd64

package pngw

func paethWide(_, _, _, _, _ []byte) int { return 0 }

func packWide(_, _ []byte) int { return 0 }

func adlerSums(p []byte) (plain, weighted uint32) { return adlerPlain(p) }

func (d *deflater) literalsWide([]byte) int { return 0 }

func (d *deflater) emitWide(_ []byte, i, _ int) int { return i }

func (m *pixelMatcher) findWide(_ *tables, _ []byte, i, _ int) int { return i }

func subtractWide(_, _, _ []byte) int { return 0 }

func measureWide([]byte) (greys, sum int64, ok bool) { return 0, 0, false }
