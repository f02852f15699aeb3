// Package custody keeps a log of what was done to a bag: JSON Lines, each with
// the digest of the line before it.
//
// A line that is edited, moved or taken out breaks the chain. What the chain
// does not show is that its last lines are missing, or that all of it was made
// anew. So the digest of the last line and the number of lines ([Log.Head],
// [Log.Len]) stand in bag-info.txt, under [HeadLabel] and [LengthLabel], where
// the signature of the bag covers them.
//
// A bag that is sealed cannot take more lines. Whoever receives it goes on in a
// log of their own beside the bag, which [Continue] begins with the head of the
// sealed one. Nothing seals that log: sign it, or keep its head elsewhere.
//
// A line is an object with just the members that [Event] names, in the order of
// their names and without spaces; only detail may be missing. The chain can be followed with a shell and
// sha256sum: the digest is of the line with the line feed at its end.
package custody
