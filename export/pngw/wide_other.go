//go:build !amd64

package pngw

func paethWide(_, _, _, _, _ []byte) int { return 0 }

func packWide(_, _ []byte) int { return 0 }

func adlerSums(p []byte) (plain, weighted uint32) { return adlerPlain(p) }

func (d *deflater) literalsWide([]byte) int { return 0 }
