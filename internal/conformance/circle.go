package conformance

import (
	"net/http"
	"slices"
	"strings"
)

// circle is some of the cast, as opposed to all others.
type circle struct {
	p     *Product
	users []string
}

// only is those of the cast who may do something; without users, nobody but the system.
func (p *Product) only(users ...string) circle { return circle{p, users} }

// may demands that these, and nobody else in the cast, would succeed. It tries without
// doing it, so that everybody finds the same state.
func (c circle) may(what string, body ...o) circle {
	if !strings.HasPrefix(what, http.MethodGet) {
		what += "?dry_run=true"
	}
	for _, user := range c.p.cast {
		attempt := c.p.as(user).ask(what, body...)
		refused := attempt.status == http.StatusForbidden || attempt.status == http.StatusNotFound
		switch allowed := slices.Contains(c.users, user); {
		case allowed && attempt.status >= http.StatusMultipleChoices:
			attempt.fail("it succeeds, as for " + written(c.users))
		case !allowed && !refused:
			attempt.fail("it is refused to all but " + written(c.users))
		}
	}
	return c
}

// see is may for what is only looked at.
func (c circle) see(path string) circle { return c.may("GET " + path) }
