package subscriber

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/receipt"
)

// progress keeps how far a replica of the subscriber has come.
func (s *Service) progress(ctx context.Context, name string, text []byte) (*feed.ProgressResponse, error) {
	var report feed.ProgressReport
	if err := unmarshal(text, &report); err != nil {
		return nil, err
	}
	subscriber, err := s.Registry.Get(ctx, name)
	if err != nil {
		return nil, err
	}
	receipts := s.Registry.receipts
	switch err := receipts.Keep(ctx, name, report); {
	case errors.Is(err, receipt.ErrName):
		return nil, &feed.Problem{Code: feed.Invalid, Detail: fmt.Sprintf("The replica %.64q, instance %.64q, is in no receipt: both have letters, digits, _ and -, 64 at most.", report.Replica, report.Instance)}
	case errors.Is(err, receipt.ErrFull):
		return nil, &feed.Problem{Code: feed.Full, Detail: fmt.Sprintf("Subscriber %s has %d replicas that have reported within a week and have not ended, and may have no more: end one, "+
			"or have those that are gone forgotten with `roster replicas forget %s NAME`. Until then replica %s is in no receipt.", name, receipt.MaxReplicas, name, report.Replica)}
	case err != nil:
		return nil, unavailable(err)
	}
	// If another subscriber got the name meanwhile, that has dropped the reports before or after.
	if now, err := s.Registry.Get(ctx, name); err == nil && !now.Created.Equal(subscriber.Created) {
		return nil, errors.Join(errGone, receipts.Drop(ctx, name, report.Replica))
	}
	return &feed.ProgressResponse{}, nil
}
