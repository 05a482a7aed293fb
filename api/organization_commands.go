package api

import (
	"cmp"
	"context"
	"crypto/sha256"
	"net/http"

	"github.com/oklog/ulid/v2"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/scheme"
)

func (s *Server) organizationRoutes() {
	const all, one, tag = "/v1/organizations", "/v1/organizations/{org}", "Organizations"
	defineWith(s, spec{"create_organization", http.MethodPost, "", tag, "Create an organization"}, buildCreateOrganization)
	define(s, spec{"rename_organization", http.MethodPatch, "", tag, "Rename an organization"},
		func(c renameOrganization) (domain.Command, error) { return domain.RenameOrganization{To: c.Name}, nil })
	define(s, spec{"archive_organization", http.MethodPost, "/archive", tag, "Make an organization read only with everything in it"},
		func(struct{}) (domain.Command, error) { return domain.ArchiveOrganization{}, nil })
	define(s, spec{"restore_organization", http.MethodPost, "/restore", tag, "End the archiving of an organization"},
		func(struct{}) (domain.Command, error) { return domain.RestoreOrganization{}, nil })
	define(s, spec{"delete_organization", http.MethodDelete, "", tag, "Delete an organization with everything in it"},
		func(struct{}) (domain.Command, error) { return domain.DeleteOrganization{}, nil })
	define(s, spec{"transfer_ownership", http.MethodPost, "/transfer-ownership", tag, "Pass one's own highest role on to another member"},
		func(c transferOwnership) (domain.Command, error) {
			return domain.TransferOwnership{To: c.To, Role: c.Role}, nil
		})
	define(s, spec{"change_seats", http.MethodPatch, "/seats", tag, "Change how many members there can be"},
		func(c changeSeats) (domain.Command, error) { return domain.ChangeSeats{To: c.Seats}, nil })
	list(s, route{http.MethodGet, all, "list_organizations", tag, "List the actor's organizations; for the system, all"}, s.listOrganizations)
	read(s, route{http.MethodGet, one, "get_organization", tag, "Look at an organization"}, s.getOrganization)
}

type createOrganization struct {
	ID     events.OrganizationID `json:"id,omitzero" doc:"1 to 64 of A-Z, a-z, 0-9, _ and -; left out: a new one." maxLength:"64"`
	Name   string                `json:"name,omitzero" doc:"Left out: the id." maxLength:"255"`
	Scheme string                `json:"scheme,omitzero" doc:"Left out: owner-member."`
	Owner  events.UserID         `json:"owner,omitzero" doc:"Who joins with the highest role; left out: the actor."`
}

// organization is the id that was sent, or a new one. Under an idempotency key the new one
// is always the same, so that the repeated command meets the organization that the first
// one made.
func (c createOrganization) organization(actor events.UserID, key string) events.OrganizationID {
	switch {
	case c.ID != "":
		return c.ID
	case key == "":
		return events.OrganizationID(ulid.Make().String())
	}
	sum := sha256.Sum256([]byte(string(actor) + "\x00" + key))
	return events.OrganizationID(ulid.ULID(sum[:16]).String())
}

func buildCreateOrganization(_ context.Context, b *commandBuilder, c createOrganization) (domain.Command, error) {
	if c.ID != "" && c.ID != b.org {
		return nil, errMalformed.because("The command creates organization %q, but was sent to %q.", c.ID, b.org)
	}
	chosen, err := b.scheme(cmp.Or(c.Scheme, scheme.Default))
	if err != nil {
		return nil, err
	}
	return domain.CreateOrganization{Name: cmp.Or(c.Name, string(b.org)), Scheme: chosen, Owner: c.Owner}, nil
}

type renameOrganization struct {
	Name string `json:"name" maxLength:"255"`
}

type transferOwnership struct {
	To   events.UserID  `json:"to" doc:"The member who takes the actor's role." maxLength:"255"`
	Role events.RoleKey `json:"role,omitzero" doc:"What the actor becomes; left out: what the other one was."`
}

type changeSeats struct {
	Seats int `json:"seats" doc:"How many there are; 0: as many as the scheme has." minimum:"0"`
}
