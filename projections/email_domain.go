package projections

import (
	"context"
	"iter"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type emailDomainRow struct {
	emailDomainKey
	mode     events.JoinMode
	role     events.RoleKey
	verified time.Time
	events.Origin
}

var emailDomains = &model[emailDomainKey, emailDomainRow]{
	table: table[emailDomainRow]{
		name: "email_domain",
		keys: []column[emailDomainRow]{
			text("org_id", func(r *emailDomainRow) events.OrganizationID { return r.org }),
			text("domain", func(r *emailDomainRow) events.EmailDomain { return r.domain }),
		},
		columns: append([]column[emailDomainRow]{
			text("mode", func(r *emailDomainRow) events.JoinMode { return r.mode }),
			text("role", func(r *emailDomainRow) events.RoleKey { return r.role }),
			timestamp("verified_at", func(r *emailDomainRow) time.Time { return r.verified }),
		}, origin("", func(r *emailDomainRow) events.Origin { return r.Origin })...),
	},
	dirty: func(d *dirtyKeys) set[emailDomainKey] { return d.emailDomains },
	find: func(state domain.Roster, key emailDomainKey) (emailDomainRow, bool) {
		d, is := state.Organization(key.org).EmailDomain(key.domain)
		return emailDomainRow{key, d.Mode, d.Role, d.Verified, d.Set}, is
	},
	rows: func(o domain.Organization) iter.Seq[emailDomainRow] {
		return func(yield func(emailDomainRow) bool) {
			for name, d := range o.EmailDomains() {
				if !yield(emailDomainRow{emailDomainKey{o.ID(), name}, d.Mode, d.Role, d.Verified, d.Set}) {
					return
				}
			}
		}
	},
}

// EmailDomainOf names a domain by which people join an organization.
type EmailDomainOf struct {
	Organization events.OrganizationID
	Domain       events.EmailDomain
}

// FindEmailDomains finds the organizations that have proved that one of some domains is theirs.
func (db *Database) FindEmailDomains(ctx context.Context, names []events.EmailDomain, p Page) (List[EmailDomainOf], error) {
	name, org := "", ""
	if err := p.after(&name, &org); err != nil {
		return List[EmailDomainOf]{}, err
	}
	s := newStatement(names, name, org)
	s.write(`SELECT d.org_id, d.domain FROM email_domain d
		WHERE d.domain = ANY($1) AND d.verified_at IS NOT NULL AND (d.domain, d.org_id) > ($2, $3) ORDER BY d.domain, d.org_id`)
	s.limit(p.limit() + 1)
	found, err := query(ctx, db.tables, s, func(row pgx.CollectableRow) (d EmailDomainOf, err error) {
		return d, row.Scan(&d.Organization, &d.Domain)
	})
	if err != nil {
		return List[EmailDomainOf]{}, err
	}
	return list(found, p, func(d EmailDomainOf) []any { return []any{d.Domain, d.Organization} }), nil
}
