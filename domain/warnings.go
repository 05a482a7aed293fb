package domain

import (
	"fmt"

	"github.com/seed-2026d078/roster/events"
)

// Warnings says in words what somebody should know before they give a command that the rules allow: where it lets whole groups of
// people join with a role that gives away the organization.
func (d DryRun) Warnings() []string {
	if !d.After.Exists() {
		return nil
	}
	var all []string
	for _, e := range d.Events {
		set, is := e.(events.EmailDomainSet)
		if !is || set.Mode != events.JoinAtOnce {
			continue
		}
		roles := &d.After.scheme.organization
		if role := roles.find(set.Role); role != nil && (role.Bypass || role.Key == roles.highest()) {
			all = append(all, fmt.Sprintf("Everybody with a verified address of %q joins with the role %q, which gives away the whole organization, and nobody approves it. Choose a role that gives less, or the mode approval.", set.Domain, set.Role))
		}
	}
	return all
}
