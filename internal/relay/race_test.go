//go:build race

package relay_test

import "flag"

// With the race detector, properties are checked for fewer random cases: each takes
// several times as long, and the run without it checks all. The flag of the command
// line, -rapid.checks, counts for more.
func init() {
	if err := flag.Set("rapid.checks", "20"); err != nil {
		panic(err) // rapid has no such flag
	}
}
