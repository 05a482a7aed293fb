package api

import (
	"bytes"
	"cmp"
	"context"
	"iter"
	"slices"
	"strconv"
	"time"

	"github.com/hashicorp/golang-lru/v2"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
	"github.com/seed-2026d078/roster/projections"
)

// AtTime asks a list for the past.
type AtTime struct {
	At instant `query:"at" doc:"A time in the past: the list as it was then, of what the actor may see now, without actions. Left out: now."`
}

func (a AtTime) asked() bool { return !a.At.IsZero() }

// keptPasts is how many organizations of the past are kept, so that the pages of a list need
// not fold the ledger again.
const keptPasts = 4

// pastKeeper keeps the newest pasts that were asked for.
type pastKeeper struct {
	kept *lru.Cache[pastKey, domain.Organization]
}

// pastKey names a past. Commands may be added to the past, so the present version belongs to
// it.
type pastKey struct {
	org     events.OrganizationID
	at      time.Time
	version events.Version
}

func newPastKeeper() pastKeeper {
	kept, err := lru.New[pastKey, domain.Organization](keptPasts)
	if err != nil {
		panic(err) // the size is a positive constant
	}
	return pastKeeper{kept}
}

// currentOrDeleted returns an organization as it is now, if the actor may take an action on it
// that only shows something. The system sees all, also what was deleted since it was.
func (s *Server) currentOrDeleted(ctx context.Context, id events.OrganizationID, view events.Action, about domain.About) (domain.Organization, events.Position, error) {
	if requestFrom(ctx).actor != events.System {
		return s.authorized(ctx, id, view, about)
	}
	now := s.Desk.View()
	org := now.State.Organization(id).At(time.Now())
	if org.Version() == 0 {
		return org, 0, domain.ErrNoOrganization
	}
	return org, now.Position, nil
}

// past is what a list of the past is made of: the organization as it is now, by which the
// actor's rights are decided, and as it was.
type past struct {
	actor     events.UserID
	at        time.Time
	now, then domain.Organization
	position  events.Position
	// walk paces the look at all of the organization, which each page takes.
	walk *walk
}

// pastListing is listing for a time in the past.
func (s *Server) pastListing(ctx context.Context, id events.OrganizationID, at time.Time, view events.Action, about domain.About) (past, error) {
	now, position, err := s.currentOrDeleted(ctx, id, view, about)
	if err != nil {
		return past{}, err
	}
	key := pastKey{id, at.UTC(), now.Version()}
	then, found := s.pasts.kept.Get(key)
	if !found {
		state, err := s.stateAt(ctx, at, id)
		if err != nil {
			return past{}, err
		}
		then = state.Organization(id).At(at)
		s.pasts.kept.Add(key, then)
	}
	if !then.Exists() {
		return past{}, domain.NoOrganizationAt(at)
	}
	return past{requestFrom(ctx).actor, at, now, then, position, s.newWalk(ctx, then)}, nil
}

// seesProject reports whether the actor may know of a project of the past.
func (p past) seesProject(id events.ProjectID) bool {
	return p.actor == events.System || p.now.SeesProject(p.actor, id)
}

// moment returns the moment with which rows of the past are made.
func (p past) moment() events.Moment { return newMoment(p.actor, p.now.Last()) }

// paced yields what all yields, until the walk of the past ends early.
func paced[K, V any](p past, all iter.Seq2[K, V]) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for key, value := range all {
			if !p.walk.proceed() || !yield(key, value) {
				return
			}
		}
	}
}

// ordered is an item of a list of the past.
type ordered[I any] struct {
	item I
	name []byte // its collation key
	id   string
}

func inOrder[I any](item I, name, id string) ordered[I] {
	return ordered[I]{item, collation.Key(name), id}
}

// pageOf returns a page of items in the order of their names, then ids. The cursor says how
// many were before, since the past stays as it is. It fails if the walk ended early.
func pageOf[I any](w *walk, items []ordered[I], p Paging) (projections.List[I], error) {
	begin, err := 0, w.err
	if err != nil {
		return projections.List[I]{}, err
	}
	if p.After != "" {
		begin, err = strconv.Atoi(p.After)
	}
	if err != nil || begin < 0 || begin > len(items) {
		return projections.List[I]{}, errBadCursor
	}
	slices.SortFunc(items, func(a, b ordered[I]) int {
		return cmp.Or(bytes.Compare(a.name, b.name), cmp.Compare(a.id, b.id))
	})
	end := min(begin+p.Limit, len(items))
	var page projections.List[I]
	for _, i := range items[begin:end] {
		page.Items = append(page.Items, i.item)
	}
	if end < len(items) {
		page.Next = strconv.Itoa(end)
	}
	return page, nil
}

// pastPeople returns those of some members whom a search finds. Their names are those of that
// time, unless the people were forgotten since.
func (s *Server) pastPeople(ctx context.Context, of past, users []events.UserID, search string) ([]ordered[projections.Person], error) {
	org := of.then
	words := collation.Words(search)
	var found []ordered[projections.Person]
	for _, user := range users {
		if !of.walk.proceed() {
			break
		}
		member, _ := org.Member(user)
		profile, err := s.readProfile(ctx, org.ID(), member.PersonalData)
		if err != nil {
			return nil, err
		}
		p := projections.Person{
			User: user, Login: cmp.Or(profile.Login, string(user)), Name: profile.Name, Email: profile.Email, Avatar: profile.Avatar, ExternalID: profile.ExternalID,
		}
		if matches(words, p.Name, p.Login, p.Email, p.ExternalID, string(user)) {
			found = append(found, inOrder(p, cmp.Or(collation.Normalize(p.Name), p.Login), string(user)))
		}
	}
	return found, nil
}

// matches reports whether texts have all words of a search.
func matches(words []string, texts ...string) bool {
	if len(words) == 0 {
		return true
	}
	var all []byte
	for _, text := range texts {
		all = append(append(all, text...), '\n')
	}
	return collation.ContainsAll(collation.Fold(string(all)), words)
}
