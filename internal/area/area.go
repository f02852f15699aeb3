// Package area shrinks pictures: every pixel becomes the average of the area it
// stands for, exactly, in whole numbers, so that results are the same on every
// machine.
package area

import (
	"image"
	"math/bits"
)

// A Shrinker shrinks pictures. The zero value is ready. It keeps room for the
// next picture and must not be used by several goroutines at once.
type Shrinker struct {
	sums    []uint32 // of each byte of a row, over the rows that a target row stands for
	columns []span
}

// A span is the source pixels, side by side or one below the other, that a
// target pixel stands for. The first and the last may count in part.
type span struct {
	first, last             int
	firstWeight, lastWeight uint32
}

// RGBA shrinks src to the size of dst. Where dst is wider or higher than src,
// pixels repeat, mixed where they meet. Both are not empty.
//
// It weighs every source byte by the part of it that a target pixel covers,
// first down the columns, then along the rows. Weights are in units of 1/width
// and 1/height of the target, so that they are whole and add up to the size of
// the source.
func (s *Shrinker) RGBA(dst, src *image.RGBA) {
	to, from := dst.Rect.Size(), src.Rect.Size()
	n := 4 * from.X
	if to == from {
		for y := range to.Y {
			copy(dst.Pix[y*dst.Stride:][:n], src.Pix[y*src.Stride:])
		}
		return
	}
	if cap(s.sums) < n {
		s.sums = make([]uint32, n)
	}
	s.sums = s.sums[:n]
	s.columns = s.columns[:0]
	for x := range to.X {
		s.columns = append(s.columns, newSpan(x, from.X, to.X))
	}
	average := newDivisor(uint64(from.X) * uint64(from.Y))
	for y := range to.Y {
		rows := newSpan(y, from.Y, to.Y)
		clear(s.sums)
		for i := rows.first; i <= rows.last; i++ {
			addRow(s.sums, src.Pix[i*src.Stride:][:n], rows.weight(i, to.Y))
		}
		s.averageRow(dst.Pix[y*dst.Stride:][:4*to.X], average)
	}
}

// newSpan returns what target pixel i of m stands for, of n.
func newSpan(i, n, m int) span {
	from, to := i*n, (i+1)*n
	s := span{first: from / m, last: (to - 1) / m}
	s.firstWeight = uint32(min(to, (s.first+1)*m) - from)
	if s.last > s.first {
		s.lastWeight = uint32(to - s.last*m)
	}
	return s
}

// weight returns how much source pixel i counts; those in between count m.
func (s *span) weight(i, m int) uint32 {
	switch i {
	case s.first:
		return s.firstWeight
	case s.last:
		return s.lastWeight
	}
	return uint32(m)
}

func addRow(sums []uint32, row []byte, weight uint32) {
	row = row[:len(sums)]
	i := addRowWide(sums, row, weight)
	for ; i <= len(sums)-4; i += 4 {
		s, b := (*[4]uint32)(sums[i:i+4]), (*[4]byte)(row[i:i+4])
		s[0] += uint32(b[0]) * weight
		s[1] += uint32(b[1]) * weight
		s[2] += uint32(b[2]) * weight
		s[3] += uint32(b[3]) * weight
	}
	for ; i < len(sums); i++ {
		sums[i] += uint32(row[i]) * weight
	}
}

// averageRow averages along a row.
func (s *Shrinker) averageRow(dst []byte, average divisor) {
	if s.averageRowWide(dst, average) {
		return
	}
	inner := uint64(len(s.columns))
	for x := range s.columns {
		c := &s.columns[x]
		p := s.sums[4*c.first : 4*c.last+4]
		w := uint64(c.firstWeight)
		a0, a1, a2, a3 := uint64(p[0])*w, uint64(p[1])*w, uint64(p[2])*w, uint64(p[3])*w
		if c.last > c.first {
			var b0, b1, b2, b3 uint64
			for p = p[4:]; len(p) > 4; p = p[4:] {
				b0, b1, b2, b3 = b0+uint64(p[0]), b1+uint64(p[1]), b2+uint64(p[2]), b3+uint64(p[3])
			}
			w = uint64(c.lastWeight)
			a0 += b0*inner + uint64(p[0])*w
			a1 += b1*inner + uint64(p[1])*w
			a2 += b2*inner + uint64(p[2])*w
			a3 += b3*inner + uint64(p[3])*w
		}
		d := dst[4*x : 4*x+4]
		d[0], d[1], d[2], d[3] = average.of(a0), average.of(a1), average.of(a2), average.of(a3)
	}
}

// A divisor divides by an area.
type divisor struct{ area, half, inverse uint64 }

// newDivisor makes a divisor. Its inverse is 1<<64 divided by the area, rounded
// up: too large by less than one, which takes a quotient of at most 255 to the
// next integer only where 256 times the square of the area reaches 1<<64.
func newDivisor(area uint64) divisor {
	d := divisor{area: area, half: area / 2}
	if 1 < area && area < 1<<28 {
		d.inverse = ^uint64(0)/area + 1
	}
	return d
}

// of returns v divided by the area, rounded half up.
func (d divisor) of(v uint64) byte {
	if d.inverse == 0 {
		return byte((v + d.half) / d.area)
	}
	q, _ := bits.Mul64(v+d.half, d.inverse)
	return byte(q)
}
