// Peers compares lvtool with what people would use in its place: it makes a set
// of sessions from the samples, has every program convert them in turn, as whole
// processes, checks that all did the same work, and prints a table.
//
//	internal/peers/run
//
// runs all of it, see [the page beside this file]; the rest are its parts:
//
//	peers compare        measure and print the table
//	peers sessions       write a set of sessions
//	peers check          hold what a program wrote against what lvtool wrote
//	peers instructions   count the instructions that a session takes lvtool
//	peers packs          measure packing and verifying
//
// [the page beside this file]: https://github.com/lvtool/lvtool/blob/main/internal/peers/README.md
package main
