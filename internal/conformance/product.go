package conformance

import (
	"context"
	"crypto/rand"
	"strings"
	"time"
)

// Product is an organization that serves a single case.
type Product struct {
	org   string    // its id
	began time.Time // when its history begins

	cast []string // who is in it at the beginning

	ctx    context.Context //nolint:containedctx // it lives as long as one case
	server Server
	// seen is the newest position that an answer told; what is read later is no older.
	seen uint64
}

// past is how long ago the history of every product begins, so that a case can tell
// of what happened days ago, in order.
const past = 100 * 24 * time.Hour

// open founds an organization with its cast.
func open(ctx context.Context, server Server, c cast) *Product {
	p := &Product{
		org:   "conformance-" + c.scheme + "-" + strings.ToLower(rand.Text()[:12]),
		began: time.Now().Add(-past).UTC().Truncate(time.Second), ctx: ctx, server: server,
	}
	for _, command := range c.given {
		if user, is := command["user"].(string); is && command["type"] == "add_member" {
			p.cast = append(p.cast, user)
		}
	}
	founding := []o{{"type": "create_organization", "scheme": c.scheme}}
	p.daysAgo(100, append(founding, c.given...)...)
	return p
}

// close deletes the organization; what became of that is nothing to the case.
func (p *Product) close() { p.system().ask("DELETE ") }

// as acts on behalf of somebody.
func (p *Product) as(user string) person { return person{p, user} }

// system acts as the product's own back end, which may do everything.
func (p *Product) system() person { return person{p: p} }

// given makes something so, by commands of the system that are decided as one.
func (p *Product) given(commands ...o) { p.givenOn("", commands...) }

// daysAgo is given for what happened so many days ago, up to 100; things happen in order.
func (p *Product) daysAgo(days int, commands ...o) { p.givenOn(p.ago(days), commands...) }

// ago is the moment so many days ago at which daysAgo makes something so, as requests
// and answers write it; less than none are still to come.
func (p *Product) ago(days int) string {
	return p.began.Add(past - time.Duration(days)*24*time.Hour).Format(time.RFC3339)
}

// givenOn is given for a moment; the empty one is the present.
func (p *Product) givenOn(at string, commands ...o) {
	what := "POST /commands"
	if at != "" {
		what += "?occurred_at=" + at
	}
	p.system().may(what, o{"commands": commands})
}

// The commands that most casts are made of.

func member(user, role string) o {
	return o{"type": "add_member", "user": user, "role": role, "name": named(user), "email": user + "@example.org"}
}

func project(id string) o {
	return o{"type": "create_project", "project": id, "name": named(id)}
}

func on(project, user, role string) o {
	return o{"type": "add_project_member", "project": project, "user": user, "role": role}
}

func team(id string, members ...string) []o {
	commands := []o{{"type": "create_team", "team": id, "name": named(id)}}
	for _, user := range members {
		commands = append(commands, o{"type": "add_team_member", "team": id, "user": user})
	}
	return commands
}

func assigned(team, project, role string) o {
	command := o{"type": "assign_team", "team": team, "project": project}
	if role != "" {
		command["role"] = role
	}
	return command
}

// named makes a name for people to read of an id.
func named(id string) string { return strings.ToUpper(id[:1]) + id[1:] + " of the case" }
