package domain

import (
	"crypto/subtle"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// PublicLink opens a project to whoever holds it.
type PublicLink struct {
	// Nonce makes the secret another one for every link.
	Nonce string
	events.Origin

	token events.Hash
}

// PublicLink returns the project's link, and whether it is on.
func (p Project) PublicLink() (PublicLink, bool) {
	if p.link == nil {
		return PublicLink{}, false
	}
	return *p.link, true
}

// ThroughLink returns what whoever holds a secret may do on a project, and whether
// it is the secret of the project's link.
func (o Organization) ThroughLink(id events.ProjectID, secret events.Hash) (Access, bool) {
	project := o.projects.At(id)
	if project == nil || project.link == nil || subtle.ConstantTimeCompare(secret[:], project.link.token[:]) != 1 {
		return Access{}, false
	}
	access := Access{
		ReadOnly: o.isReadOnly(project), permissions: o.scheme.project.permissions,
		levels: o.scheme.project.compile(o.scheme.PublicLink.Levels),
	}
	access.limitToView()
	return access, true
}

func (o Organization) linkProject(transient *champ.Transient, id events.ProjectID, link *PublicLink) Organization {
	return o.changeProject(transient, id, func(p *Project) { p.link = link })
}
