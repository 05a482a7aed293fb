package api

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/personaldata"
	"github.com/seed-2026d078/roster/internal/phrase"
)

func (s *Server) erasureRoutes() {
	read(s, route{http.MethodPost, "/v1/users/{user}/erase", "erase_person", "People", "Erase the personal data of somebody in all organizations, or in none"}, s.erasePerson)
}

// ErasureQuery asks to erase a person.
type ErasureQuery struct {
	PersonPath
	DryRun bool   `query:"dry_run" doc:"Changes nothing: the answer says what would be erased, what the person holds in each organization, and what must happen first."`
	Cause  string `query:"cause" maxLength:"1000" doc:"Why, in your words; it is recorded in each organization, in the clear: name nobody."`
	Body   erase
}

type erase struct {
	// DryRun is for clients that send no query.
	DryRun bool `json:"dry_run,omitzero" doc:"The same as dry_run in the query."`

	TransferTo map[events.OrganizationID]events.UserID `json:"transfer_to,omitzero" doc:"For each organization in which the person must not leave projects behind: who takes them over, as when a member is removed."`
}

// erasure is what was erased, or would be.
type erasure struct {
	User          events.UserID        `json:"user"`
	Organizations []erasedOrganization `json:"organizations" doc:"All in which something is known of the person, in the order of their ids: as a member, as a former one, or by an invite."`
	Events        int                  `json:"events" doc:"How many events say something about the person in words. They stay in the ledger, and nobody can read the words any more. After a dry run: those that can be read still."`
	Keys          int                  `json:"keys" doc:"How many keys seal these words. All of them are destroyed. After a dry run: those that are still to be destroyed."`
	Invites       int                  `json:"invites" doc:"How many invites the person had."`
	Tables        []string             `json:"tables" doc:"Those of the database that were made anew; none after a dry run."`
	Began         time.Time            `json:"began,omitzero" doc:"Only after a dry run: when an erasure of the person began that has not ended. It is going on, or was interrupted, and goes on by itself."`
	Done          bool                 `json:"done,omitzero" doc:"Only after a dry run: the person has been erased, and nothing is left to erase."`
	NotCovered    []notErased          `json:"not_covered" doc:"Where something may be left, and what to do."`
}

type erasedOrganization struct {
	ID      events.OrganizationID `json:"id"`
	Name    string                `json:"name,omitzero" doc:"Left out: it was deleted."`
	Event   string                `json:"event,omitzero" doc:"The id of the event that records it; left out after a dry run, and where the organization was deleted."`
	Invites int                   `json:"invites" doc:"How many invites the person had there."`
	Sent    int                   `json:"invites_sent,omitzero" doc:"Only after a dry run: how many invites that the person sent are open. They become void until somebody else sends them again."`
	Held    *holdings             `json:"held,omitzero" doc:"Only after a dry run, of a member: what the person holds, and would lose."`
	Refusal *ProblemDetail        `json:"refusal,omitzero" doc:"Only after a dry run: why the person cannot leave, and what must happen first. As long as there is one, nothing is erased."`
}

// notErased is something that an erasure does not reach.
type notErased struct {
	What   string `json:"what" enum:"backups,user_id,clear_logins,cluster,database"`
	Detail string `json:"detail" doc:"What is left, and what to do."`
}

func (s *Server) erasePerson(ctx context.Context, in *ErasureQuery) (*answer[erasure], error) {
	q := requestFrom(ctx)
	switch {
	case q.actor != events.System:
		return nil, errSystemOnly
	case len(in.Cause) > maxCause:
		return nil, errMalformed.because("A cause is at most %d bytes, not %d.", maxCause, len(in.Cause))
	}
	if err := s.requireKnown(in.User, in.Body.TransferTo); err != nil {
		return nil, err
	}
	template := bus.Request[domain.Command]{OnBehalfOf: q.onBehalfOf, Traceparent: q.traceparent, Cause: in.Cause}
	dryRun := in.DryRun || in.Body.DryRun
	report, err := s.eraser.Erase(ctx, personaldata.Request{User: in.User, TransferTo: in.Body.TransferTo, Template: template, DryRun: dryRun})
	if refused, is := errors.AsType[*personaldata.RefusedError](err); is {
		return nil, cannotErase(refused.Report)
	}
	if errors.Is(err, personaldata.ErrUnknown) {
		return nil, errUnknownPerson.because("Nothing is known of %q in any organization.", in.User)
	}
	if err != nil {
		return nil, err
	}
	out := erasure{User: in.User, Events: report.Events, Keys: report.Keys, Invites: report.Invites, Tables: append([]string{}, report.Tables...), Began: report.Began, Done: report.Done, NotCovered: notCovered(in.User, report)}
	for _, of := range report.Organizations {
		row := erasedOrganization{ID: of.ID, Invites: of.Invites, Sent: of.Sent}
		if of.Exists() {
			row.Name = of.Name()
		}
		if of.Erased.Version > 0 {
			row.Event = of.Erased.ID(of.ID)
		}
		if _, joined := of.Member(in.User); joined && dryRun {
			held := holdingsOf(of.Organization, in.User, func(events.ProjectID) bool { return true }, visibleTeams(of.Organization, events.System))
			row.Held = &held
		}
		if of.Refusal != nil {
			problem := detailOf(of.ID, of.Refusal)
			row.Refusal = &problem
		}
		out.Organizations = append(out.Organizations, row)
	}
	return &answer[erasure]{Position: s.Desk.View().Position, Body: out}, nil
}

// requireKnown fails if somebody takes over in an organization in which the person is not, and was not until they were erased: it may be misspelt.
func (s *Server) requireKnown(user events.UserID, transferTo map[events.OrganizationID]events.UserID) error {
	state := s.Desk.View().State
	for _, id := range slices.Sorted(maps.Keys(transferTo)) {
		org := state.Organization(id)
		if !org.Exists() {
			return domain.ErrNoOrganization.Because("There is no organization %q; leave it out of transfer_to, or name the one that is meant.", id)
		}
		_, member := org.Member(user)
		if _, erased := org.Erased(user); !member && !erased {
			return domain.ErrNotInOrganization.Because("%q is not in the organization %q; leave it out of transfer_to, or name the one that is meant.", user, id)
		}
	}
	return nil
}

// notCovered says what an erasure does not reach.
func notCovered(user events.UserID, report personaldata.Report) []notErased {
	left := []notErased{
		{"backups", "Backups from before have the keys. Delete them, or replace the master key with `roster keys rotate-master` and destroy the former one: then they open nothing."},
		{"user_id", fmt.Sprintf("The user id %q stays in the history, as a pseudonym. If your ids are logins, names or addresses, as those that an import makes of logins are, it tells who the person was.", user)},
	}
	if n := report.ClearLogins; n > 0 {
		left = append(left, notErased{"clear_logins", "The ledger has the login in " + phrase.Count(n, "event", "events") + " of an earlier version, which sealed no logins. Nothing shows it any more, but whoever reads the files can."})
	}
	if report.Replicated {
		left = append(left, notErased{"cluster", "The servers of the NATS cluster have what was destroyed, wrapped by the master key, in the logs of their consensus until they compact them."})
	}
	for _, detail := range report.Left {
		left = append(left, notErased{"database", detail})
	}
	return left
}

// cannotErase is the error of somebody whom some organizations do not let go.
func cannotErase(report personaldata.Report) error {
	refused := []ProblemDetail{}
	for _, of := range report.Organizations {
		if of.Refusal != nil {
			refused = append(refused, detailOf(of.ID, of.Refusal))
		}
	}
	return refusedIn(errCannotErase, "Nothing was erased.", refused)
}
