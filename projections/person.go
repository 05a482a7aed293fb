package projections

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
)

// Person is a member of an organization as people are called. Everything else about
// them is in the state in memory.
type Person struct {
	User events.UserID
	// Login is the spelling that people see: the id where none was given.
	Login string
	// Name and Email are empty where they are unknown, or forgotten.
	Name  string
	Email string
	// Avatar is the URL of a picture.
	Avatar string
	// ExternalID is the person's id in another system.
	ExternalID string

	sortName sortKey
}

func (p Person) key() nameKey { return nameKey{p.sortName, string(p.User)} }

// contains reports whether a search for the words finds the person.
func (p Person) contains(words []string) bool {
	return collation.ContainsAll(searchableOf(p.User, p.Login, p.Name, p.Email, p.ExternalID), words)
}

// searchableOf returns the text in which a search looks for a person.
func searchableOf(user events.UserID, login, name, email, externalID string) string {
	if login == string(user) {
		return searchable(name, login, email, externalID)
	}
	return searchable(name, login, email, externalID, string(user))
}

const personColumns = `m.user_id, m.login, m.name, m.email, m.avatar, m.external_id, m.sort_name`

func scanPerson(row pgx.CollectableRow) (p Person, err error) {
	return p, row.Scan(&p.User, &p.Login, &p.Name, &p.Email, &p.Avatar, &p.ExternalID, &p.sortName)
}

// People returns what members of an organization are called. Who is no member is left
// out.
func (db *Database) People(ctx context.Context, org events.OrganizationID, users []events.UserID) (map[events.UserID]Person, error) {
	s := newStatement(org, users)
	s.write(`SELECT ` + personColumns + ` FROM member m WHERE m.org_id = $1 AND m.user_id = ANY($2)`)
	found, err := query(ctx, db.tables, s, scanPerson)
	if err != nil {
		return nil, err
	}
	known := make(map[events.UserID]Person, len(found))
	for _, p := range found {
		known[p.User] = p
	}
	return known, nil
}

// peopleFilter narrows the members of an organization. What is empty, or nil, does not.
type peopleFilter struct {
	// search is as in [MemberFilter].
	search string
	// or are people who are found whatever they are called.
	or []events.UserID
	// among leaves out everybody else. It is for some hundreds of people: each is
	// looked up by key.
	among []events.UserID
	// role is the one in the organization, their own or by an elevation.
	role events.RoleKey
	// inactive asks for members who are deactivated, or whose membership has a start or an end.
	inactive bool
}

// readPeople reads members of an organization by name.
func (db *Database) readPeople(ctx context.Context, org events.OrganizationID, f peopleFilter) readRows[Person] {
	return func(after nameKey, limit int) ([]Person, error) {
		s := newStatement(org, after.sortName, after.id)
		s.write(`SELECT ` + personColumns + ` FROM `)
		if f.among != nil {
			// OFFSET 0 keeps Postgres from walking through all members by name.
			s.write(`(SELECT * FROM member m WHERE m.org_id = $1 AND m.user_id = ANY(`, s.arg(f.among), `) OFFSET 0) `)
		} else {
			s.write(`member `)
		}
		s.write(`m WHERE m.org_id = $1 AND (m.sort_name, m.user_id) > ($2, $3)`)
		if called := s.contains("m.search", f.search); called != noCondition {
			if len(f.or) > 0 {
				called = `(` + called + ` OR m.user_id = ANY(` + s.arg(f.or) + `))`
			}
			s.write(` AND `, called)
		}
		if f.role != "" {
			role := s.arg(f.role)
			s.write(` AND (m.role = `, role, ` OR m.user_id IN (SELECT e.user_id FROM elevation e WHERE e.org_id = $1 AND e.project_id = '' AND e.role = `, role, `))`)
		}
		if f.inactive {
			s.write(` AND (m.deactivated OR m.start IS NOT NULL OR m.until IS NOT NULL)`)
		}
		s.write(` ORDER BY m.sort_name, m.user_id LIMIT `, strconv.Itoa(limit))
		s.custom = s.custom && f.among == nil
		return query(ctx, db.tables, s, scanPerson)
	}
}
