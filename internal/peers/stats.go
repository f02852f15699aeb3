package main

import (
	"cmp"
	"slices"
)

// median returns the middle of some numbers, the mean of the two in the middle
// where there is none.
func median[T ~int64 | ~float64](list []T) T {
	s := slices.Sorted(slices.Values(list))
	if len(s) == 0 {
		return 0
	}
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// spread returns the largest of some numbers as a multiple of the least.
func spread[T ~int64 | ~float64](list []T) float64 {
	least := slices.MinFunc(list, cmp.Compare)
	return float64(slices.Max(list)) / float64(least)
}
