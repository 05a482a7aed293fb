package conformance

import (
	"fmt"
	"maps"
	"slices"

	"github.com/seed-2026d078/roster/internal/apirequest"
)

// levels are those of permissions.
type levels map[string]string

// isOn asserts that somebody has a role on a project: the access says so, the list of
// people on the project, and the list of the person's projects.
func (p *Product) isOn(user, project, role string) {
	p.access(user, project).Has("role", role, "reason", nil)
	p.system().Sees("/projects/"+project+"/members?limit=100").Item("user", user).Has("role", role)
	p.system().Sees("/members/"+user+"/projects").Item("id", project).Has("role", role)
}

// isOff asserts that somebody has no access to a project for a reason: the access says
// so with every permission at its lowest, no check is passed, and no list has them.
func (p *Product) isOff(user, project, reason string) {
	access := p.access(user, project).Has("role", nil, "reason", reason, "sources", []string{})
	lowest := levels{}
	for permission, level := range permissionsOf(access) {
		lowest[permission] = "none"
		if level == "on" || level == "off" {
			lowest[permission] = "off"
		}
	}
	p.holds(user, project, lowest)
	for _, other := range p.system().Sees("/projects/" + project + "/members?limit=100").Items() {
		if other.At("user") == user {
			other.Fail(user + " is not in the list")
		}
	}
}

// holds asserts somebody's levels: the access shows them, and each check agrees.
func (p *Product) holds(user, project string, wanted levels) {
	access := p.access(user, project)
	got := permissionsOf(access)
	for permission, level := range wanted {
		if got[permission] != level {
			access.Fail(permission + " is " + level)
		}
	}
	p.checks(user, project, wanted)
}

// holdsAll is holds for every permission that there is, so that none is forgotten.
func (p *Product) holdsAll(user, project string, wanted levels) {
	access := p.access(user, project)
	if got := permissionsOf(access); !maps.Equal(got, wanted) {
		access.Fail("exactly " + apirequest.Formatted(wanted))
	}
	p.checks(user, project, wanted)
}

// inOrganization asserts somebody's levels in the organization, as they are shown to
// themselves.
func (p *Product) inOrganization(user string, wanted levels) {
	organization := p.as(user).Sees("")
	for permission, level := range wanted {
		organization.Has("levels."+permission, level)
	}
}

// access returns somebody's access as the system sees it.
func (p *Product) access(user, project string) apirequest.Reply {
	return p.system().Sees("/projects/" + project + "/access/" + user + "?explain")
}

// permissionsOf returns the levels that an access tells.
func permissionsOf(access apirequest.Reply) levels {
	shown, is := access.At("permissions").(o)
	if !is {
		access.Fail("permissions")
	}
	got := levels{}
	for permission, level := range shown {
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
	r := p.system().May("POST /v1/access:check", o{"questions": questions})
	for i, question := range questions {
		if got := r.At(fmt.Sprintf("answers.%d.allowed", i)); got != wanted[i] {
			r.Fail(fmt.Sprintf("%s allowed %v for %s", question["permission"], wanted[i], question["level"]))
		}
	}
}

// hasNotices asserts that somebody's list of notices of role changes from this product tells of these
// new roles, newest first.
func (p *Product) hasNotices(user string, roles ...string) {
	list := p.as(user).Sees("/v1/users/" + user + "/notifications?limit=200")
	var got []string
	for _, notice := range list.Items() {
		if notice.At("organization") == p.org && notice.At("kind") == "role_changed" {
			got = append(got, notice.Text("to"))
		}
	}
	if !slices.Equal(got, roles) {
		list.Fail("notices of " + p.org + " to " + apirequest.Formatted(roles) + ", not " + apirequest.Formatted(got))
	}
}

// marksShown marks the notices of an answer as shown, as their person.
func (p *Product) marksShown(user string, answer apirequest.Reply) {
	var ids []string
	for _, notice := range answer.Part("notices").Items() {
		ids = append(ids, notice.Text("id"))
	}
	p.as(user).May("POST /v1/users/"+user+"/notifications/shown", o{"ids": ids})
}
