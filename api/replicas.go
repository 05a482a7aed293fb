package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/receipt"
)

func (s *Server) replicaRoutes() {
	read(s, route{http.MethodGet, "/v1/replicas", "list_replicas", feedTag, "List the replicas in other services, and how far each has come"}, s.listReplicas)
	read(s, route{http.MethodDelete, "/v1/replicas/{subscriber}/{replica}", "forget_replica", feedTag, "Say that a replica is gone for good: receipts wait for it no more"}, s.forgetReplica)
	read(s, route{http.MethodGet, "/v1/receipts", "get_receipt", feedTag, "Ask by when each replica had applied an event"}, s.getReceipt)
}

// ReplicaRow is a replica in another service, as its last report has it.
type ReplicaRow struct {
	Subscriber string           `json:"subscriber"`
	Replica    string           `json:"replica" doc:"What tells the replicas of a subscriber apart."`
	State      receipt.State    `json:"state" enum:"following,unreachable,ended,revoked,forgotten" doc:"following: it has reported within 15 seconds. ended: it has said that it answers nothing any more. revoked: its subscriber may read the feed no more, so it hears nothing, whatever it answers. forgotten: an operator has said that it is gone."`
	Position   events.Position  `json:"position" doc:"It has applied everything up to there."`
	Behind     *events.Position `json:"behind,omitzero" doc:"How many commits the ledger has after that; left out: it has ended, or is revoked or forgotten, and comes no further."`
	Mode       string           `json:"mode" enum:"closed,open" doc:"closed: it claims to answer nothing once it has heard nothing for longer than its bound. open: it answers from what it has."`
	Bound      float64          `json:"bound" doc:"In seconds."`
	Heard      time.Time        `json:"heard" doc:"When its last report came, by the clock of the NATS server."`
	Forgotten  time.Time        `json:"forgotten,omitzero" doc:"When an operator said that it is gone; left out: it was not."`
}

func replicaRowOf(r receipt.Replica, newest events.Position) ReplicaRow {
	row := ReplicaRow{Subscriber: r.Subscriber, Replica: r.Name, State: r.State, Position: r.Position, Mode: "open", Bound: r.Bound.Seconds(), Heard: r.Heard, Forgotten: r.Forgotten}
	if r.State == receipt.Following || r.State == receipt.Unreachable {
		row.Behind = new(newest - min(newest, r.Position))
	}
	if r.Closed {
		row.Mode = "closed"
	}
	return row
}

func (s *Server) listReplicas(ctx context.Context, in *Paging) (*answer[List[ReplicaRow]], error) {
	if err := s.requireFeed(ctx); err != nil {
		return nil, err
	}
	subscribers, err := s.subscriberNames(ctx)
	if err != nil {
		return nil, err
	}
	all, err := s.Receipts.Replicas(ctx)
	if err != nil {
		return nil, err
	}
	newest := s.Desk.View().Position
	found := List[ReplicaRow]{Items: []ReplicaRow{}}
	for _, one := range all {
		if one.ID() <= in.After {
			continue
		}
		if n := len(found.Items); n == in.Limit {
			last := found.Items[n-1]
			found.Next = last.Subscriber + "/" + last.Replica
			break
		}
		if one.State != receipt.Ended && one.State != receipt.Forgotten && !subscribers[one.Subscriber] {
			one.State = receipt.Revoked
		}
		found.Items = append(found.Items, replicaRowOf(one, newest))
	}
	return &answer[List[ReplicaRow]]{Position: newest, Body: found}, nil
}

// subscriberNames returns the names of all subscribers.
func (s *Server) subscriberNames(ctx context.Context) (map[string]bool, error) {
	registry, err := s.registry(ctx)
	if err != nil {
		return nil, err
	}
	all, err := registry.List(ctx)
	names := map[string]bool{}
	for _, one := range all {
		names[one.Name] = true
	}
	return names, err
}

type replicaPath struct {
	SubscriberPath
	Replica string `path:"replica" doc:"The name of the replica." maxLength:"64"`
}

func (s *Server) forgetReplica(ctx context.Context, in *replicaPath) (*answer[ReplicaRow], error) {
	if err := s.requireFeed(ctx); err != nil {
		return nil, err
	}
	forgotten, err := s.Receipts.Forget(ctx, in.Subscriber, in.Replica)
	switch {
	case errors.Is(err, receipt.ErrUnknown):
		return nil, errNoReplica.because("Subscriber %s has no replica %q that has reported within a week; see /v1/replicas.", in.Subscriber, in.Replica)
	case errors.Is(err, receipt.ErrReports):
		return nil, errReplicaReports
	case err != nil:
		return nil, err
	}
	newest := s.Desk.View().Position
	return &answer[ReplicaRow]{Position: newest, Body: replicaRowOf(forgotten, newest)}, nil
}

type receiptQuery struct {
	Event string `query:"event" doc:"The id of an event." example:"acme/12/0" maxLength:"300"`
}

// eventReceipt says by when each replica had applied an event.
type eventReceipt struct {
	Event      string          `json:"event"`
	Position   events.Position `json:"position" doc:"That of the event's commit."`
	Recorded   time.Time       `json:"recorded"`
	Everywhere time.Time       `json:"everywhere,omitzero" doc:"By when every replica that has not ended, and is not forgotten, had applied it; left out: one has not, or there is none."`
	Earlier    bool            `json:"earlier,omitzero" doc:"It may have been applied everywhere long before: that time is one of a replica whose earlier reports are not kept."`
	Replicas   []ReceiptRow    `json:"replicas" doc:"The replicas that hold the organization, and whose subscribers may read it."`
}

// ReceiptRow says whether a replica has applied an event.
type ReceiptRow struct {
	ReplicaRow

	Applied   time.Time       `json:"applied,omitzero" doc:"When the first report came that says so, of those that are kept: it was applied then, or before. Left out: there is none."`
	Earlier   bool            `json:"earlier,omitzero" doc:"An earlier report may have said so, too, which is not kept any more: it may have been applied long before."`
	Heartbeat events.Position `json:"heartbeat,omitzero" doc:"The position in that report."`
	Note      string          `json:"note" doc:"The same in words, for people."`
}

func (s *Server) getReceipt(ctx context.Context, in *receiptQuery) (*answer[eventReceipt], error) {
	if err := s.requireFeed(ctx); err != nil {
		return nil, err
	}
	commit, org, err := s.commitOf(ctx, in.Event)
	if err != nil {
		return nil, err
	}
	view := s.Desk.View()
	readers, err := s.readersOf(ctx, org)
	if err != nil {
		return nil, err
	}
	found, done, err := s.Receipts.Of(ctx, org, commit.Position, commit.At, func(subscriber string) bool { return readers[subscriber] })
	if err != nil {
		return nil, err
	}
	body := eventReceipt{Event: in.Event, Position: commit.Position, Recorded: commit.At, Everywhere: done, Earlier: !done.IsZero(), Replicas: make([]ReceiptRow, len(found))}
	for i, one := range found {
		body.Replicas[i] = ReceiptRow{replicaRowOf(one.Replica, view.Position), one.Applied, one.Earlier, one.At, noteOf(one)}
		if one.Applied.Equal(done) && !one.Earlier {
			body.Earlier = false // this replica had not applied it before
		}
	}
	return &answer[eventReceipt]{Position: view.Position, Body: body}, nil
}

// readersOf returns the names of the subscribers that may read an organization.
func (s *Server) readersOf(ctx context.Context, org events.OrganizationID) (map[string]bool, error) {
	registry, err := s.registry(ctx)
	if err != nil {
		return nil, err
	}
	all, err := registry.List(ctx)
	if err != nil {
		return nil, err
	}
	readers, state := map[string]bool{}, s.Desk.View().State
	for _, one := range all {
		readers[one.Name] = one.May(state, org)
	}
	return readers, nil
}

// commitOf finds the commit of the event with an id.
func (s *Server) commitOf(ctx context.Context, id string) (events.Commit, events.OrganizationID, error) {
	missing := errNoEvent.because("There is no event %q. An id is that of the organization, its version and a number, such as acme/12/0.", id)
	parts := strings.Split(id, "/")
	if len(parts) != 3 {
		return events.Commit{}, "", missing
	}
	org := events.OrganizationID(parts[0])
	version, versionErr := strconv.ParseUint(parts[1], 10, 64)
	index, indexErr := strconv.Atoi(parts[2])
	if versionErr != nil || indexErr != nil || version == 0 {
		return events.Commit{}, "", missing
	}
	if _, err := s.waitForReadModels(ctx, s.Desk.View().Position); err != nil {
		return events.Commit{}, "", err
	}
	at, err := s.Database.EntryPositions(ctx, org, events.Version(version)-1, time.Time{}, 1)
	if err != nil {
		return events.Commit{}, "", err
	}
	if len(at) == 0 || at[0].Version != events.Version(version) {
		return events.Commit{}, "", missing
	}
	commit, err := s.Ledger.At(ctx, at[0].Position)
	if err != nil {
		return events.Commit{}, "", err
	}
	for _, entry := range commit.Entries {
		if entry.Organization == org && entry.Version == events.Version(version) && 0 <= index && index < len(entry.Events) {
			return commit, org, nil
		}
	}
	return events.Commit{}, "", missing
}

// noteOf says in words what a receipt says. Of a replica that is silent it says nothing that does not follow from what came here.
func noteOf(r receipt.Receipt) string {
	heard := func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }
	switch {
	case r.Earlier:
		return fmt.Sprintf("applied by %s, at the heartbeat of position %d, or long before: its reports from then are not kept any more", heard(r.Applied), r.At)
	case !r.Applied.IsZero():
		return fmt.Sprintf("applied by %s, at the heartbeat of position %d", heard(r.Applied), r.At)
	case r.State == receipt.Ended:
		return fmt.Sprintf("ended at position %d, %s, before it", r.Position, heard(r.Heard))
	case r.State == receipt.Forgotten:
		return fmt.Sprintf("last at position %d, before it; forgotten %s, since somebody has said that it is gone", r.Position, heard(r.Forgotten))
	case r.State == receipt.Following:
		return fmt.Sprintf("not yet, it is at position %d", r.Position)
	case r.Closed:
		return fmt.Sprintf("unreachable, last at position %d; fail-closed not confirmed: if it hears nothing either, it has answered nothing since %s", r.Position, heard(r.Heard.Add(r.Bound)))
	}
	return fmt.Sprintf("unreachable, last at position %d; it fails open, so it may still answer from there", r.Position)
}
