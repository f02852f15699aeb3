// The inverse transform follows, step by step, that of image/jpeg in Go 1.26,
// so that pixels are the same:
//
// Copyright 2025 The Go Authors. All rights reserved.
// Use of this source code is governed by a BSD-style license that can be found
// in the NOTICE file.

package basejpeg

import "encoding/binary"

// Constants of 60 bits precision, and the same rounded to fewer, for the
// transform of Loeffler, Ligtenberg and Moschytz, "Practical Fast 1-D DCT
// Algorithms with 11 Multiplications" (1989).
const (
	cos1        = 1130768441178740757 // cos 1*pi/16
	sin1        = 224923827593068887  // sin 1*pi/16
	cos3        = 958619196450722178  // cos 3*pi/16
	sin3        = 640528868967736374  // sin 3*pi/16
	sqrtHalf    = 815238614083298888  // 1/sqrt 2
	halfCos6    = 311978311033955632  // (1/sqrt 2)*cos 6*pi/16
	halfSin6    = 753182269664427492  // (1/sqrt 2)*sin 6*pi/16
	cos1b12     = (cos1 + 1<<47) >> 48
	sin1b12     = (sin1 + 1<<47) >> 48
	cos3b12     = (cos3 + 1<<47) >> 48
	sin3b12     = (sin3 + 1<<47) >> 48
	sqrtHalfb8  = (sqrtHalf + 1<<51) >> 52
	sqrtHalfb14 = (sqrtHalf + 1<<45) >> 46
	halfCos6b12 = (halfCos6 + 1<<47) >> 48
	halfSin6b12 = (halfSin6 + 1<<47) >> 48
	halfCos6b18 = (halfCos6 + 1<<41) >> 42
	halfSin6b18 = (halfSin6 + 1<<41) >> 42
)

// rotate returns x0, x1 rotated and scaled, given k cos and k sin of the angle,
// by three multiplications.
func rotate(x0, x1, kcos, ksin int32) (y0, y1 int32) {
	sum := kcos * (x0 + x1)
	return sum + (ksin-kcos)*x1, sum - (kcos+ksin)*x0
}

// idctRows transforms the rows of b: row 0, and those that have a bit in rows,
// since the others are zero and stay so. The results have 20 bits of fraction.
func idctRows(b *block, rows uint32) {
	rows |= 1
	for i := 0; i < blockSize; i += 8 {
		if rows>>(i>>3)&1 == 0 {
			continue
		}
		x := (*[8]int32)(b[i : i+8])
		x0, x1 := x[0]<<17, x[4]<<17
		x0, x1 = x0+x1, x0-x1
		x2, x3 := rotate(x[2], x[6], halfCos6b18, -halfSin6b18)
		x1, x2 = x1+x2, x1-x2
		x0, x3 = x0+x3, x0-x3

		x7, x4 := x[1]<<7, x[7]<<7
		x7, x4 = x7+x4, x7-x4
		x5, x6 := x[3]*sqrtHalfb8, x[5]*sqrtHalfb8
		x7, x5 = x7+x5, x7-x5
		x4, x6 = x4+x6, x4-x6
		x4, x7 = rotate(x4>>2, x7>>2, cos3b12, -sin3b12)
		x5, x6 = rotate(x5>>2, x6>>2, cos1b12, -sin1b12)

		x[0], x[7] = x0+x7, x0-x7
		x[1], x[6] = x1+x6, x1-x6
		x[2], x[5] = x2+x5, x2-x5
		x[3], x[4] = x3+x4, x3-x4
	}
}

// idctColumns transforms the columns of b and rounds to integers.
func idctColumns(b *block) {
	for i := range 8 {
		x0 := b[i] + 1<<19 // one half, which spreads to all
		x0, x1 := (x0+b[4*8+i])>>2, (x0-b[4*8+i])>>2
		x2, x3 := rotate(b[2*8+i]>>13, b[6*8+i]>>13, halfCos6b12, -halfSin6b12)
		x1, x2 = x1+x2, x1-x2
		x0, x3 = x0+x3, x0-x3

		x7, x4 := b[1*8+i]+b[7*8+i], b[1*8+i]-b[7*8+i]
		x5, x6 := b[3*8+i]>>13*sqrtHalfb14, b[5*8+i]>>13*sqrtHalfb14
		x7, x5 = x7+x5, x7-x5
		x4, x6 = x4+x6, x4-x6
		x4, x7 = rotate(x4>>14, x7>>14, cos3b12, -sin3b12)
		x5, x6 = rotate(x5>>14, x6>>14, cos1b12, -sin1b12)

		b[0*8+i], b[7*8+i] = (x0+x7)>>18, (x0-x7)>>18
		b[1*8+i], b[6*8+i] = (x1+x6)>>18, (x1-x6)>>18
		b[2*8+i], b[5*8+i] = (x2+x5)>>18, (x2-x5)>>18
		b[3*8+i], b[4*8+i] = (x3+x4)>>18, (x3-x4)>>18
	}
}

// store writes the samples of b to dst, shifted up by 128 and clamped: section
// A.3.1.
func store(dst []byte, stride int, b *block) {
	for i := 0; i < blockSize; i += 8 {
		x := (*[8]int32)(b[i : i+8])
		a0, a1, a2, a3 := x[0]+128, x[1]+128, x[2]+128, x[3]+128
		a4, a5, a6, a7 := x[4]+128, x[5]+128, x[6]+128, x[7]+128
		if uint32(a0|a1|a2|a3|a4|a5|a6|a7) > 255 {
			a0, a1, a2, a3 = sample(a0), sample(a1), sample(a2), sample(a3)
			a4, a5, a6, a7 = sample(a4), sample(a5), sample(a6), sample(a7)
		}
		lo := uint32(a0) | uint32(a1)<<8 | uint32(a2)<<16 | uint32(a3)<<24
		hi := uint32(a4) | uint32(a5)<<8 | uint32(a6)<<16 | uint32(a7)<<24
		at := i >> 3 * stride
		binary.LittleEndian.PutUint64(dst[at:at+8], uint64(lo)|uint64(hi)<<32)
	}
}

func sample(v int32) int32 { return min(max(v, 0), 255) }

// fillBlock writes the samples of a block that has a DC coefficient alone: what
// the transform comes down to.
func fillBlock(dst []byte, stride int, dc int32) {
	v := uint64(sample((dc<<17+1<<19)>>20 + 128))
	for y := range 8 {
		binary.LittleEndian.PutUint64(dst[y*stride:], v*0x0101_0101_0101_0101)
	}
}
