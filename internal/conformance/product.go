package conformance

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/apirequest"
)

// Product is the organization of a single case.
type Product struct {
	org   string    // its id
	began time.Time // when its history begins

	users []string // who is in it at the beginning

	t      caseT
	server apirequest.Server
	// seen is the newest position of an answer. Later reads are not older than it.
	seen events.Position
}

// past is how long ago the history of every product begins, so that a case can state
// what happened days ago.
const past = 100 * 24 * time.Hour

// open creates an organization in the state of its fixture.
func open(ctx context.Context, server apirequest.Server, f fixture) *Product {
	p := &Product{
		org:   "conformance-" + f.scheme + "-" + strings.ToLower(rand.Text()[:12]),
		began: time.Now().Add(-past).UTC().Truncate(time.Second), t: caseT{ctx}, server: server,
	}
	for _, command := range f.given {
		if user, is := command["user"].(string); is && command["type"] == "add_member" {
			p.users = append(p.users, user)
		}
	}
	founding := []o{{"type": "create_organization", "scheme": f.scheme}}
	p.daysAgo(100, append(founding, f.given...)...) //nolint:contextcheck // requests have the context of the case, which p.t holds
	return p
}

// close deletes the organization. Its outcome does not matter to the case.
func (p *Product) close() { p.system().Ask("DELETE ") }

// as returns who makes requests as a user. Paths are below that of the
// organization unless they begin with /v1.
func (p *Product) as(user string) apirequest.Actor {
	return p.server.As(p.t, user).Below("/v1/organizations/" + p.org).Seeing(&p.seen)
}

// system returns the product's own back end, which may do everything.
func (p *Product) system() apirequest.Actor { return p.as("") }

// given runs commands of the system as one.
func (p *Product) given(commands ...o) { p.givenOn("", commands...) }

// daysAgo is given for what happened a number of days ago, up to 100. History must be
// stated in order.
func (p *Product) daysAgo(days int, commands ...o) { p.givenOn(p.ago(days), commands...) }

// ago is the instant that daysAgo uses, as requests and answers write it. A negative
// number of days lies in the future.
func (p *Product) ago(days int) string {
	return p.began.Add(past - time.Duration(days)*24*time.Hour).Format(time.RFC3339)
}

// givenOn is given for an instant; empty is now.
func (p *Product) givenOn(at string, commands ...o) {
	what := "POST /commands"
	if at != "" {
		what += "?occurred_at=" + at
	}
	p.system().May(what, o{"commands": commands})
}

// The commands that most fixtures consist of.

func member(user, role string) o {
	return o{"type": "add_member", "user": user, "role": role, "name": displayName(user), "email": user + "@example.org"}
}

func project(id string) o {
	return o{"type": "create_project", "id": id, "name": displayName(id)}
}

func projectMember(project, user, role string) o {
	return o{"type": "add_project_member", "project": project, "user": user, "role": role}
}

func team(id string, members ...string) []o {
	commands := []o{{"type": "create_team", "id": id, "name": displayName(id)}}
	for _, user := range members {
		commands = append(commands, o{"type": "add_team_member", "team": id, "user": user})
	}
	return commands
}

func assignment(team, project, role string) o {
	command := o{"type": "assign_team", "team": team, "project": project}
	if role != "" {
		command["role"] = role
	}
	return command
}

// displayName makes a name for people of an id.
func displayName(id string) string { return strings.ToUpper(id[:1]) + id[1:] + " of the case" }
