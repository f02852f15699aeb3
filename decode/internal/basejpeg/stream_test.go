package basejpeg_test

import (
	"math/bits"
	"math/rand/v2"
)

// A stream writes JPEG files of random coefficients, with all that the decoder
// must cope with: any sampling, restart interval, tables.
type stream struct {
	random        *rand.Rand
	width, height int
	sampling      [][2]int // of each component
	restart       int
	dense         int // of 100 coefficients, how many are not zero
	wide          bool
	marker        byte // of the frame header: 0xc0, or 0xc1

	buf  []byte
	acc  uint64
	n    uint
	last []int
	dc   map[byte]symbol
	ac   map[byte]symbol
}

type symbol struct {
	code uint64
	n    uint
}

func (s *stream) file() []byte {
	s.buf = []byte{0xff, 0xd8}
	s.segment(0xfe, []byte("comment"))
	s.quant()
	frame := []byte{8, byte(s.height >> 8), byte(s.height), byte(s.width >> 8), byte(s.width), byte(len(s.sampling))}
	for i, f := range s.sampling {
		frame = append(frame, byte(i+1), byte(f[0]<<4|f[1]), byte(min(i, 1)))
	}
	s.segment(s.marker, frame)
	var dc, ac []byte
	for v := range 12 {
		dc = append(dc, byte(v))
	}
	for run := range 16 {
		for size := range 11 {
			if size > 0 || run == 0 || run == 15 {
				ac = append(ac, byte(run<<4|size))
			}
		}
	}
	s.dc, s.ac = s.huffman(0x00, dc), s.huffman(0x10, ac)
	if s.restart > 0 {
		s.segment(0xdd, []byte{byte(s.restart >> 8), byte(s.restart)})
	}
	s.scan()
	s.buf = append(s.buf, 0xff, 0xd9)
	return s.buf
}

func (s *stream) segment(marker byte, body []byte) {
	n := len(body) + 2
	s.buf = append(append(s.buf, 0xff, marker, byte(n>>8), byte(n)), body...)
}

func (s *stream) quant() {
	var p []byte
	for i := range 2 {
		if s.wide {
			p = append(p, byte(0x10|i))
		} else {
			p = append(p, byte(i))
		}
		for range 64 {
			if s.wide {
				p = append(p, byte(s.random.Uint32N(2)), byte(s.random.Uint32()))
			} else {
				p = append(p, byte(1+s.random.Uint32N(40)))
			}
		}
	}
	s.segment(0xdb, p)
}

// huffman writes a random table: leaves of a tree are split until there are
// enough, and one more that nothing gets, for the code of all ones.
func (s *stream) huffman(id byte, syms []byte) map[byte]symbol {
	var num [17]int
	num[1] = 2
	for range len(syms) + 1 - 2 {
		n := 1 + s.random.IntN(15)
		for num[n] == 0 {
			n = 1 + n%15
		}
		num[n]--
		num[n+1] += 2
	}
	longest := 16
	for num[longest] == 0 {
		longest--
	}
	num[longest]--
	s.random.Shuffle(len(syms), func(i, j int) { syms[i], syms[j] = syms[j], syms[i] })
	p := []byte{id}
	codes := map[byte]symbol{}
	code, k := uint64(0), 0
	for n := 1; n <= 16; n++ {
		p = append(p, byte(num[n]))
		for range num[n] {
			codes[syms[k]] = symbol{code, uint(n)}
			code++
			k++
		}
		code <<= 1
	}
	s.segment(0xc4, append(p, syms...))
	return codes
}

func (s *stream) scan() {
	head := []byte{byte(len(s.sampling))}
	for i := range s.sampling {
		head = append(head, byte(i+1), 0)
	}
	s.segment(0xda, append(head, 0, 63, 0))
	s.last = make([]int, len(s.sampling))
	f := s.sampling[0]
	if len(s.sampling) == 1 {
		f = [2]int{1, 1}
	}
	total := ((s.width + 8*f[0] - 1) / (8 * f[0])) * ((s.height + 8*f[1] - 1) / (8 * f[1]))
	for i := range total {
		if s.restart > 0 && i > 0 && i%s.restart == 0 {
			s.align()
			s.buf = append(s.buf, 0xff, byte(0xd0+(i/s.restart-1)%8))
			clear(s.last)
		}
		for c, f := range s.sampling {
			blocks := f[0] * f[1]
			if len(s.sampling) == 1 {
				blocks = 1
			}
			for range blocks {
				s.block(c)
			}
		}
	}
	s.align()
}

func (s *stream) block(c int) {
	dc := s.random.IntN(400) - 200
	s.coefficient(s.dc, 0, dc-s.last[c])
	s.last[c] = dc
	run := 0
	for range 63 {
		v := 0
		if s.random.IntN(100) < s.dense {
			v = s.random.IntN(2<<s.random.IntN(10)) - 1<<s.random.IntN(9)
		}
		if v == 0 {
			run++
			continue
		}
		for ; run > 15; run -= 16 {
			s.put(s.ac[0xf0])
		}
		s.coefficient(s.ac, run, v)
		run = 0
	}
	if run > 0 {
		s.put(s.ac[0])
	}
}

func (s *stream) coefficient(codes map[byte]symbol, run, v int) {
	n := uint(bits.Len(uint(max(v, -v))))
	s.put(codes[byte(run<<4|int(n))])
	if v < 0 {
		v += 1<<n - 1
	}
	s.put(symbol{uint64(v), n})
}

func (s *stream) put(c symbol) {
	s.acc = s.acc<<c.n | c.code
	for s.n += c.n; s.n >= 8; s.n -= 8 {
		b := byte(s.acc >> (s.n - 8))
		s.buf = append(s.buf, b)
		if b == 0xff {
			s.buf = append(s.buf, 0)
		}
	}
}

func (s *stream) align() {
	if s.n > 0 {
		s.put(symbol{1<<(8-s.n) - 1, 8 - s.n})
	}
}

// samplings are all that the decoder takes.
var samplings = [][][2]int{
	{{1, 1}},
	{{2, 2}},
	{{1, 1}, {1, 1}, {1, 1}},
	{{2, 1}, {1, 1}, {1, 1}},
	{{1, 2}, {1, 1}, {1, 1}},
	{{2, 2}, {1, 1}, {1, 1}},
}

// randomFile returns a file that depends on seed and size alone.
func randomFile(seed uint64, width, height int) []byte {
	random := rand.New(rand.NewPCG(seed, uint64(width<<16|height)))
	s := stream{
		random: random, width: width, height: height,
		sampling: samplings[random.IntN(len(samplings))],
		restart:  random.IntN(4) * random.IntN(7),
		dense:    random.IntN(60),
		wide:     random.IntN(8) == 0,
		marker:   byte(0xc0 + random.IntN(2)),
	}
	return s.file()
}
