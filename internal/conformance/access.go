package conformance

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/go-json-experiment/json"
)

// levels are those of permissions.
type levels map[string]string

// isOn asserts that somebody has a role on a project: the access says so, the list of
// people on the project, and the list of the person's projects.
func (p *Product) isOn(user, project, role string) {
	p.access(user, project).has("role", role, "reason", nil)
	p.system().sees("/projects/"+project+"/members?limit=100").item("user", user).has("role", role)
	p.system().sees("/members/"+user+"/projects").item("id", project).has("role", role)
}

// isOff asserts that somebody has no access to a project for a reason: the access says
// so with every permission at its lowest, no check is passed, and no list has them.
func (p *Product) isOff(user, project, reason string) {
	access := p.access(user, project).has("role", nil, "reason", reason, "sources", []string{})
	lowest := levels{}
	for permission, level := range access.permissions() {
		lowest[permission] = "none"
		if level == "on" || level == "off" {
			lowest[permission] = "off"
		}
	}
	p.holds(user, project, lowest)
	for _, other := range p.system().sees("/projects/" + project + "/members?limit=100").items() {
		if other.at("user") == user {
			other.fail(user + " is not in the list")
		}
	}
}

// holds asserts somebody's levels: the access shows them, and each check agrees.
func (p *Product) holds(user, project string, wanted levels) {
	access := p.access(user, project)
	got := access.permissions()
	for permission, level := range wanted {
		if got[permission] != level {
			access.fail(permission + " is " + level)
		}
	}
	p.checks(user, project, wanted)
}

// holdsAll is holds for every permission that there is, so that none is forgotten.
func (p *Product) holdsAll(user, project string, wanted levels) {
	access := p.access(user, project)
	if got := access.permissions(); !maps.Equal(got, wanted) {
		access.fail("exactly " + formatted(wanted))
	}
	p.checks(user, project, wanted)
}

// inOrganization asserts somebody's levels in the organization, as they are shown to
// themselves.
func (p *Product) inOrganization(user string, wanted levels) {
	organization := p.as(user).sees("")
	for permission, level := range wanted {
		organization.has("levels."+permission, level)
	}
}

// access returns somebody's access as the system sees it.
func (p *Product) access(user, project string) reply {
	return p.system().sees("/projects/" + project + "/access/" + user + "?explain")
}

// permissions are the levels that an access tells.
func (r reply) permissions() levels {
	mu, ok := r.at("permissions").(o)
	if !ok {
		r.fail("permissions")
	}
	got := levels{}
	for permission, level := range mu {
		got[permission], _ = level.(string)
	}
	return got
}

// ladders are the levels above the lowest, by any level of the same kind.
var ladders = map[string][]string{
	"off": {"on"}, "on": {"on"},
	"none": {"view", "full"}, "view": {"view", "full"}, "full": {"view", "full"},
}

// checks checks every level of the permissions, and asserts that those up to the held
// one are allowed.
func (p *Product) checks(user, project string, held levels) {
	var questions []o
	var wanted []bool
	for _, permission := range slices.Sorted(maps.Keys(held)) {
		ladder := ladders[held[permission]]
		reached := slices.Index(ladder, held[permission])
		for i, level := range ladder {
			questions = append(questions, o{
				"organization": p.org, "user": user, "project": project, "permission": permission, "level": level,
			})
			wanted = append(wanted, i <= reached)
		}
	}
	r := p.system().may(http.MethodPost+" /v1/access:check", o{"questions": questions})
	for i, question := range questions {
		if got := r.at(fmt.Sprintf("answers.%d.allowed", i)); got != wanted[i] {
			r.fail(fmt.Sprintf("%s allowed %v for %s", question["permission"], wanted[i], question["level"]))
		}
	}
}

// written shows a value in a message.
func formatted(value any) string {
	text, err := json.Marshal(value, json.Deterministic(true))
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}

// hasNotices asserts that somebody's list of notices from this product tells of these
// new roles, newest first.
func (p *Product) hasNotices(user string, roles ...string) {
	list := p.as(user).sees("/v1/users/" + user + "/notifications?limit=200")
	var mu []string
	for _, notice := range list.items() {
		if notice.at("organization") == p.org {
			mu = append(mu, notice.text("to"))
		}
	}
	if !slices.Equal(mu, roles) {
		list.fail("notices of " + p.org + " to " + formatted(roles) + ", not " + formatted(mu))
	}
}
