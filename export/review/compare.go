package review

import (
	"errors"
	"math/big"
)

// An Agreement says how far two reviewers agree.
type Agreement struct {
	// Both counts the sessions that both decided; OnlyA and OnlyB those that
	// one did.
	Both, OnlyA, OnlyB int
	// Agreed counts those of Both on which the choices are the same.
	Agreed int
	// Table counts them by choice, in the order of [Choices]: the first index is
	// A's choice, the second B's.
	Table [3][3]int
	// Share is Agreed over Both; 0 where there is none.
	Share float64
	// Kappa is Cohen's: the agreement beyond what the reviewers' own frequencies
	// would give by chance, over the most there could be. 1 is full agreement, 0
	// that of chance. From J. Cohen, A coefficient of agreement for nominal
	// scales, Educational and Psychological Measurement 20 (1960), pages 37 to
	// 46: (p_o − p_e) / (1 − p_e).
	Kappa float64
	// Defined says whether there is a kappa: there is none without sessions, nor
	// where both reviewers only ever made one and the same choice.
	Defined bool
	// Differ are the sessions on which they do not agree, in A's order.
	Differ []Difference
}

// A Difference is a session on which two reviewers do not agree.
type Difference struct {
	A, B Decision
}

// Compare compares the decisions of two reviewers, who must not be the same.
// Decisions are about the same session where they name the same report.
func Compare(a, b *Decisions) (*Agreement, error) {
	if a.Reviewer == b.Reviewer {
		return nil, errors.New("both files are of one reviewer")
	}
	ofB := map[string]*Decision{}
	for i := range b.Decisions {
		ofB[b.Decisions[i].Report] = &b.Decisions[i]
	}
	g := &Agreement{}
	for i := range a.Decisions {
		one := &a.Decisions[i]
		other := ofB[one.Report]
		if other == nil {
			g.OnlyA++
			continue
		}
		g.add(one, other)
	}
	g.OnlyB = len(b.Decisions) - g.Both
	g.kappa()
	return g, nil
}

func (g *Agreement) add(a, b *Decision) {
	g.Both++
	g.Table[place3(a.Choice)][place3(b.Choice)]++
	if a.Choice == b.Choice {
		g.Agreed++
	} else {
		g.Differ = append(g.Differ, Difference{A: *a, B: *b})
	}
}

func place3(c Choice) int {
	switch c {
	case Approve:
		return 0
	case Reject:
		return 1
	}
	return 2
}

// kappa computes (p_o − p_e) / (1 − p_e), both multiplied by the square of the
// number of sessions, so that all is exact until the division.
func (g *Agreement) kappa() {
	if g.Both == 0 {
		return
	}
	n := int64(g.Both)
	g.Share, _ = big.NewRat(int64(g.Agreed), n).Float64()
	var chance int64
	for i := range g.Table {
		var row, column int64
		for j := range g.Table {
			row += int64(g.Table[i][j])
			column += int64(g.Table[j][i])
		}
		chance += row * column
	}
	if most := n*n - chance; most > 0 {
		g.Kappa, _ = big.NewRat(n*int64(g.Agreed)-chance, most).Float64()
		g.Defined = true
	}
}
