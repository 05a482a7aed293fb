package projections

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
)

type memberRow struct {
	memberKey
	role, reach events.RoleKey
	projectRole events.RoleKey
	bypass      bool
	levels      string
	from, until time.Time
	deactivated bool
	sealed      sealedPerson
	joined      events.Origin
	given       events.Origin
	person      // read from what is sealed
}

// sealedPerson is what the state knows about somebody.
type sealedPerson struct{ login, name, email, avatar, externalID events.Sealed }

// person is the same in words.
type person struct {
	login, name, email, avatar, externalID string

	sortName sortKey
	search   string
}

var members = &model[memberKey, memberRow]{
	table: table[memberRow]{
		name: "member",
		keys: []column[memberRow]{
			text("org_id", func(r *memberRow) events.OrganizationID { return r.org }),
			text("user_id", func(r *memberRow) events.UserID { return r.user }),
		},
		columns: append(append([]column[memberRow]{
			text("role", func(r *memberRow) events.RoleKey { return r.role }),
			text("reach", func(r *memberRow) events.RoleKey { return r.reach }),
			text("project_role", func(r *memberRow) events.RoleKey { return r.projectRole }),
			flag("bypass", func(r *memberRow) bool { return r.bypass }),
			document("levels", func(r *memberRow) string { return r.levels }),
			timestamp("start", func(r *memberRow) time.Time { return r.from }),
			timestamp("until", func(r *memberRow) time.Time { return r.until }),
			flag("deactivated", func(r *memberRow) bool { return r.deactivated }),
			text("login", func(r *memberRow) string { return r.login }),
			text("name", func(r *memberRow) string { return r.name }),
			text("email", func(r *memberRow) string { return r.email }),
			text("avatar", func(r *memberRow) string { return r.avatar }),
			text("external_id", func(r *memberRow) string { return r.externalID }),
			collated("sort_name", func(r *memberRow) sortKey { return r.sortName }),
			text("search", func(r *memberRow) string { return r.search }),
		}, origin("joined_", func(r *memberRow) events.Origin { return r.joined })...),
			origin("role_", func(r *memberRow) events.Origin { return r.given })...),
	},
	dirty: func(d *dirtyKeys) set[memberKey] { return d.members },
	find: func(state domain.Roster, key memberKey) (memberRow, bool) {
		o := state.Organization(key.org)
		m, ok := o.Member(key.user)
		if !ok {
			return memberRow{}, false
		}
		return memberOf(o, key.user, m), true
	},
	rows: func(o domain.Organization) iter.Seq[memberRow] {
		return func(yield func(memberRow) bool) {
			for user, m := range o.Members() {
				if !yield(memberOf(o, user, m)) {
					return
				}
			}
		}
	},
	read:  readPerson,
	named: func(r *memberRow) (memberKey, sortKey) { return r.memberKey, r.sortName },
}

func memberOf(o domain.Organization, user events.UserID, m domain.Member) memberRow {
	_, deactivated := m.Deactivated()
	s := o.Scheme()
	return memberRow{
		memberKey: memberKey{o.ID(), user}, role: m.Role, reach: s.RoleOnAllProjects(m.Role), projectRole: s.DefaultProjectRole(m.Role),
		bypass: bypasses(s, m.Role), levels: levels(m.Levels()), from: m.From(), until: m.Until(), deactivated: deactivated,
		sealed: sealedPerson{m.Login, m.Name, m.Email, m.Avatar, m.ExternalID}, joined: m.Joined, given: m.RoleGiven,
	}
}

func bypasses(s *domain.Scheme, role events.RoleKey) bool {
	return slices.ContainsFunc(s.Scheme.OrganizationRoles, func(r events.Role) bool { return r.Key == role && r.Bypass })
}

func readPerson(ctx context.Context, open Opener, row *memberRow) (unread []string, missing error) {
	for _, field := range []struct {
		column string
		to     *string
		from   events.Sealed
	}{
		{"login", &row.login, row.sealed.login},
		{"name", &row.name, row.sealed.name},
		{"email", &row.email, row.sealed.email},
		{"avatar", &row.avatar, row.sealed.avatar},
		{"external_id", &row.externalID, row.sealed.externalID},
	} {
		var err error
		*field.to, err = open.read(ctx, row.org, field.from)
		switch {
		case err == nil:
		case errors.Is(err, events.ErrUnreadable):
			unread, missing = append(unread, field.column), err
		default:
			return nil, err
		}
	}
	if slices.Contains(unread, "name") || slices.Contains(unread, "login") {
		unread = append(unread, "sort_name")
	}
	if missing != nil {
		unread = append(unread, "search")
	}
	if row.login == "" {
		row.login = cleaned(string(row.user))
	}
	row.sortName = sortKeyOf(cmp.Or(collation.Normalize(row.name), row.login))
	row.search = searchableOf(row.user, row.login, row.name, row.email, row.externalID)
	return unread, missing
}

// MemberFilter narrows a list of members.
type MemberFilter struct {
	// Search is words, each of which is a part of a name, login, address, external id or id.
	// Neither their order nor case nor diacritics matter.
	Search string
	// Role in the organization, their own or by an elevation; empty is any.
	Role events.RoleKey
	// Status is that of the membership; empty is any.
	Status Status
	Page
}

// Status says whether somebody's membership, or access to a project, holds.
type Status string

// The statuses. Somebody who is deactivated is that, whatever the start and the end of the membership say.
const (
	Active      Status = "active"
	Deactivated Status = "deactivated"
	NotStarted  Status = "not_started"
	Ended       Status = "ended"
)

// StatusOf returns the status of a membership at the instant of the organization.
func StatusOf(org domain.Organization, user events.UserID) Status {
	switch org.InOrganization(user).Reason {
	case domain.Deactivated:
		return Deactivated
	case domain.MembershipNotStarted:
		return NotStarted
	case domain.MembershipEnded:
		return Ended
	case domain.NotMember, domain.Invited, domain.NoSuchProject, domain.NotOnProject:
	}
	return Active
}

// ListMembers lists the members of an organization by name. The state says who has the
// role and the status at its instant.
func (db *Database) ListMembers(ctx context.Context, org domain.Organization, q MemberFilter) (List[Person], error) {
	filter := peopleFilter{search: q.Search, role: q.Role, inactive: q.Status != "" && q.Status != Active}
	keep := func(p Person) bool {
		_, joined := org.Member(p.User)
		return joined && (q.Role == "" || org.HasOrganizationRole(p.User, q.Role)) && (q.Status == "" || StatusOf(org, p.User) == q.Status)
	}
	return fill(q.Page, keep, db.readPeople(ctx, org.ID(), filter))
}
