package pngw

import "math/bits"

// The alphabets of deflate, RFC 1951, section 3.2.5.
const (
	endOfBlock    = 256
	firstLength   = 257
	numLitLen     = 286
	numDist       = 30
	numCodeLen    = 19
	shortestMatch = 3
	longestMatch  = 258
)

// maxCode is the longest code that the package makes, in bits: four of them and
// seven waiting bits fit a word.
const maxCode = 14

// A tables holds the two codes of a block and what is needed to make them.
type tables struct {
	huffman

	literals     [4][256]uint32 // counts that litLenCounts lacks
	litLenCounts [numLitLen]uint32
	distCounts   [numDist]uint32
	litLenCode   [numLitLen]code
	distCode     [numDist]code
	literalBits  [256]uint16 // the codes of the literals, and their lengths
	literalLens  [256]uint8

	single  [numDist]tokenCode   // by the symbol of a pixel's distance
	several [mostPixels + 1]code // lengths, by the number of pixels

	lengths        [numLitLen + numDist]uint8
	runs           []lengthRun
	codeLenCounts  [numCodeLen]uint32
	codeLenLengths [numCodeLen]uint8
	codeLenCode    [numCodeLen]code
}

// A lengthRun is a symbol of the code length alphabet and its extra bits.
type lengthRun struct{ sym, extra uint8 }

// codeLenOrder is the order in which the lengths of the code length code are
// written: RFC 1951, section 3.2.7.
var codeLenOrder = [numCodeLen]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// codeLenExtra is the number of extra bits of the code length symbols.
var codeLenExtra = [numCodeLen]uint8{16: 2, 17: 3, 18: 7}

// clearCounts begins the counts of a block: it ends once, and has two distances,
// so that both codes are complete; some decoders take no others.
func (t *tables) clearCounts() {
	t.literals = [4][256]uint32{}
	t.litLenCounts = [numLitLen]uint32{endOfBlock: 1}
	t.distCounts = [numDist]uint32{1, 1}
}

// sumCounts completes litLenCounts.
func (t *tables) sumCounts() {
	c := &t.literals
	for s := range 256 {
		t.litLenCounts[s] += c[0][s] + c[1][s] + c[2][s] + c[3][s]
	}
}

// begin makes codes for what has been counted and writes the header of a block
// with dynamic codes: RFC 1951, section 3.2.7.
func (t *tables) begin(w *bitWriter, final bool) {
	litLen, dist := trim(t.litLenCounts[:], firstLength), trim(t.distCounts[:], 1)
	lengths := t.makeCodes(litLen, dist)
	t.findRuns(lengths)
	t.makeLengths(t.codeLenLengths[:], t.codeLenCounts[:], 7)
	assign(t.codeLenCode[:], t.codeLenLengths[:])

	w.reserve(3 + 2*len(lengths))
	n := numCodeLen
	for n > 4 && t.codeLenLengths[codeLenOrder[n-1]] == 0 {
		n--
	}
	head := uint64(0b100)
	if final {
		head |= 1
	}
	w.put(head, 3)
	w.put(uint64(len(litLen)-firstLength), 5)
	w.put(uint64(len(dist)-1), 5)
	w.put(uint64(n-4), 4)
	for _, s := range codeLenOrder[:n] {
		w.put(uint64(t.codeLenLengths[s]), 3)
	}
	for _, r := range t.runs {
		w.code(t.codeLenCode[r.sym])
		w.put(uint64(r.extra), uint(codeLenExtra[r.sym]))
	}
}

// guess makes codes for a first block from what p holds: literals by how often
// they occur, matches as they usually are.
func (t *tables) guess(p []byte) {
	t.clearCounts()
	t.countAll(p)
	t.sumCounts()
	for s := firstLength; s < numLitLen; s++ {
		t.litLenCounts[s] = uint32(len(p) / 100)
	}
	for s := range t.distCounts {
		t.distCounts[s] = 1
	}
	t.makeCodes(t.litLenCounts[:], t.distCounts[:])
}

// makeCodes makes both codes and returns their lengths, one after the other.
func (t *tables) makeCodes(litLen, dist []uint32) []uint8 {
	lengths := t.lengths[:len(litLen)+len(dist)]
	t.makeLengths(lengths[:len(litLen)], litLen, maxCode)
	t.makeLengths(lengths[len(litLen):], dist, maxCode)
	assign(t.litLenCode[:], lengths[:len(litLen)])
	assign(t.distCode[:], lengths[len(litLen):])
	for s, c := range t.litLenCode[:256] {
		t.literalBits[s], t.literalLens[s] = uint16(c.bits()), uint8(c.len())
	}
	return lengths
}

// trim drops the zeros at the end of counts, down to least.
func trim(counts []uint32, least int) []uint32 {
	n := len(counts)
	for n > least && counts[n-1] == 0 {
		n--
	}
	return counts[:n]
}

// findRuns writes lengths in the code length alphabet and counts its symbols.
func (t *tables) findRuns(lengths []uint8) {
	t.runs = t.runs[:0]
	t.codeLenCounts = [numCodeLen]uint32{}
	for i := 0; i < len(lengths); {
		n := 1
		for i+n < len(lengths) && lengths[i+n] == lengths[i] {
			n++
		}
		t.addRun(lengths[i], n)
		i += n
	}
}

// addRun writes that length v comes n times.
func (t *tables) addRun(v uint8, n int) {
	for v == 0 && n >= 11 {
		k := min(n, 138)
		t.addSymbol(18, k-11)
		n -= k
	}
	if v == 0 && n >= 3 {
		t.addSymbol(17, n-3)
		return
	}
	for n > 0 {
		t.addSymbol(v, 0)
		n--
		for v != 0 && n >= 3 {
			k := min(n, 6)
			t.addSymbol(16, k-3)
			n -= k
		}
	}
}

func (t *tables) addSymbol(sym uint8, extra int) {
	t.runs = append(t.runs, lengthRun{sym, uint8(extra)})
	t.codeLenCounts[sym]++
}

// lengthSymbol returns the symbol of a match n bytes long and its extra bits
// with their number.
func lengthSymbol(n int) (sym int, extra uint64, extraBits uint) {
	if n == longestMatch {
		return numLitLen - 1, 0, 0
	}
	n -= shortestMatch
	if n < 8 {
		return firstLength + n, 0, 0
	}
	k := bits.Len(uint(n)) - 3
	return firstLength + k<<2 + n>>k, uint64(n & (1<<k - 1)), uint(k)
}

// distSymbol returns the symbol of a match from n bytes before and its extra
// bits with their number.
func distSymbol(n int) (sym int, extra uint64, extraBits uint) {
	n--
	if n < 4 {
		return n, 0, 0
	}
	k := bits.Len(uint(n)) - 2
	return k<<1 + n>>k, uint64(n & (1<<k - 1)), uint(k)
}
