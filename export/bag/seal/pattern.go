package seal

import "strings"

// matches reports whether a list of patterns, separated by commas, has one for
// the name and none with a ! before it. It is OpenSSH's match_pattern_list: *
// stands for any letters, ? for one.
func matches(list, name string) bool {
	found := false
	for p := range strings.SplitSeq(list, ",") {
		p, negated := strings.CutPrefix(p, "!")
		if !matchPattern(p, name) {
			continue
		}
		if negated {
			return false
		}
		found = true
	}
	return found
}

// matchPattern takes time in proportion to the product of the two lengths.
func matchPattern(pattern, name string) bool {
	star, retry := -1, 0
	p, n := 0, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, retry = p, n
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == name[n]):
			p++
			n++
		case star >= 0: // let the last star take one letter more
			retry++
			p, n = star+1, retry
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
