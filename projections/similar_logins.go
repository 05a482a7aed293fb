package projections

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
)

// SimilarLogin is somebody whose login differs from that of others in case alone.
type SimilarLogin struct {
	User  events.UserID
	Login string
	// Folded is the login without its case: the same for all who are alike.
	Folded string
}

// loginsAtOnce is how many logins are read together.
const loginsAtOnce = 5000

// SimilarLogins lists the members of an organization whose logins, or ids where they have
// none, differ from those of others in case alone: those who are alike together, in the
// order of their ids. It reads every login, and calls proceed for each; when that returns
// false, the list is incomplete.
func (db *Database) SimilarLogins(ctx context.Context, org events.OrganizationID, proceed func() bool) ([]SimilarLogin, error) {
	first := map[string]SimilarLogin{} // who has a login first
	var similar []SimilarLogin
	several := map[string]bool{}
	for after := events.UserID(""); ; {
		s := newStatement(org)
		s.write(`SELECT user_id, login FROM member WHERE org_id = $1 AND user_id > `, s.arg(after), ` ORDER BY user_id LIMIT `, strconv.Itoa(loginsAtOnce))
		read, err := query(ctx, db, s, func(row pgx.CollectableRow) (l SimilarLogin, err error) { return l, row.Scan(&l.User, &l.Login) })
		if err != nil {
			return nil, err
		}
		for _, login := range read {
			if !proceed() {
				return nil, nil
			}
			login.Folded = collation.FoldCase(login.Login)
			other, taken := first[login.Folded]
			switch {
			case !taken:
				first[login.Folded] = login
				continue
			case !several[login.Folded]:
				several[login.Folded] = true
				similar = append(similar, other)
			}
			similar = append(similar, login)
		}
		if len(read) < loginsAtOnce {
			break
		}
		after = read[len(read)-1].User
	}
	slices.SortFunc(similar, func(a, b SimilarLogin) int {
		return cmp.Or(cmp.Compare(a.Folded, b.Folded), cmp.Compare(a.User, b.User))
	})
	return similar, nil
}
