package soak

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// accessHistory is what the ledger says should have been told: after each command, everybody's access to every project is
// computed anew, and compared with that before.
type accessHistory struct {
	of map[events.OrganizationID]*organizationHistory
	// roster is the newest state.
	roster domain.Roster
}

// organizationHistory has an entry for each version of an organization, the first at 0.
type organizationHistory struct {
	entries []historyEntry
	access  map[personOnProject]string
}

// historyEntry is what should have been told of an entry of the ledger.
type historyEntry struct {
	// key is the command's idempotency key.
	key string
	// events is how many there are, changes whose access they changed.
	events  int
	changes map[personOnProject]change
	// after is the organization after the entry.
	after domain.Organization
}

func (e *historyEntry) count() int { return e.events + len(e.changes) }

// personOnProject is whose access it is, to what.
type personOnProject struct {
	user    events.UserID
	project events.ProjectID
}

// readAccess reads the history of access from the ledger.
func readAccess(ctx context.Context, ledger *bus.Ledger) (*accessHistory, error) {
	end, err := ledger.End(ctx)
	if err != nil {
		return nil, err
	}
	h := &accessHistory{of: map[events.OrganizationID]*organizationHistory{}}
	err = ledger.Read(ctx, events.Checkpoint{}, end.Position, func(commits []events.Commit) error {
		for _, c := range commits {
			for _, e := range c.Entries {
				h.add(e)
			}
		}
		return nil
	})
	return h, err
}

func (h *accessHistory) add(e events.Entry) {
	o := h.of[e.Organization]
	if o == nil {
		o = &organizationHistory{}
		h.of[e.Organization] = o
	}
	h.roster = h.roster.Evolve(e)
	after := h.roster.Organization(e.Organization).At(time.Time{}) // what is not recorded to have ended has not
	access := accessOf(after)
	changes := map[personOnProject]change{}
	for who, to := range access {
		if from := o.access[who]; from != to {
			changes[who] = change{who.user, who.project, from, to}
		}
	}
	for who, from := range o.access {
		if _, still := access[who]; !still {
			changes[who] = change{who.user, who.project, from, ""}
		}
	}
	o.access = access
	o.entries = append(o.entries, historyEntry{e.Key, len(e.Events), changes, after})
}

// accessOf computes everybody's access to every project.
func accessOf(org domain.Organization) map[personOnProject]string {
	all := map[personOnProject]string{}
	for user := range org.Members() {
		for project := range org.Projects() {
			if level := levelText(feed.AccessLevelOf(org.Access(user, project))); level != "" {
				all[personOnProject{user, project}] = level
			}
		}
	}
	return all
}

// only returns the history of some organizations; of all, if none is named.
func (h *accessHistory) only(organizations []events.OrganizationID) map[events.OrganizationID]*organizationHistory {
	if len(organizations) == 0 {
		return h.of
	}
	some := maps.Clone(h.of)
	maps.DeleteFunc(some, func(org events.OrganizationID, _ *organizationHistory) bool {
		return !slices.Contains(organizations, org)
	})
	return some
}

// pendingBoundary reports whether there is a start or an end whose passing is not recorded yet.
func (h *accessHistory) pendingBoundary() bool {
	for _, org := range h.roster.Organizations() {
		for range org.Boundaries() {
			return true
		}
	}
	return false
}

// expected is a message that should have been told: its id, unless it is about access, and then the change.
func (o *organizationHistory) expected(org events.OrganizationID, version events.Version, index int) (id string, is bool) {
	if version < 1 || int(version) > len(o.entries) || index < 0 || index >= o.entries[version-1].count() { //nolint:gosec // it is small
		return "", false
	}
	if index >= o.entries[version-1].events {
		return "", true
	}
	return events.Origin{Version: version, Index: index}.ID(org), true
}

// messages returns how many messages there should be.
func (o *organizationHistory) messages() (n int) {
	for i := range o.entries {
		n += o.entries[i].count()
	}
	return n
}

// compare returns what is wrong with a message that was told; empty if nothing is.
func (o *organizationHistory) compare(n *noted) string {
	id, is := o.expected(n.Organization, n.Version, n.Index)
	if !is {
		return "the ledger has no such message"
	}
	e := &o.entries[n.Version-1]
	switch {
	case n.Count != e.count():
		return fmt.Sprintf("it says that there are %d messages of the command, and there should be %d", n.Count, e.count())
	case id != "" && (n.ID != id || n.change != (change{})):
		return fmt.Sprintf("it should be %s", id)
	case id == "" && n.change != e.changes[personOnProject{n.User, n.Project}]:
		return fmt.Sprintf("it says %+v, and it should say %+v", n.change, e.changes[personOnProject{n.User, n.Project}])
	}
	return ""
}
