package subscriber

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/receipt"
)

const (
	// requestsPerSecond is how many requests of a subscriber a node answers, requestsAtOnce how many may come at
	// once. Reports of replicas have a limit of their own, at which each replica can report twice a second.
	requestsPerSecond, requestsAtOnce = 20, 40
	reportsPerSecond, reportsAtOnce   = 2 * receipt.MaxReplicas, 4 * receipt.MaxReplicas
	// refusalsPerSecond is how many requests beyond these get an answer that says so, refusalsAtOnce how many at once.
	refusalsPerSecond, refusalsAtOnce = 500, 1000
	// answersAtOnce is how many requests a node works on at a time, answersOfOne how many of one subscriber, waitingOfOne how many of
	// one are worked on or wait.
	answersAtOnce, answersOfOne, waitingOfOne = 16, 4, 64
	// maxRequest is the size of the largest request in bytes, that of a dead letter excepted; maxReport that of a report.
	maxRequest, maxReport = 64 << 10, 16 << 10
	// answerTimeout is how long an answer may take, with the time that the request waits for others.
	answerTimeout = 5 * time.Second
)

// Config is what a service needs. Fields are required unless they say otherwise.
type Config struct {
	Registry *Registry
	Ledger   *bus.Ledger
	// View returns the newest state, with its position.
	View func() bus.View[domain.Roster]
	// Entries returns where the entries of an organization are that follow one, in order, at most as many as the limit
	// says: all that there are at View at least. The zero value of after is before the first entry. If after has
	// only a version, it is looked for.
	Entries func(ctx context.Context, org events.OrganizationID, after Entry, limit int) ([]Entry, error)
	// Log receives faults; nil drops them.
	Log *slog.Logger
}

// Service answers what subscribers ask for. Each node runs one; a request is answered by one of them.
type Service struct {
	Config

	nc     *nats.Conn
	js     jetstream.JetStream
	stream jetstream.Stream

	shares  *lru.Cache[string, *share] // by subscriber
	slots   *semaphore.Weighted
	answers sync.WaitGroup
}

// share is what a subscriber may take of a node.
type share struct {
	requests, reports, refusals *rate.Limiter
	waiting, slots              *semaphore.Weighted
}

// NewService returns a service. The stream must be there. The connection is best one of its own, so that what
// subscribers send holds up nothing else.
func NewService(ctx context.Context, nc *nats.Conn, cfg Config) (*Service, error) {
	if cfg.Registry == nil || cfg.Ledger == nil || cfg.View == nil || cfg.Entries == nil {
		return nil, errors.New("answer subscribers: Registry, Ledger, View and Entries are required")
	}
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("answer subscribers: %w", err)
	}
	stream, err := js.Stream(ctx, feed.StreamName)
	if err != nil {
		return nil, fmt.Errorf("answer subscribers: %w", err)
	}
	shares, err := lru.New[string, *share](2 * MaxSubscribers)
	if err != nil {
		return nil, err
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{Config: cfg, nc: nc, js: js, stream: stream, shares: shares, slots: semaphore.NewWeighted(answersAtOnce)}, nil
}

// request is a kind of request.
type request struct {
	answer answerer
	size   int // of the largest one, in bytes
	report bool
}

// answerer answers a request of the subscriber with a name.
type answerer func(ctx context.Context, name string, m *nats.Msg) (any, error)

func answerWith[T any](answer func(context.Context, string, []byte) (*T, error)) answerer {
	return func(ctx context.Context, name string, m *nats.Msg) (any, error) { return answer(ctx, name, m.Data) }
}

// answerUnknown refuses what is none of the requests that there are.
func answerUnknown(requests []string) answerer {
	return func(_ context.Context, name string, m *nats.Msg) (any, error) {
		return nil, &feed.Problem{Code: feed.Invalid, Detail: fmt.Sprintf("Nothing can be asked on %.100q: send on %s%s. and one of %s.",
			m.Subject, feed.SubscriberPrefix, name, strings.Join(requests, ", "))}
	}
}

// Run answers until the context ends, which returns nil.
func (s *Service) Run(ctx context.Context) error {
	defer s.answers.Wait()
	requests := map[string]request{
		feed.Open: {answer: answerWith(s.open), size: maxRequest}, feed.Close: {answer: answerWith(s.close), size: maxRequest},
		feed.Organizations: {answer: answerWith(s.organizations), size: maxRequest}, feed.History: {answer: answerWith(s.history), size: maxRequest},
		feed.DeadLetter: {answer: s.keepDeadLetter, size: deadLetterSize}, feed.Retry: {answer: answerWith(s.nextRetry), size: maxRequest},
		feed.Progress: {answer: answerWith(s.progress), size: maxReport, report: true},
	}
	unknown := request{answer: answerUnknown(slices.Sorted(maps.Keys(requests))), size: maxRequest}
	sub, err := s.nc.QueueSubscribe(feed.SubscriberSubject("*", "*"), "roster", func(m *nats.Msg) {
		name, what, _ := strings.Cut(strings.TrimPrefix(m.Subject, feed.SubscriberPrefix), ".")
		request, known := requests[what]
		if !known {
			request = unknown
		}
		s.handle(ctx, name, m, request)
	})
	if err != nil {
		return fmt.Errorf("answer subscribers: %w", err)
	}
	defer sub.Unsubscribe() //nolint:errcheck // it ends with the connection at the latest
	s.watchConsumers(ctx)
	return nil
}

// Problems that need no look at the subscriber.
var (
	errTooOften = &feed.Problem{Code: feed.Unavailable, Detail: fmt.Sprintf("A subscriber may ask %d times a second, and report %d times: wait before you ask again.", requestsPerSecond, reportsPerSecond)}
	errBusy     = &feed.Problem{Code: feed.Unavailable, Detail: "Roster is busy: ask again in a moment."}
)

// handle answers a request of a subscriber beside others. It does not wait, but what it begins does, until there is room for it. What is beyond
// the bounds of the subscriber is refused before anything is done for it.
func (s *Service) handle(ctx context.Context, name string, m *nats.Msg, request request) {
	refuse := func(p *feed.Problem) { s.respond(ctx, m, refusal{p}) }
	share := s.share(name)
	limiter := share.requests
	if request.report {
		limiter = share.reports
	}
	switch {
	case m.Reply == "", ctx.Err() != nil:
	case !limiter.Allow():
		if share.refusals.Allow() { // an answer to each would hold up the others
			refuse(errTooOften)
		}
	case m.Size()-len(m.Subject)-len(m.Reply) > request.size:
		refuse(&feed.Problem{Code: feed.Invalid, Detail: fmt.Sprintf("A request of this kind has at most %d bytes.", request.size)})
	case !share.waiting.TryAcquire(1):
		refuse(errBusy)
	default:
		s.answers.Go(func() {
			defer share.waiting.Release(1)
			limited, cancel := context.WithTimeout(ctx, answerTimeout)
			defer cancel()
			for _, slots := range []*semaphore.Weighted{share.slots, s.slots} {
				if slots.Acquire(limited, 1) != nil {
					refuse(errBusy)
					return
				}
				defer slots.Release(1)
			}
			found, err := request.answer(limited, name, m)
			if err != nil {
				refuse(s.problem(ctx, name, err))
				return
			}
			s.respond(ctx, m, found)
		})
	}
}

// refusal is what all answers that refuse have in common.
type refusal struct {
	Problem *feed.Problem `json:"problem"`
}

func (s *Service) share(name string) *share {
	if known, is := s.shares.Get(name); is {
		return known
	}
	fresh := &share{
		rate.NewLimiter(requestsPerSecond, requestsAtOnce), rate.NewLimiter(reportsPerSecond, reportsAtOnce), rate.NewLimiter(refusalsPerSecond, refusalsAtOnce),
		semaphore.NewWeighted(waitingOfOne), semaphore.NewWeighted(answersOfOne),
	}
	if known, is, _ := s.shares.PeekOrAdd(name, fresh); is {
		return known
	}
	return fresh
}

func (s *Service) respond(ctx context.Context, m *nats.Msg, answer any) {
	text, err := json.Marshal(answer)
	if err == nil {
		err = m.Respond(text)
	}
	if err != nil {
		s.Log.WarnContext(ctx, "a subscriber was not answered", "subject", m.Subject, "error", err)
	}
}

// problem returns why something is refused. Faults are logged, and not told.
func (s *Service) problem(ctx context.Context, name string, err error) *feed.Problem {
	if p, is := errors.AsType[*feed.Problem](err); is {
		return p
	}
	if errors.Is(err, ErrUnknown) {
		return &feed.Problem{Code: feed.Forbidden, Detail: fmt.Sprintf("There is no subscriber %s: make one with `roster subscriber create`.", name)}
	}
	if ctx.Err() == nil || !errors.Is(err, context.Canceled) {
		s.Log.WarnContext(ctx, "a subscriber was refused", "subscriber", name, "error", err)
	}
	return &feed.Problem{Code: feed.Unavailable, Detail: "Roster cannot answer now: ask again in a moment."}
}
