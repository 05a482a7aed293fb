package projections

import (
	"context"
	"sync"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// rules are a scheme as an organization has it, ready for package domain to answer
// by.
type rules struct {
	*domain.Scheme
	// bare is an organization with nothing but the rules.
	bare domain.Organization
}

// rules returns those of an organization, or [ErrNotFound]. What was read once is
// kept, by its digest.
func (db *Database) rules(ctx context.Context, org events.OrganizationID) (rules, error) {
	var digest string
	err := db.pool.QueryRow(ctx, `SELECT scheme_digest FROM organization WHERE org_id = $1`, org).Scan(&digest)
	if err != nil {
		return rules{}, fault(err)
	}
	if known, ok := db.known.find(digest); ok {
		return known, nil
	}
	var written string
	err = db.pool.QueryRow(ctx, `SELECT scheme_digest, scheme::text FROM organization WHERE org_id = $1`, org).Scan(&digest, &written)
	if err != nil {
		return rules{}, fault(err)
	}
	var definition events.Scheme
	if err := json.Unmarshal([]byte(written), &definition); err != nil {
		return rules{}, fault(err)
	}
	bare := domain.Organization{}.Evolve(events.Recorded{Event: events.OrganizationCreated{Scheme: definition}})
	r := rules{bare.Scheme(), bare}
	db.known.put(digest, r)
	return r, nil
}

// with returns an organization of one member, for package domain to tell what that
// member may do in it.
func (r rules) with(user events.UserID, role events.RoleKey, own events.Levels) domain.Organization {
	return r.bare.Evolve(events.Recorded{Event: events.MemberJoined{Member: user, Role: role, Levels: own}})
}

// viewer returns such an organization for an active member, or [ErrNotFound]: who is
// suspended, or whose membership has ended, sees nothing.
func (db *Database) viewer(ctx context.Context, org events.OrganizationID, user events.UserID) (domain.Organization, error) {
	r, err := db.rules(ctx, org)
	if err != nil {
		return domain.Organization{}, err
	}
	var role events.RoleKey
	var own events.Levels
	err = db.pool.QueryRow(ctx, `SELECT m.role, m.levels FROM member m WHERE m.org_id = $1 AND m.user_id = $2 AND `+active, org, user).Scan(&role, &own)
	if err != nil {
		return domain.Organization{}, fault(err)
	}
	return r.with(user, role, own), nil
}

// shelf remembers rules by their digest. It begins anew when it is full: every
// renamed label makes other rules.
type shelf struct {
	mu    sync.Mutex
	rules map[string]rules
}

// shelfRoom is how many rules a shelf has room for.
const shelfRoom = 1000

func (s *shelf) find(digest string) (rules, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.rules[digest]
	return r, ok
}

func (s *shelf) put(digest string, r rules) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rules == nil || len(s.rules) >= shelfRoom {
		s.rules = map[string]rules{}
	}
	s.rules[digest] = r
}
