// Package subscribername has the rule for the names of subscribers, which are parts of subjects, consumers and accounts of NATS. It is a
// package of its own because neither feed nor natsserver may import the other.
package subscribername

import (
	"fmt"
	"regexp"
)

var pattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)

// Check fails, with the rule in words, if a subscriber cannot have a name.
func Check(name string) error {
	if pattern.MatchString(name) {
		return nil
	}
	return fmt.Errorf("%q is no name of a subscriber: it is a lower-case letter, followed by up to 31 such letters, digits or underscores", name)
}
