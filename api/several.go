package api

import (
	"cmp"
	"context"
	"errors"

	"github.com/seed-2026d078/roster/domain"
)

// several are orders of one route that are decided as one: all or nothing. What is
// wrong with any of them is told with its index, and with what it is about.
type several []subject

// subject is an order that says what it is about, as its sender named it.
type subject interface {
	order
	about() string
}

func (o inviteMember) about() string { return o.Email }

func (o addProjectMember) about() string { return string(o.User) }

func (o assignTeam) about() string { return string(o.Team) }

func (all several) command(ctx context.Context, c clerk) (domain.Command, error) {
	return batchOf(ctx, c, all)
}

// attributed says of every item that was refused what it is about, where the order is
// several of one kind.
func attributed(o order, err error) error {
	all, ok := o.(several)
	var batch *domain.BatchError
	if !ok || !errors.As(err, &batch) {
		return err
	}
	return judgeBatch(batch, func(index int) string { return all[index].about() })
}

// malformed is a body that is no order, and says why.
type malformed string

func (why malformed) command(context.Context, clerk) (domain.Command, error) {
	return nil, errMalformed.because("%s", string(why))
}

// batchOf reads every order before it gives up, so that the sender learns of all
// that are wrong.
func batchOf[O order](ctx context.Context, c clerk, orders []O) (domain.Batch, error) {
	if len(orders) > domain.MaxItems {
		return nil, domain.ErrTooMany
	}
	batch := make(domain.Batch, len(orders))
	var wrong []domain.ItemError
	for i, o := range orders {
		command, err := o.command(ctx, c)
		if err != nil && !safe(err) {
			return nil, err
		}
		if err != nil {
			wrong = append(wrong, domain.ItemError{Index: i, Err: err})
		}
		batch[i] = command
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
