package replica

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/sethvargo/go-retry"
	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/backoff"
	"github.com/seed-2026d078/roster/internal/natsrequest"
)

const (
	// requestTimeout is for how long an answer of Roster is waited for, retryFor for how long it is asked again while it
	// cannot answer.
	requestTimeout = 5 * time.Second
	retryFor       = time.Minute
	// historiesAtOnce is how many organizations have their history read at once.
	historiesAtOnce = 8
	// unanswered is how often in a row there can be no answer before Open fails.
	unanswered = 3
)

// errNoAnswer says that a request was neither answered nor refused.
var errNoAnswer = errors.New("no answer")

// ask asks Roster for something. If Roster refuses, it fails with the [*feed.Problem].
func ask[Response any](ctx context.Context, r *Replica, what string, request any) (Response, error) {
	var refusal struct {
		Problem *feed.Problem `json:"problem"`
	}
	var response Response
	body, err := json.Marshal(request)
	if err != nil {
		return response, err
	}
	waiting, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	m, err := natsrequest.Send(waiting, r.nc, &nats.Msg{Subject: feed.SubscriberSubject(r.options.Subscriber, what), Data: body})
	if forbidden, is := errors.AsType[*natsrequest.ForbiddenError](err); is {
		return response, &feed.Problem{Code: feed.Forbidden, Detail: forbidden.Error()}
	}
	switch silent := errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil && r.nc.IsConnected(); {
	case silent:
		return response, fmt.Errorf("ask Roster for %s: %w after %s: does Roster run, with the feed?", what, errNoAnswer, requestTimeout)
	case errors.Is(err, nats.ErrNoResponders):
		return response, fmt.Errorf("ask Roster for %s: %w: does Roster run, with the feed?", what, err)
	case err != nil:
		return response, fmt.Errorf("ask Roster for %s: %w", what, err)
	}
	if err := json.Unmarshal(m.Data, &refusal); err != nil {
		return response, fmt.Errorf("read the answer of Roster to %s: %w", what, err)
	}
	if refusal.Problem != nil {
		return response, refusal.Problem
	}
	if err := json.Unmarshal(m.Data, &response); err != nil {
		return response, fmt.Errorf("read the answer of Roster to %s: %w", what, err)
	}
	return response, nil
}

// askAgain is ask, and asks again while Roster cannot answer: it limits how often a subscriber may ask.
func askAgain[Response any](ctx context.Context, r *Replica, what string, request any) (response Response, err error) {
	ctx, cancel := context.WithTimeout(ctx, retryFor)
	defer cancel()
	err = backoff.Do(ctx, firstPause, maxPause, func(ctx context.Context) (bool, error) {
		response, err = ask[Response](ctx, r, what, request)
		if isProblem(err, feed.Unavailable) {
			err = retry.RetryableError(err)
		}
		return false, err
	})
	return response, err
}

// isProblem reports whether Roster has refused for a reason.
func isProblem(err error, code feed.ProblemCode) bool {
	problem, is := errors.AsType[*feed.Problem](err)
	return is && problem.Code == code
}

// catchUp applies all that happened in the organizations and was not applied yet. The state's position becomes one up to
// which it then has everything.
func (r *Replica) catchUp(ctx context.Context, s *state) error {
	wanted, through, err := r.wanted(ctx, s)
	if err != nil {
		return err
	}
	var mu sync.Mutex // of s and through
	reading, alive := errgroup.WithContext(ctx)
	reading.SetLimit(historiesAtOnce)
	for org := range wanted {
		reading.Go(func() error {
			position, err := r.readHistory(alive, s, &mu, org)
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			through = min(through, position)
			return nil
		})
	}
	if err := reading.Wait(); err != nil {
		return err
	}
	if through < endOfLedger {
		s.position = max(s.position, through)
	}
	return nil
}

// endOfLedger is after every position.
const endOfLedger = ^events.Position(0)

// wanted returns the organizations that the replica is to have, those included that the state has and that were deleted since. Those
// that are not among them were created after the position.
func (r *Replica) wanted(ctx context.Context, s *state) (map[events.OrganizationID]struct{}, events.Position, error) {
	if r.only != nil {
		return r.only, endOfLedger, nil
	}
	wanted, through := map[events.OrganizationID]struct{}{}, endOfLedger
	for org := range s.positions {
		wanted[org] = struct{}{}
	}
	for request := (feed.OrganizationsRequest{}); ; {
		page, err := askAgain[feed.OrganizationsResponse](ctx, r, feed.Organizations, request)
		if err != nil {
			return nil, 0, err
		}
		for _, org := range page.Organizations {
			wanted[org] = struct{}{}
			request.After = org
		}
		through = min(through, page.Position)
		if !page.More || len(page.Organizations) == 0 {
			return wanted, through, nil
		}
	}
}

// readHistory applies what happened in an organization and was not applied yet, and returns a position up to which the state
// then has everything of it. It locks mu while it uses the state.
func (r *Replica) readHistory(ctx context.Context, s *state, mu sync.Locker, org events.OrganizationID) (events.Position, error) {
	mu.Lock()
	request := feed.HistoryRequest{Organization: org, After: s.version(org), Position: s.positions[org]}
	mu.Unlock()
	for {
		page, err := askAgain[feed.HistoryResponse](ctx, r, feed.History, request)
		if request.After > 0 && (isProblem(err, feed.Invalid) || isProblem(err, feed.Forbidden)) {
			// The ledger does not have what was applied, or the organization is another one now.
			err = fmt.Errorf("%w: %w", errDiverged, err)
		}
		if err != nil {
			return 0, err
		}
		entries := make([]entry, len(page.Entries))
		for i, e := range page.Entries {
			if entries[i], err = entryOf(org, e); err != nil {
				return 0, err
			}
			request.After, request.Position = e.Version, e.Position
		}
		mu.Lock()
		err = s.apply(entries...)
		mu.Unlock()
		if err != nil {
			return 0, err
		}
		if !page.More || len(page.Entries) == 0 {
			return page.Position, nil
		}
	}
}

// entryOf reads an entry of a history.
func entryOf(org events.OrganizationID, e feed.HistoryEntry) (entry, error) {
	read := entry{events.Entry{Organization: org, Version: e.Version, Actor: e.Actor, At: e.At, Cause: e.Cause, Events: make(events.Facts, len(e.Events))}, e.Position}
	for i, event := range e.Events {
		var err error
		if read.Events[i], err = events.DecodePayload(event.Type, event.Data); err != nil {
			return read, fmt.Errorf("version %d of %s: %w", e.Version, org, err)
		}
	}
	return read, nil
}
