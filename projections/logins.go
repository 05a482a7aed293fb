package projections

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/events"
)

// loginsAtOnce is how many logins are read together.
const loginsAtOnce = 5000

// ReadLogins calls take for each member of an organization, in the order of their ids, with
// their login, or their id if they have none. It ends early when take returns false.
func (db *Database) ReadLogins(ctx context.Context, org events.OrganizationID, take func(events.UserID, string) bool) error {
	type login struct {
		user  events.UserID
		login string
	}
	for after := events.UserID(""); ; {
		s := newStatement(org)
		s.write(`SELECT user_id, login FROM member WHERE org_id = $1 AND user_id > `, s.arg(after), ` ORDER BY user_id LIMIT `, strconv.Itoa(loginsAtOnce))
		read, err := query(ctx, db.tables, s, func(row pgx.CollectableRow) (l login, err error) { return l, row.Scan(&l.user, &l.login) })
		if err != nil {
			return err
		}
		for _, l := range read {
			if !take(l.user, l.login) {
				return nil
			}
		}
		if len(read) < loginsAtOnce {
			return nil
		}
		after = read[len(read)-1].user
	}
}
