package api

import (
	"context"
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// mailTag is the tag of the operations about mails.
const mailTag = "Mail"

func (s *Server) mailRoutes() {
	const all, tag = "/v1/mail/dead-letters", mailTag
	read(s, route{http.MethodGet, "/v1/mail", "get_mail", tag, "Look at how many mails wait, and how many could not be sent"}, s.getMail)
	read(s, route{http.MethodGet, all, "list_dead_mails", tag, "List the mails that could not be sent, oldest first"}, s.listDeadMails)
	read(s, route{http.MethodPost, all + "/retry", "retry_dead_mails", tag, "Have mails that could not be sent be tried again"}, s.retryDeadMails)
	read(s, route{http.MethodDelete, all, "drop_dead_mails", tag, "Drop all mails that could not be sent, for good"}, s.dropDeadMails)
	read(s, route{http.MethodDelete, all + "/{mail}", "drop_dead_mail", tag, "Drop a mail that could not be sent, for good"}, s.dropDeadMail)
}

// requireSystem fails for users.
func requireSystem(ctx context.Context) error {
	if requestFrom(ctx).actor != events.System {
		return errSystemOnly
	}
	return nil
}

// mailStatus is how far mail is.
type mailStatus struct {
	Sending     bool `json:"sending" doc:"This server sends mails, or writes them to files."`
	Waiting     int  `json:"waiting" doc:"How many are to be sent, those that are tried again included."`
	DeadLetters int  `json:"dead_letters" doc:"How many could not be sent."`
}

func (s *Server) getMail(ctx context.Context, _ *struct{}) (*answer[mailStatus], error) {
	if err := requireSystem(ctx); err != nil {
		return nil, err
	}
	waiting, dead, err := s.Database.Outbox().Count(ctx)
	if err != nil {
		return nil, err
	}
	return &answer[mailStatus]{Position: s.Desk.View().Position, Body: mailStatus{s.Mail != nil, waiting, dead}}, nil
}

// DeadMail is a mail that could not be sent.
type DeadMail struct {
	ID           string                 `json:"id" doc:"The part of its Message-ID before the @."`
	Kind         events.NoticeKind      `json:"kind" doc:"What it is about."`
	Organization events.OrganizationID  `json:"organization"`
	User         events.UserID          `json:"user,omitzero" doc:"Who was to get it; left out: whoever the invite was sent to."`
	Invite       events.InviteID        `json:"invite,omitzero"`
	Request      events.AccessRequestID `json:"request,omitzero" doc:"The request for access that it is about."`
	Project      events.ProjectID       `json:"project,omitzero"`
	Event        string                 `json:"event" doc:"The event that it is about."`
	At           time.Time              `json:"at" doc:"When that happened."`
	Tries        int                    `json:"tries" doc:"How often it was tried."`
	Error        string                 `json:"error" doc:"Why it failed the last time, with the codes of the mail server."`
	Died         time.Time              `json:"died_at" doc:"When it was given up. It is kept until it is tried again, or dropped."`
}

type listDeadMailsQuery struct{ Paging }

func (s *Server) listDeadMails(ctx context.Context, in *listDeadMailsQuery) (*answer[List[DeadMail]], error) {
	if err := requireSystem(ctx); err != nil {
		return nil, err
	}
	found, err := s.Database.Outbox().DeadMails(ctx, in.page())
	if err != nil {
		return nil, err
	}
	return &answer[List[DeadMail]]{Position: s.Desk.View().Position, Body: rowsOf(found, deadMailOf)}, nil
}

func deadMailOf(d projections.DeadMail) DeadMail {
	return DeadMail{
		ID: d.ID, Kind: d.Kind, Organization: d.Organization, User: d.User, Invite: d.Invite, Request: d.Request, Project: d.Project,
		Event: d.Origin.ID(d.Organization), At: d.At, Tries: d.Tries, Error: d.Error, Died: d.Died,
	}
}

type retryDeadMailsQuery struct {
	Body struct {
		IDs []string `json:"ids,omitempty" doc:"Those to try again; left out: all. One that is gone is passed over." maxItems:"1000"`
	}
}

// retriedMails is how many mails are to be tried again.
type retriedMails struct {
	Retrying int `json:"retrying" doc:"How many are tried again."`
}

func (s *Server) retryDeadMails(ctx context.Context, in *retryDeadMailsQuery) (*answer[retriedMails], error) {
	if err := requireSystem(ctx); err != nil {
		return nil, err
	}
	n, err := s.Database.Outbox().RetryDead(ctx, in.Body.IDs...)
	if err != nil {
		return nil, err
	}
	return &answer[retriedMails]{Position: s.Desk.View().Position, Body: retriedMails{n}}, nil
}

// droppedMails is how many mails were dropped.
type droppedMails struct {
	Dropped int `json:"dropped" doc:"How many there were."`
}

func (s *Server) dropDeadMails(ctx context.Context, _ *struct{}) (*answer[droppedMails], error) {
	return s.dropMails(ctx)
}

type deadMailPath struct {
	Mail string `path:"mail" doc:"Its id." maxLength:"255"`
}

func (s *Server) dropDeadMail(ctx context.Context, in *deadMailPath) (*answer[droppedMails], error) {
	dropped, err := s.dropMails(ctx, in.Mail)
	if err == nil && dropped.Body.Dropped == 0 {
		return nil, errNoDeadMail
	}
	return dropped, err
}

// dropMails drops dead letters, all without ids.
func (s *Server) dropMails(ctx context.Context, ids ...string) (*answer[droppedMails], error) {
	if err := requireSystem(ctx); err != nil {
		return nil, err
	}
	n, err := s.Database.Outbox().DropDead(ctx, ids...)
	if err != nil {
		return nil, err
	}
	return &answer[droppedMails]{Position: s.Desk.View().Position, Body: droppedMails{n}}, nil
}
