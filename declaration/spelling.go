package declaration

import (
	"maps"
	"slices"
	"strings"
)

// spellings notes how names are written that differ only in case.
type spellings map[string][]string

func (s spellings) note(name string) string {
	folded := strings.ToLower(name)
	if !slices.Contains(s[folded], name) {
		s[folded] = append(s[folded], name)
	}
	return folded
}

// several returns the names that are written in several ways, in order.
func (s spellings) several() []string {
	var found []string
	for _, folded := range slices.Sorted(maps.Keys(s)) {
		if len(s[folded]) > 1 {
			found = append(found, strings.Join(s[folded], ", "))
		}
	}
	return found
}
