//go:build !amd64

package basejpeg

func idctWide(_ []byte, _ int, _ *block) bool { return false }

func convertWide(_, _, _, _ []byte) int { return 0 }
