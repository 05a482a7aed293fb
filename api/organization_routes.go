package api

import (
	"context"
	"crypto/sha256"
	"net/http"

	"github.com/oklog/ulid/v2"

	"github.com/seed-2026d078/roster/events"
)

type organizationCreation struct {
	Envelope
	Body createOrganization
}

type organizationRenaming struct {
	Command
	Body renameOrganization
}

type ownershipTransfer struct {
	Command
	Body transferOwnership
}

type seatsChange struct {
	Command
	Body changeSeats
}

func (s *Server) organizationRoutes() {
	const all, one, tag = "/v1/organizations", "/v1/organizations/{org}", "Organizations"
	create := route{http.MethodPost, all, "create_organization", tag, "Create an organization"}
	op := create.operation()
	op.Responses = s.createdResponse()
	register(s, op, func(ctx context.Context, in *organizationCreation) (*answer[upshot], error) {
		org := in.Body.ID
		if org == "" {
			org = newOrganization(asked(ctx).actor, in.Key)
		}
		return s.decide(ctx, org, in.Envelope, in.Body, create)
	})
	list(s, route{http.MethodGet, all, "list_organizations", tag, "List the actor's organizations; for the system, all"}, s.listOrganizations)
	read(s, route{http.MethodGet, one, "get_organization", tag, "Look at an organization"}, s.getOrganization)
	command(s, route{http.MethodPatch, one, "rename_organization", tag, "Rename an organization"},
		func(in *organizationRenaming) order { return in.Body })
	command(s, route{http.MethodPost, one + "/archive", "archive_organization", tag, "Make an organization read only with everything in it"},
		func(*Command) order { return archiveOrganization{} })
	command(s, route{http.MethodPost, one + "/restore", "restore_organization", tag, "End the archiving of an organization"},
		func(*Command) order { return restoreOrganization{} })
	command(s, route{http.MethodDelete, one, "delete_organization", tag, "Delete an organization with everything in it"},
		func(*Command) order { return deleteOrganization{} })
	command(s, route{http.MethodPost, one + "/transfer-ownership", "transfer_ownership", tag, "Pass one's own highest role on to another member"},
		func(in *ownershipTransfer) order { return in.Body })
	command(s, route{http.MethodPatch, one + "/seats", "change_seats", tag, "Change how many members there can be"},
		func(in *seatsChange) order { return in.Body })
}

// newOrganization makes an id: under an idempotency key always the same, so that
// the repeated command meets the organization that the first one made.
func newOrganization(actor events.UserID, key string) events.OrganizationID {
	if key == "" {
		return events.OrganizationID(ulid.Make().String())
	}
	sum := sha256.Sum256([]byte(string(actor) + "\x00" + key))
	return events.OrganizationID(ulid.ULID(sum[:16]).String())
}
