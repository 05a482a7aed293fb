package conformance

import (
	"net/http"
	"slices"
	"strings"

	"github.com/seed-2026d078/roster/internal/apirequest"
)

// allowedUsers are the users of the fixture that may do something. All others may not.
type allowedUsers struct {
	p     *Product
	users []string
}

// only names those of the fixture who may do something. Without users, the system
// alone may.
func (p *Product) only(users ...string) allowedUsers { return allowedUsers{p, users} }

// may asserts that a request succeeds for these users of the fixture and for no others.
// It makes dry runs, so that the state stays the same for everybody.
func (a allowedUsers) may(what string, body ...any) allowedUsers {
	if !strings.HasPrefix(what, http.MethodGet) {
		what += "?dry_run=true"
	}
	for _, user := range a.p.users {
		attempt := a.p.as(user).Ask(what, body...)
		refused := attempt.Status == http.StatusForbidden || attempt.Status == http.StatusNotFound
		switch allowed := slices.Contains(a.users, user); {
		case allowed && attempt.Status >= http.StatusMultipleChoices:
			attempt.Fail("it succeeds, as for " + apirequest.Formatted(a.users))
		case !allowed && !refused:
			attempt.Fail("it is refused to all but " + apirequest.Formatted(a.users))
		}
	}
	return a
}

// see is may for a GET request.
func (a allowedUsers) see(path string) allowedUsers { return a.may("GET " + path) }
