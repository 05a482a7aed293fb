package api

import (
	"cmp"
	"context"
	"errors"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// buildBatch builds every item before it gives up, so that the sender learns of all that
// are wrong.
func buildBatch[I any](ctx context.Context, b *commandBuilder, items []I, decode func(I) (unbuilt, error)) (domain.Batch, error) {
	if len(items) > domain.MaxItems {
		return nil, domain.ErrTooMany
	}
	batch := make(domain.Batch, len(items))
	var wrong []domain.ItemError
	for i, item := range items {
		build, err := decode(item)
		if err == nil {
			batch[i], err = build(ctx, b)
		}
		if err != nil && !safe(err) {
			return nil, err
		}
		if err != nil {
			wrong = append(wrong, domain.ItemError{Index: i, Err: err})
		}
	}
	if wrong != nil {
		return nil, &domain.BatchError{Items: wrong}
	}
	return batch, nil
}

// safe tells whether an error says what is wrong with a request, and no more.
func safe(err error) bool {
	return cmp.Or(errors.As(err, new(*refusal)), errors.As(err, new(*domain.Rejection)))
}

// namedItem is one of several commands in one body. What is wrong with it is told with
// its name, which is how its sender called it.
type namedItem struct {
	name  string
	build unbuilt
}

// buildNamed builds several commands that are decided as one: all or nothing.
func buildNamed(ctx context.Context, b *commandBuilder, items []namedItem) (domain.Command, error) {
	names := make([]string, len(items))
	for i, item := range items {
		names[i] = item.name
	}
	batch, err := buildBatch(ctx, b, items, func(i namedItem) (unbuilt, error) { return i.build, nil })
	return namedBatch{batch, names}, withNames(err, names)
}

// namedBatch is a batch whose items have names.
type namedBatch struct {
	domain.Batch

	names []string
}

// Decide decides the items in turn.
func (n namedBatch) Decide(org domain.Organization, m events.Moment) ([]events.Event, error) {
	happened, err := n.Batch.Decide(org, m)
	return happened, withNames(err, n.names)
}

// withNames says of every refused item what its name is.
func withNames(err error, names []string) error {
	if batch, ok := errors.AsType[*domain.BatchError](err); ok {
		return judgeBatch(batch, func(index int) string { return names[index] })
	}
	return err
}
