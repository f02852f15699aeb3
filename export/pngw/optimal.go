package pngw

import "slices"

const (
	chainBits  = 15
	chainDepth = 64 // how many earlier positions are looked at
	optimalRun = 2  // how often the cheapest way is searched

	// The same within a match of full length, where another is hardly needed.
	chainDepthInside = 4
)

// An optimalParser finds the cheapest way to write a band as literals and matches:
// the shortest path through a graph of positions, whose edges are the literals
// and the matches found, and their lengths the bits that these cost.
type optimalParser struct {
	head [1 << chainBits]int32 // the latest position by the hash of its three bytes
	prev [window]int32         // and for each the one before it

	found []step   // the matches found
	first []int32  // where those of each position begin in found
	cost  []uint32 // the cheapest way to each position
	via   []step   // and its last step

	primed     bool
	literalLen [256]uint32
	lengthLen  [longestMatch + 1]uint32
	distLen    [numDist]uint32
}

// A step is a match, or with length 1 a literal.
type step struct{ length, dist uint16 }

func (o *optimalParser) forget() { o.head = [1 << chainBits]int32{} }

// optimalBand adds the pending input to the block.
func (d *deflater) optimalBand() {
	p := d.in[d.from:]
	d.optimal.search(d.in, d.from, d.base)
	if !d.optimal.primed {
		d.guess(p)
		d.optimal.learn(&d.tables)
	}
	for range optimalRun {
		d.optimal.findPath(p)
		d.countPath(p)
		d.optimal.learn(&d.tables)
	}
	d.addPath(p)
}

// search finds the matches of p[from:].
func (o *optimalParser) search(p []byte, from, base int) {
	o.found, o.first = o.found[:0], o.first[:0]
	inside := 0
	for i := from; i < len(p); i++ {
		o.first = append(o.first, int32(len(o.found)))
		if i+shortestMatch > len(p) {
			continue
		}
		at := o.insert(p, i, base)
		if inside > 0 {
			o.searchAt(p, i, base, at, chainDepthInside)
			inside--
			continue
		}
		n := len(o.found)
		o.searchAt(p, i, base, at, chainDepth)
		if len(o.found) > n && o.found[len(o.found)-1].length == longestMatch {
			inside = longestMatch - 1
		}
	}
	o.first = append(o.first, int32(len(o.found)))
}

// insert makes the position of p[i] findable and returns the last one like it.
func (o *optimalParser) insert(p []byte, i, base int) int {
	h := (uint32(p[i]) | uint32(p[i+1])<<8 | uint32(p[i+2])<<16) * 0x9e37_79b1 >> (32 - chainBits)
	last := o.head[h]
	o.prev[(base+i)%window] = last
	o.head[h] = int32(base + i)
	return int(last)
}

// searchAt finds the matches at p[i], each longer and farther away than the one
// before.
func (o *optimalParser) searchAt(p []byte, i, base, at, depth int) {
	least := max(base, base+i-window+1)
	best := shortestMatch - 1
	most := min(len(p)-i, longestMatch)
	for ; depth > 0 && at >= least; depth-- {
		c := at - base
		at = int(o.prev[at%window])
		if p[c+best] != p[i+best] {
			continue
		}
		n := common(p[c:], p[i:i+most])
		if n <= best {
			continue
		}
		o.found = append(o.found, step{uint16(n), uint16(i - c)})
		best = n
		if n == most {
			return
		}
	}
}

// countPath counts the symbols on the cheapest way and makes codes for them.
func (d *deflater) countPath(p []byte) {
	d.clearCounts()
	for i := len(p); i > 0; {
		s := d.optimal.via[i]
		i -= int(s.length)
		if s.length == 1 {
			d.litLenCounts[p[i]]++
		} else {
			d.countMatch(int(s.length), int(s.dist))
		}
	}
	d.makeCodes(d.litLenCounts[:], d.distCounts[:])
}

// learn takes the costs of symbols from codes.
func (o *optimalParser) learn(t *tables) {
	for s := range o.literalLen {
		o.literalLen[s] = uint32(cost(t.litLenCode[s], maxCode-1))
	}
	for n := shortestMatch; n <= longestMatch; n++ {
		s, _, k := lengthSymbol(n)
		o.lengthLen[n] = uint32(cost(t.litLenCode[s], maxCode-2)) + uint32(k)
	}
	for s := range o.distLen {
		o.distLen[s] = uint32(cost(t.distCode[s], maxCode/2+1)) + uint32(max(s/2-1, 0))
	}
	o.primed = true
}

// findPath finds the cheapest way through p.
func (o *optimalParser) findPath(p []byte) {
	if cap(o.cost) < len(p)+1 {
		o.cost, o.via = make([]uint32, len(p)+1), make([]step, len(p)+1)
	}
	cost, via := o.cost[:len(p)+1], o.via[:len(p)+1]
	for i := range cost {
		cost[i] = 1 << 31
	}
	cost[0] = 0
	for i, b := range p {
		here := cost[i]
		if c := here + o.literalLen[b]; c < cost[i+1] {
			cost[i+1], via[i+1] = c, step{1, 0}
		}
		n := shortestMatch
		for _, s := range o.found[o.first[i]:o.first[i+1]] {
			sym, _, _ := distSymbol(int(s.dist))
			far := here + o.distLen[sym]
			if s.length == longestMatch {
				n = int(s.length)
			}
			for ; n <= int(s.length); n++ {
				if c := far + o.lengthLen[n]; c < cost[i+n] {
					cost[i+n], via[i+n] = c, step{uint16(n), s.dist}
				}
			}
		}
	}
}

// addPath adds the cheapest way to the block.
func (d *deflater) addPath(p []byte) {
	steps := d.optimal.found[:0] // not needed any more
	for i := len(p); i > 0; i -= int(d.optimal.via[i].length) {
		steps = append(steps, d.optimal.via[i])
	}
	d.optimal.found = steps
	i, literal := 0, 0
	for _, s := range slices.Backward(steps) {
		if s.length > 1 {
			d.block.add(p[literal:i])
			d.block.addMatch(int(s.length), int(s.dist))
			literal = i + int(s.length)
		}
		i += int(s.length)
	}
	d.block.add(p[literal:])
}
