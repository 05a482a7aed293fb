package personaldata

import (
	"cmp"
	"context"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
)

const (
	// retainEvery is how long after a run the next one begins.
	retainEvery = 24 * time.Hour
	// retainPause is how long a run waits that could not begin, or did not come to its end.
	retainPause = time.Minute
	// AtOnce is how many people a run of [Eraser.Retain] erases.
	AtOnce = 1000
)

// Period is how long something is kept, in parts of the calendar.
type Period struct{ Years, Months, Days int }

// Before returns when the period began that ends at a time.
func (p Period) Before(now time.Time) time.Time { return now.AddDate(-p.Years, -p.Months, -p.Days) }

// Retain erases people who have belonged to no organization for a period, once a day, until the context ends. While the clock is not trusted, it rests. Of
// several processes on one database, one does it at a time.
func (e *Eraser) Retain(ctx context.Context, keep Period, log *slog.Logger) {
	known := gone{}
	for {
		pause := retainPause
		soon, err := e.retain(ctx, keep, known, log)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			log.WarnContext(ctx, "people who belong nowhere any more are not erased, trying again", "error", err)
		case !soon:
			pause = retainEvery
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

// RetainOnce is one run of [Eraser.Retain]. It reports whether another one is to follow soon: there are more people to erase than it may, or another erasure runs.
func (e *Eraser) RetainOnce(ctx context.Context, keep Period, log *slog.Logger) (soon bool, err error) {
	return e.retain(ctx, keep, gone{}, log)
}

// retain is [Eraser.RetainOnce] that leaves out who is known to be gone.
func (e *Eraser) retain(ctx context.Context, keep Period, known gone, log *slog.Logger) (soon bool, err error) {
	now, err := e.desk.Clock().Trusted()
	if err != nil {
		return false, err
	}
	more := false
	alone, err := e.database.Alone(ctx, func(ctx context.Context) error {
		all, err := e.departed(ctx, now, keep.Before(now), known)
		if err != nil || len(all) == 0 {
			return err
		}
		some := make([]events.UserID, min(len(all), AtOnce))
		for i := range some {
			some[i] = all[i].User
		}
		more = len(all) > len(some)
		log.InfoContext(ctx, "people belong nowhere any more, and are erased now", "people", len(some), "later", len(all)-len(some))
		erased, refused, err := e.eraseDeparted(ctx, some)
		if erased > 0 || refused > 0 {
			log.InfoContext(ctx, "erased people who belong nowhere any more", "people", erased, "refused", refused, "more", more)
		}
		return err
	})
	return more || !alone, err
}

// Departed is somebody who belongs to no organization any more.
type Departed struct {
	User events.UserID
	// Since is when they left, when a membership ended, or when they joined, were invited or asked for access, whichever was last.
	Since time.Time
}

// Departed returns the people whom [Eraser.Retain] would erase now: who have belonged nowhere since before a time. Those who left first come before the others. It
// reads the ledger, and asks for the keys of everybody who belongs nowhere.
func (e *Eraser) Departed(ctx context.Context, before time.Time) ([]Departed, error) {
	return e.departed(ctx, e.desk.Clock().Now(), before, gone{})
}

// gone are people of whom nothing is left, with when they were seen last: nothing comes back until they are seen again.
type gone map[events.UserID]time.Time

// departed returns the people who have belonged to no organization since before a bound, and are not erased everywhere, those who left first before the others. Whose
// erasure has begun is left out: [Eraser.Resume] goes on with it. What it finds of people who are erased is added to those known to be gone, who are not looked for again.
func (e *Eraser) departed(ctx context.Context, now, bound time.Time, known gone) ([]Departed, error) {
	seen := sightings{map[events.UserID]time.Time{}, map[events.UserID]map[events.OrganizationID][]events.InviteID{}, map[events.OrganizationID]map[events.UserID]bool{}}
	var view bus.View[domain.Roster]
	err := e.ledger.Read(ctx, events.Checkpoint{}, 0, func(commits []events.Commit) (err error) {
		for i := range commits {
			for j := range commits[i].Entries {
				seen.add(&commits[i].Entries[j])
			}
		}
		view, err = view.Fold(commits)
		return err
	})
	if err != nil {
		return nil, err
	}
	begun, err := e.database.Erasures(ctx, nil, 0)
	if err != nil {
		return nil, err
	}
	pending := map[events.UserID]bool{}
	for i := range begun {
		pending[begun[i].User] = true
	}
	var all []Departed
	for user, at := range seen.last {
		if !at.Before(bound) || pending[user] || known[user].Equal(at) || belongs(view.State, maps.Keys(seen.known[user]), user, now) {
			continue
		}
		since := at
		if end := lastEnd(view.State, maps.Keys(seen.known[user]), user); end.After(since) {
			since = end
		}
		if !since.Before(bound) {
			continue
		}
		left, err := e.remains(ctx, view.State, seen.known[user], user)
		if err != nil {
			return nil, err
		}
		if left {
			all = append(all, Departed{user, since})
		} else {
			known[user] = at
		}
	}
	slices.SortFunc(all, func(a, b Departed) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.User, b.User)) })
	return all, nil
}

// sightings are when people came, left, were invited or asked for access last.
type sightings struct {
	last map[events.UserID]time.Time
	// known are the organizations that know somebody, with the invites that they had.
	known   map[events.UserID]map[events.OrganizationID][]events.InviteID
	members map[events.OrganizationID]map[events.UserID]bool
}

func (s *sightings) add(entry *events.Entry) {
	org := entry.Organization
	for _, e := range entry.Events {
		switch e := e.(type) { //nolint:gochecksumtype // by no others does somebody come or go
		case events.MemberJoined:
			s.see(org, e.Member, entry.At, e.Invite)
			if s.members[org] == nil {
				s.members[org] = map[events.UserID]bool{}
			}
			s.members[org][e.Member] = true
		case events.MemberRemoved:
			s.see(org, e.Member, entry.At)
			delete(s.members[org], e.Member)
		case events.OrganizationDeleted:
			for user := range s.members[org] {
				s.see(org, user, entry.At)
			}
			delete(s.members, org)
		case events.MemberInvited:
			s.see(org, e.Member, entry.At, e.Invite)
		case events.InviteDeclined:
			s.see(org, e.Member, entry.At, e.Invite)
		case events.AccessRequested:
			s.see(org, e.Member, entry.At)
		case events.AccessDenied:
			s.see(org, e.Member, entry.At)
		}
	}
}

func (s *sightings) see(org events.OrganizationID, user events.UserID, at time.Time, invites ...events.InviteID) {
	if user == "" {
		return
	}
	if at.After(s.last[user]) {
		s.last[user] = at
	}
	if s.known[user] == nil {
		s.known[user] = map[events.OrganizationID][]events.InviteID{}
	}
	s.known[user][org] = append(s.known[user][org], invites...)
}

// belongs reports whether somebody is a member of an organization, or may accept an invite that names them, or waits for an answer to a request for access.
func belongs(state domain.Roster, known iter.Seq[events.OrganizationID], user events.UserID, now time.Time) bool {
	for id := range known {
		org := state.Organization(id).At(now)
		if !org.Exists() {
			continue
		}
		member, joined := org.Member(user)
		if joined && (member.Until().IsZero() || member.Until().After(now)) {
			return true
		}
		if slices.ContainsFunc(org.OpenAccessRequests(user), func(id events.AccessRequestID) bool {
			request, _ := org.AccessRequest(id)
			return org.AccessRequestStatus(request) == domain.AccessPending
		}) {
			return true
		}
		if id, invited := org.InviteFor(user); invited {
			invite, _ := org.Invite(id)
			if status, _ := org.InviteStatus(invite); status != domain.InviteExpired {
				return true
			}
		}
	}
	return false
}

// lastEnd returns when the last of somebody's memberships ends that nobody has removed, the zero value if none has an end.
func lastEnd(state domain.Roster, known iter.Seq[events.OrganizationID], user events.UserID) (last time.Time) {
	for id := range known {
		if member, joined := state.Organization(id).Member(user); joined && member.Until().After(last) {
			last = member.Until()
		}
	}
	return last
}

// remains reports whether an organization has not recorded that somebody is erased, or a key of theirs, or of an invite that they had, is there.
func (e *Eraser) remains(ctx context.Context, state domain.Roster, known map[events.OrganizationID][]events.InviteID, user events.UserID) (bool, error) {
	for id, invites := range known {
		org := state.Organization(id)
		if _, erased := org.Erased(user); org.Exists() && !erased {
			return true, nil
		}
		owners := []string{string(user)}
		for _, invite := range slices.Compact(slices.Sorted(slices.Values(invites))) {
			if invite != "" {
				owners = append(owners, keyring.InvitePerson(invite))
			}
		}
		for _, owner := range owners {
			if there, err := e.keys.Has(ctx, id, owner); there || err != nil {
				return there, err
			}
		}
	}
	return false, nil
}

// eraseDeparted erases people who belong nowhere any more. It returns how many were erased, and how many an organization did not let go.
func (e *Eraser) eraseDeparted(ctx context.Context, users []events.UserID) (erased, refused int, err error) {
	if len(users) == 0 {
		return 0, 0, nil
	}
	position := e.desk.View().Position
	requests := make([]Request, len(users))
	for i, user := range users {
		requests[i] = Request{User: user, Template: bus.Request[domain.Command]{Cause: "belongs nowhere any more"}, retention: true, position: position}
	}
	people, err := e.find(ctx, requests...)
	if err != nil {
		return 0, 0, err
	}
	people = slices.DeleteFunc(people, func(p *person) bool { return p.refused() })
	refused = len(users) - len(people)
	if len(people) == 0 {
		return 0, refused, nil
	}
	return len(people), refused, e.erase(ctx, people)
}
