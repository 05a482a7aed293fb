package subscriber

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nkeys"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

const (
	// MaxSubscribers is how many subscribers there can be.
	MaxSubscribers = 1000
	// MaxOrganizations is how many organizations a subscriber can name.
	MaxOrganizations = 200
)

// Why a subscriber cannot be kept.
var (
	ErrName = errors.New("a subscriber's name is a small letter, and up to 31 more small letters, digits and underscores")
	ErrKey  = errors.New("the public key is not that of an NKey of a user")
	// ErrTaken says that the name is taken, ErrKeyTaken that a subscriber has the public key.
	ErrTaken    = errors.New("there is a subscriber with this name")
	ErrKeyTaken = errors.New("a subscriber has this public key")
	// ErrTooMany says that there are, or would be, too many subscribers or organizations of one.
	ErrTooMany = fmt.Errorf("there are at most %d subscribers, and a subscriber names at most %d organizations", MaxSubscribers, MaxOrganizations)
	// ErrUnknown says that there is no such subscriber.
	ErrUnknown = errors.New("there is no such subscriber")
	// ErrNoDeadLetter says that a subscriber has no such dead letter.
	ErrNoDeadLetter = errors.New("there is no such dead letter")
	// ErrUnavailable says that the NATS server did not answer.
	ErrUnavailable = errors.New("the subscribers cannot be reached: try again")
)

// Subscriber is a service that reads the feed.
type Subscriber struct {
	Name string `json:"name"`
	// Organizations are those that it may read; none: all, also those that are created later.
	Organizations []Organization `json:"organizations,omitzero"`
	// PublicKey is the public NKey of a user, by which NATS knows the subscriber.
	PublicKey string    `json:"public_key"`
	Created   time.Time `json:"created"`
	// Rotated is when it got another public key; zero: never.
	Rotated time.Time `json:"rotated,omitzero"`
}

// Organization is one that a subscriber may read. Another one that is created under the same id, after this one was
// deleted, is not meant.
type Organization struct {
	ID events.OrganizationID `json:"id"`
	// Created is the version to which the creation led.
	Created events.Version `json:"created"`
}

// ValidName reports whether a subscriber can have a name.
func ValidName(s string) bool { return feed.ValidSubscriber(s) }

// check fails if the subscriber cannot be kept.
func (s Subscriber) check() error {
	switch {
	case !ValidName(s.Name):
		return ErrName
	case !nkeys.IsValidPublicUserKey(s.PublicKey):
		return ErrKey
	case len(s.Organizations) > MaxOrganizations:
		return ErrTooMany
	}
	return nil
}

// May reports whether the subscriber may read an organization. One that was deleted may be read to its end.
func (s Subscriber) May(state domain.Roster, id events.OrganizationID) bool {
	if len(s.Organizations) == 0 {
		return true
	}
	return slices.ContainsFunc(s.Organizations, func(o Organization) bool { return o.ID == id && !o.replaced(state) })
}

// replaced reports whether another organization has the id now.
func (o Organization) replaced(state domain.Roster) bool {
	now := state.Organization(o.ID)
	return now.Exists() && now.Created().Version != o.Created
}
