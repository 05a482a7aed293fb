// Package phrase puts lists of things into sentences.
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
