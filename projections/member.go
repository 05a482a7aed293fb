package projections

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type memberKey struct {
	org  events.OrganizationID
	user events.UserID
}

type memberRow struct {
	memberKey
	role, reach events.RoleKey
	login       string
	sealedName  events.Sealed
	sealedEmail events.Sealed
	joined      events.Origin
	given       events.Origin
	person      // read from what is sealed
}

// person is what is known about somebody in words.
type person struct{ name, email, sortName, search string }

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
			text("login", func(r *memberRow) string { return r.login }),
			text("name", func(r *memberRow) string { return r.name }),
			text("email", func(r *memberRow) string { return r.email }),
			text("sort_name", func(r *memberRow) string { return r.sortName }),
			text("search", func(r *memberRow) string { return r.search }),
		}, origin("joined_", func(r *memberRow) events.Origin { return r.joined })...),
			origin("role_", func(r *memberRow) events.Origin { return r.given })...),
	},
	touched: func(t *touched) set[memberKey] { return t.members },
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
	named: func(r *memberRow) (memberKey, string) { return r.memberKey, r.sortName },
}

func memberOf(o domain.Organization, user events.UserID, m domain.Member) memberRow {
	login := m.Login
	if login == "" {
		login = string(user)
	}
	return memberRow{
		memberKey: memberKey{o.ID(), user}, role: m.Role, reach: o.Scheme().Reach(m.Role), login: login,
		sealedName: m.Name, sealedEmail: m.Email, joined: m.Joined, given: m.RoleGiven,
	}
}

func readPerson(ctx context.Context, open Opener, row *memberRow) (err error) {
	if row.name, err = open.read(ctx, row.org, row.sealedName); err != nil {
		return err
	}
	if row.email, err = open.read(ctx, row.org, row.sealedEmail); err != nil {
		return err
	}
	row.login = storable(row.login)
	row.sortName = sortable(row.name)
	if row.sortName == "" {
		row.sortName = sortable(row.login)
	}
	row.search = strings.ToLower(strings.Join([]string{row.name, row.login, row.email}, "\n"))
	return nil
}

// Member is somebody in an organization.
type Member struct {
	User events.UserID `json:"user"`
	// Login is the spelling that people see: the id where none was given.
	Login string `json:"login"`
	// Name and Email are empty where they are unknown, or forgotten.
	Name   string         `json:"name,omitempty"`
	Email  string         `json:"email,omitempty"`
	Role   events.RoleKey `json:"role"`
	Joined Origin         `json:"joined"`
	// Given is the event that gave the present role.
	Given Origin `json:"given"`

	sortName string
}

// MembersQuery narrows a list of members.
type MembersQuery struct {
	// Search is a part of a name, login or address, in any case.
	Search string
	// Role in the organization; empty is any.
	Role events.RoleKey
	Page
}

const memberColumns = `m.user_id, m.login, m.name, m.email, m.role,
	m.joined_version, m.joined_index, m.joined_at, m.joined_actor,
	m.role_version, m.role_index, m.role_at, m.role_actor, m.sort_name`

func scanMember(org events.OrganizationID) pgx.RowToFunc[Member] {
	return func(row pgx.CollectableRow) (Member, error) {
		var m Member
		var joined, given events.Origin
		err := row.Scan(&m.User, &m.Login, &m.Name, &m.Email, &m.Role,
			&joined.Version, &joined.Index, &joined.At, &joined.Actor,
			&given.Version, &given.Index, &given.At, &given.Actor, &m.sortName)
		m.Joined, m.Given = originOf(org, joined), originOf(org, given)
		return m, err
	}
}

// Members lists the members of an organization by name.
func (db *Database) Members(ctx context.Context, org events.OrganizationID, q MembersQuery) (List[Member], error) {
	var name, user string
	if err := q.after(&name, &user); err != nil {
		return List[Member]{}, err
	}
	s := newStatement(org, q.limit()+1, name, user)
	s.write(`SELECT ` + memberColumns + ` FROM member m WHERE m.org_id = $1 AND (m.sort_name, m.user_id) > ($3, $4)`)
	s.search("m.search", q.Search)
	if q.Role != "" {
		s.write(` AND m.role = `, s.arg(q.Role))
	}
	s.write(` ORDER BY m.sort_name, m.user_id LIMIT $2`)
	found, err := query(ctx, db, s, scanMember(org))
	if err != nil {
		return List[Member]{}, err
	}
	return list(found, q.Page, func(m Member) []any { return []any{m.sortName, m.User} }), nil
}

// Member returns one member, or [ErrNotFound].
func (db *Database) Member(ctx context.Context, org events.OrganizationID, user events.UserID) (Member, error) {
	s := newStatement(org, user)
	s.write(`SELECT ` + memberColumns + ` FROM member m WHERE m.org_id = $1 AND m.user_id = $2`)
	return one(ctx, db, s, scanMember(org))
}

// Origin names the event behind a state of affairs.
type Origin struct {
	// Event is the id of the event: organization/version/index.
	Event string    `json:"event"`
	Since time.Time `json:"since"`
	// By is the actor; empty is the system.
	By events.UserID `json:"by,omitempty"`
}

func originOf(org events.OrganizationID, o events.Origin) Origin {
	return Origin{Event: o.ID(org), Since: o.At.UTC(), By: o.Actor}
}
