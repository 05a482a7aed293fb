// Package phrase puts lists and numbers of things into sentences.
package phrase

import (
	"fmt"
	"strings"
)

// Join names things with commas between them and last before the last one, such as
// " and " or " or ".
func Join[T any](things []T, last string) string {
	var all strings.Builder
	for i, thing := range things {
		switch {
		case i > 0 && i == len(things)-1:
			all.WriteString(last)
		case i > 0:
			all.WriteString(", ")
		}
		fmt.Fprint(&all, thing)
	}
	return all.String()
}

// Count returns a number with the word for so many things, such as 1 commit, 2 commits.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
