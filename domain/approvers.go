package domain

import (
	"cmp"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

const (
	// maxApprovers is how many people hear of a request for access.
	maxApprovers = 20
	// maxApproversTried is how many members are asked whether they may decide on it.
	maxApproversTried = 10_000
)

// Approvers returns who hears of a request for access: those who may decide on it, at most 20. Of many, those who are on the project come first,
// then those whose role in the organization ranks highest. In an organization of more than 10,000 members not all are asked. It is empty
// if the request is closed, or if nobody but the system may decide.
func (o Organization) Approvers(r AccessRequest) []events.UserID {
	if !o.Exists() || o.AccessRequestStatus(r) != AccessPending {
		return nil
	}
	var found []approver
	tried := 0
	for user, member := range o.members.All() {
		if tried++; tried > maxApproversTried {
			break
		}
		if o.MayDecideOn(user, r) {
			found = append(found, approver{user, r.Project != "" && o.HasAccess(user, r.Project), o.scheme.organization.rank(member.Role)})
		}
	}
	slices.SortFunc(found, approver.compare)
	users := make([]events.UserID, min(len(found), maxApprovers))
	for i := range users {
		users[i] = found[i].user
	}
	return users
}

// approver is somebody who may decide on a request.
type approver struct {
	user      events.UserID
	onProject bool
	rank      int
}

// compare orders those first who are nearer to what is asked for.
func (a approver) compare(b approver) int {
	nearer := 0
	switch {
	case a.onProject && !b.onProject:
		nearer = -1
	case b.onProject && !a.onProject:
		nearer = 1
	}
	return cmp.Or(nearer, cmp.Compare(b.rank, a.rank), cmp.Compare(a.user, b.user))
}
