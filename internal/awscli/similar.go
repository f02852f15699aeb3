package awscli

import (
	"slices"
	"strings"
)

const (
	minSimilar = 0.8 // how alike a suggestion must be
	maxSimilar = 3   // how many are made
)

// closest is the choices that resemble a value, the most alike first.
func closest(value string, choices []string) []string {
	var similar []string
	for _, choice := range choices {
		if likeness(choice, value) >= minSimilar {
			similar = append(similar, choice)
		}
	}
	slices.SortStableFunc(similar, func(a, b string) int {
		if la, lb := likeness(a, value), likeness(b, value); la != lb {
			if la > lb {
				return -1
			}
			return 1
		}
		return strings.Compare(b, a)
	})
	return similar[:min(len(similar), maxSimilar)]
}

// likeness is twice the length of the matching parts over the length of both texts.
func likeness(a, b string) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	return 2 * float64(matching(a, b)) / float64(len(a)+len(b))
}

// matching is the length of the longest common part and of those to its left and right.
func matching(a, b string) int {
	size, atA, atB := 0, 0, 0
	for i := range len(a) {
		for k := range len(b) {
			n := 0
			for i+n < len(a) && k+n < len(b) && a[i+n] == b[k+n] {
				n++
			}
			if n > size {
				size, atA, atB = n, i, k
			}
		}
	}
	if size == 0 {
		return 0
	}
	return size + matching(a[:atA], b[:atB]) + matching(a[atA+size:], b[atB+size:])
}
