package importer

import (
	"slices"
	"strings"
)

// spellings holds how the login of each user is written, in the order of the lines. The
// key is the id of the user, in lower case.
type spellings map[string][]string

// note notes how a line writes the login of a user.
func (s spellings) note(l line) {
	user := l.Fields["user"]
	id := strings.ToLower(user)
	login := l.Fields["login"]
	switch {
	case id == "":
		return
	case login == "" && user == id:
		return // the id, which is no spelling
	case login == "":
		login = user
	case !strings.EqualFold(login, user):
		return // a name, not a spelling of the id
	}
	if !slices.Contains(s[id], login) {
		s[id] = append(s[id], login)
	}
}

// several returns the users with more than one spelling; nil if there are none.
func (s spellings) several() map[string][]string {
	var found map[string][]string
	for id, written := range s {
		if len(written) > 1 {
			if found == nil {
				found = map[string][]string{}
			}
			found[id] = written
		}
	}
	return found
}
