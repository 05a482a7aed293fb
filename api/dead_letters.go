package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/subscriber"
)

func (s *Server) deadLetterRoutes() {
	const all, tag = subscribersPath + "/{subscriber}/dead-letters", feedTag
	read(s, route{http.MethodGet, all, "list_dead_letters", tag, "List the messages that a subscriber could not handle, oldest first"}, s.listDeadLetters)
	read(s, route{http.MethodPost, all + "/retry", "retry_dead_letters", tag, "Have a subscriber try its dead letters again, as soon as it runs"}, s.retryDeadLetters)
	read(s, route{http.MethodDelete, all, "drop_dead_letters", tag, "Drop all dead letters of a subscriber for good, also those that are to be tried again"}, s.dropDeadLetters)
	read(s, route{http.MethodDelete, all + "/{sequence}", "drop_dead_letter", tag, "Drop a dead letter for good, also if it is to be tried again"}, s.dropDeadLetter)
}

// DeadLetterRow is a message that a subscriber could not handle.
type DeadLetterRow struct {
	Sequence     uint64                `json:"sequence" doc:"Its number. It gets another one when it is to be tried again, and when that was in vain."`
	Organization events.OrganizationID `json:"organization"`
	Message      string                `json:"message" doc:"The id of the message, its ce-id."`
	Type         events.Type           `json:"type"`
	At           time.Time             `json:"at" doc:"When it became a dead letter, or was asked to be tried again. It is kept for 30 days after that."`
	Tries        int                   `json:"tries" doc:"How often it was tried."`
	Error        string                `json:"error" doc:"Why it failed the last time, in the words of the subscriber."`
	Retrying     bool                  `json:"retrying,omitzero" doc:"It is to be tried again, and was not yet."`
}

type listDeadLettersQuery struct {
	SubscriberPath
	Paging
}

func (s *Server) listDeadLetters(ctx context.Context, in *listDeadLettersQuery) (*answer[List[DeadLetterRow]], error) {
	registry, err := s.registry(ctx)
	if err != nil {
		return nil, err
	}
	after := uint64(0)
	if in.After != "" {
		if after, err = strconv.ParseUint(in.After, 10, 64); err != nil {
			return nil, errBadCursor
		}
	}
	letters, err := registry.DeadLetters(ctx, in.Subscriber, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	found := List[DeadLetterRow]{Items: []DeadLetterRow{}}
	for _, l := range letters {
		if n := len(found.Items); n == in.Limit {
			found.Next = strconv.FormatUint(found.Items[n-1].Sequence, 10)
			break
		}
		found.Items = append(found.Items, deadLetterRowOf(l))
	}
	return &answer[List[DeadLetterRow]]{Position: s.Desk.View().Position, Body: found}, nil
}

func deadLetterRowOf(l subscriber.DeadLetter) DeadLetterRow {
	return DeadLetterRow{Sequence: l.Sequence, Organization: l.Organization, Message: l.ID, Type: l.Type, At: l.At, Tries: l.Tries, Error: l.Error, Retrying: l.Retrying}
}

type retryDeadLettersQuery struct {
	SubscriberPath
	Body retryDeadLettersBody
}

type retryDeadLettersBody struct {
	Sequences []uint64 `json:"sequences,omitempty" doc:"Those to try again; left out: all. One that is gone is passed over." maxItems:"1000"`
}

// retriedDeadLetters is how many dead letters are to be tried again.
type retriedDeadLetters struct {
	Retrying int `json:"retrying" doc:"How many the subscriber is to try again."`
}

func (s *Server) retryDeadLetters(ctx context.Context, in *retryDeadLettersQuery) (*answer[retriedDeadLetters], error) {
	registry, err := s.registry(ctx)
	if err != nil {
		return nil, err
	}
	n, err := registry.RetryDeadLetters(ctx, in.Subscriber, in.Body.Sequences...)
	if err != nil {
		return nil, err
	}
	return &answer[retriedDeadLetters]{Position: s.Desk.View().Position, Body: retriedDeadLetters{n}}, nil
}

// droppedDeadLetters is how many dead letters were dropped.
type droppedDeadLetters struct {
	Dropped int `json:"dropped" doc:"How many there were."`
}

func (s *Server) dropDeadLetters(ctx context.Context, in *SubscriberPath) (*answer[droppedDeadLetters], error) {
	registry, err := s.registry(ctx)
	if err != nil {
		return nil, err
	}
	n, err := registry.DropDeadLetters(ctx, in.Subscriber)
	if err != nil {
		return nil, err
	}
	return &answer[droppedDeadLetters]{Position: s.Desk.View().Position, Body: droppedDeadLetters{n}}, nil
}

type deadLetterPath struct {
	SubscriberPath
	Sequence uint64 `path:"sequence" doc:"The number of the dead letter." example:"7"`
}

func (s *Server) dropDeadLetter(ctx context.Context, in *deadLetterPath) (*answer[DeadLetterRow], error) {
	registry, err := s.registry(ctx)
	if err != nil {
		return nil, err
	}
	dropped, err := registry.DropDeadLetter(ctx, in.Subscriber, in.Sequence)
	if err != nil {
		return nil, err
	}
	return &answer[DeadLetterRow]{Position: s.Desk.View().Position, Body: deadLetterRowOf(dropped)}, nil
}
