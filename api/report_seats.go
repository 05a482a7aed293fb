package api

import (
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// seatHolder is a member, or an invite, that holds a seat.
type seatHolder struct {
	Holder    string          `json:"holder" enum:"member,invite" doc:"Why the seat is held: by a member, who is neither deactivated nor past their end, or by an invite that can still be accepted, where the scheme gives invites a seat."`
	Invite    events.InviteID `json:"invite,omitzero" doc:"Of an invite, its id."`
	User      events.UserID   `json:"user,omitzero" doc:"The member. Of an invite: whom it is for, if known."`
	Login     string          `json:"login,omitzero" doc:"Of a member, the spelling that people see."`
	Name      string          `json:"name,omitzero" doc:"Left out: unknown, or forgotten."`
	Email     string          `json:"email,omitzero" doc:"The address. Of an invite: only for those who see the invites."`
	Role      events.RoleKey  `json:"role" doc:"In the organization."`
	RoleLabel string          `json:"role_label" doc:"What the role is called."`
	Since     time.Time       `json:"since" doc:"When the membership began, or the invite was sent."`
}

const (
	memberHolds = "member"
	inviteHolds = "invite"
)

func (r seatHolder) key() rowKey {
	if r.Holder == inviteHolds {
		return rowKey{Number: 1, First: string(r.Invite)}
	}
	return rowKey{First: string(r.User)}
}

func (r seatHolder) cells() []string {
	return []string{r.Holder, string(r.Invite), string(r.User), r.Login, r.Name, r.Email, string(r.Role), timeCell(r.Since)}
}

func (s *Server) seatsReport() {
	serveReport(s, report[*ReportQuery, seatHolder]{
		route:   route{http.MethodGet, reportsPath + "/seats", "report_seats", "Reports", "List all that hold a seat: the members, then the invites where the scheme gives them one"},
		columns: []string{"holder", "invite", "user", "login", "name", "email", "role", "since"},
		rows:    func(p asOf, _ *ReportQuery, behind rowKey) iter.Seq[seatHolder] { return seatHolders(p, behind) },
		complete: func(ctx context.Context, p asOf, rows []seatHolder) error {
			return s.nameSeatHolders(ctx, p, rows)
		},
	})
}

// seatHolders yields those that come behind a key.
func seatHolders(p asOf, behind rowKey) iter.Seq[seatHolder] {
	return func(yield func(seatHolder) bool) {
		for h := range p.then.SeatHolders(p.walk.proceed) {
			row := seatHolder{
				Holder: memberHolds, Invite: h.Invite, User: h.Member, Role: h.Role, RoleLabel: p.then.RoleLabel(h.Role), Since: h.Since.At.UTC(),
			}
			if h.Invite != "" {
				row.Holder = inviteHolds
			}
			if row.key().compare(behind) > 0 && !yield(row) {
				return
			}
		}
	}
}

// nameSeatHolders adds what members are called and, for those who see the invites, the addresses of
// invites.
func (s *Server) nameSeatHolders(ctx context.Context, p asOf, rows []seatHolder) error {
	var users []events.UserID
	for _, row := range rows {
		if row.Holder == memberHolds {
			users = append(users, row.User)
		}
	}
	known, err := s.people(ctx, p, users)
	if err != nil {
		return err
	}
	seesInvites := p.authorize(domain.SeeingInvites, domain.About{}) == nil
	for i := range rows {
		row := &rows[i]
		if row.Holder == memberHolds {
			who := unknownPerson(row.User)
			if found, there := known[row.User]; there {
				who = personOf(found)
			}
			row.Login, row.Name, row.Email = who.Login, who.Name, who.Email
			continue
		}
		if invite, _ := p.then.Invite(row.Invite); seesInvites {
			if row.Email, err = s.Keyring.Read(ctx, p.then.ID(), invite.Email); err != nil {
				return err
			}
		}
	}
	return nil
}
