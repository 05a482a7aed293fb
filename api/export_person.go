package api

import (
	"context"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/personaldata"
	"github.com/seed-2026d078/roster/projections"
)

func (s *Server) personExportRoutes() {
	s.handleRaw(route{http.MethodGet, "/v1/users/{user}/export", "export_person", "People", "Export everything that is known about a person, over all organizations"},
		huma.Operation{
			Description: "For the system actor only. One JSON document: memberships with all that hangs on them, invites, notifications, and the events that are about the person or caused by them. " +
				"What is sealed about the person is opened; what is sealed about others stays left out. What was erased is not there. An answer that breaks off is not complete.",
			Parameters: []*huma.Param{{Name: "user", In: "path", Required: true, Description: "The person.", Schema: &huma.Schema{Type: huma.TypeString}}},
			Responses:  okResponse("application/json", "What is known", s.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[personExport](), true, "")),
		}, s.exportPerson)
}

// personExport is the document. It is written part by part.
type personExport struct {
	User          events.UserID          `json:"user"`
	Position      events.Position        `json:"position" doc:"Up to which commit it says everything."`
	Organizations []exportedOrganization `json:"organizations" doc:"All in which something is known of the person, in the order of their ids."`
	Notifications []notification         `json:"notifications" doc:"The newest first."`
	Events        []exportedEvent        `json:"events" doc:"Those that are about the person or one of their invites, or that they caused, the oldest first."`
}

type exportedOrganization struct {
	ID      events.OrganizationID `json:"id"`
	Name    string                `json:"name,omitzero" doc:"Left out: it was deleted."`
	Member  *exportedMember       `json:"member,omitzero" doc:"Left out: the person is no member."`
	Erased  string                `json:"erased,omitzero" doc:"The event that erased the person's data there."`
	Invites []exportedInvite      `json:"invites"`
}

type exportedMember struct {
	Profile
	Status  projections.Status `json:"status" enum:"active,deactivated,ended" doc:"Whether the membership is in force."`
	Joined  Origin             `json:"joined"`
	Given   Origin             `json:"given" doc:"The event that gave the present role."`
	Held    holdings           `json:"held" doc:"All that hangs on the membership, however much it is."`
	Notices []NoticeChoice     `json:"notice_preferences" doc:"Which notices the person has switched on or off."`
}

type exportedInvite struct {
	ID      events.InviteID     `json:"id"`
	Status  domain.InviteStatus `json:"status"`
	Role    events.RoleKey      `json:"role"`
	Label   string              `json:"role_label" doc:"What the role is called."`
	Email   string              `json:"email,omitzero"`
	Message string              `json:"message,omitzero" doc:"What the sender says; of an open invite."`
	Sent    Origin              `json:"sent" doc:"When it was sent last, and by whom."`
	Closed  *time.Time          `json:"closed_at,omitzero" doc:"Left out: it is open."`
}

type exportedEvent struct {
	Event Event             `json:"event"`
	Texts map[string]string `json:"texts,omitzero" doc:"What it says about the person in words, by the name of the field."`
}

func (s *Server) exportPerson(w http.ResponseWriter, r *http.Request) error {
	ctx, user := r.Context(), events.UserID(r.PathValue("user"))
	if err := systemOnly(r); err != nil {
		return err
	}
	if q := queryOf(r); q.err != nil {
		return q.err
	}
	all, err := personaldata.Find(ctx, s.Ledger, s.Keyring, user)
	if err != nil {
		return err
	}
	found := all[user]
	if len(found) == 0 {
		return errUnknownPerson.because("Nothing is known of %q in any organization.", user)
	}
	inbox := s.Database.Inbox()
	if err := requestFrom(ctx).waitFor(ctx, "the notifications", inbox.Wait); err != nil {
		return err
	}
	s.waitBriefly(ctx, s.Desk.View().Position, inbox)
	w.Header().Set("Content-Type", "application/json")
	if err := s.writePerson(ctx, w, user, found); err != nil {
		// The status is sent. Closing the connection tells the client that something is missing.
		s.Log.WarnContext(ctx, "the export of a person broke off", "request", requestFrom(ctx).id, "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// writePerson writes a personExport without holding it.
func (s *Server) writePerson(ctx context.Context, w io.Writer, user events.UserID, found personaldata.Found) error {
	view := s.Desk.View()
	out := &documentWriter{Encoder: jsontext.NewEncoder(w)}
	out.token(jsontext.BeginObject)
	out.member("user", user)
	out.member("position", view.Position)
	out.list("organizations")
	for _, id := range slices.Sorted(maps.Keys(found)) {
		of, err := s.exportedOrganization(ctx, view.State.Organization(id).At(s.now()), id, user, found[id])
		if err != nil {
			return err
		}
		out.value(of)
	}
	out.token(jsontext.EndArray)
	out.list("notifications")
	for page := (projections.Page{Limit: pageEvents}); ; {
		list, err := s.Database.Inbox().List(ctx, user, page)
		if err != nil {
			return err
		}
		for _, n := range list.Items {
			out.value(notificationOf(view.State.Organization(n.Organization), n))
		}
		if page.After = list.Next; page.After == "" || out.err != nil {
			break
		}
	}
	out.token(jsontext.EndArray)
	out.list("events")
	err := found.History(ctx, s.Ledger, s.Keyring, user, func(c *events.Commit, entry *events.Entry, recorded events.Recorded, texts map[string]string) error {
		shown, err := eventOf(view.State.Organization(entry.Organization), c, entry, recorded)
		if err != nil {
			return err
		}
		out.value(exportedEvent{shown, texts})
		return out.err
	})
	out.token(jsontext.EndArray)
	out.token(jsontext.EndObject)
	return firstError(err, out.err)
}

// exportedOrganization says what an organization, which may be gone, has of a person.
func (s *Server) exportedOrganization(ctx context.Context, org domain.Organization, id events.OrganizationID, user events.UserID, in *personaldata.InOrganization) (exportedOrganization, error) {
	of := exportedOrganization{ID: id, Invites: []exportedInvite{}}
	if !org.Exists() {
		return of, nil
	}
	of.Name = org.Name()
	if origin, erased := org.Erased(user); erased {
		of.Erased = origin.ID(id)
	}
	if member, joined := org.Member(user); joined {
		profile, err := s.readProfile(ctx, id, member.PersonalData)
		if err != nil {
			return of, err
		}
		of.Member = &exportedMember{
			profile, projections.StatusOf(org, user), originOf(id, member.Joined), originOf(id, member.RoleGiven),
			listHoldings(org, user, func(events.ProjectID) bool { return true }, func(events.TeamID) bool { return true }, true),
			slices.DeleteFunc(noticeChoicesOf(org, user).Items, func(c NoticeChoice) bool { return c.Own == "" }),
		}
	}
	for _, invite := range slices.Sorted(maps.Keys(in.Invites)) {
		row := exportedInvite{ID: invite}
		var email, message events.Sealed
		if open, is := org.Invite(invite); is {
			row.Role, row.Sent = open.Role, originOf(id, open.Sent)
			row.Status, _ = org.InviteStatus(open) // the error says why it is void
			email, message = open.Email, open.Message
		} else if closed, is := org.ClosedInvite(invite); is {
			row.Status, row.Role, row.Sent, row.Closed = closed.Status, closed.Role, originOf(id, closed.Sent), &closed.Closed.At
			email = closed.Email
		} else {
			continue
		}
		row.Label = org.RoleLabel(row.Role)
		var err error
		if row.Email, err = s.Keyring.Read(ctx, id, email); err == nil {
			row.Message, err = s.Keyring.Read(ctx, id, message)
		}
		if err != nil {
			return of, err
		}
		of.Invites = append(of.Invites, row)
	}
	return of, nil
}

// documentWriter writes a document part by part, and keeps the first error.
type documentWriter struct {
	*jsontext.Encoder

	err error
}

func (p *documentWriter) token(t jsontext.Token) {
	if p.err == nil {
		p.err = p.WriteToken(t)
	}
}

func (p *documentWriter) value(v any) {
	if p.err == nil {
		p.err = json.MarshalEncode(p.Encoder, v, json.Deterministic(true))
	}
}

func (p *documentWriter) member(name string, v any) {
	p.token(jsontext.String(name))
	p.value(v)
}

func (p *documentWriter) list(name string) {
	p.token(jsontext.String(name))
	p.token(jsontext.BeginArray)
}
