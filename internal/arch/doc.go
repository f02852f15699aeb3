// Package arch has no code, only tests: those that hold the house together as a
// whole, whatever linter is at hand.
//
//   - which package may reach which (imports_test.go)
//   - no foreign type in an exported signature (api_test.go)
//   - how long files and functions are, and where goroutines start (shape_test.go)
//   - every exported name documented (comments_test.go)
//   - what lies at the top, and what no file may contain (files_test.go)
//
// Each rule is a function from source to complaints, and is itself tested on
// source that breaks it.
package arch
