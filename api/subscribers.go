package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/subscriber"
)

// subscribersPath is the path below which subscribers are.
const subscribersPath = "/v1/subscribers"

func (s *Server) subscriberRoutes() {
	const all, one, tag = subscribersPath, subscribersPath + "/{subscriber}", feedTag
	create := route{http.MethodPost, all, "create_subscriber", tag, "Let another service read the feed of some organizations, or of all"}.operation()
	create.DefaultStatus = http.StatusCreated
	register(s, create, s.createSubscriber)
	read(s, route{http.MethodGet, all, "list_subscribers", tag, "List who may read the feed, and where each is"}, s.listSubscribers)
	read(s, route{http.MethodGet, one, "get_subscriber", tag, "Look at who may read the feed, and where it is"}, s.getSubscriber)
	read(s, route{http.MethodDelete, one, "revoke_subscriber", tag, "Let a service read the feed no more; its connections end within a second"}, s.revokeSubscriber)
	read(s, route{http.MethodPost, one + "/rotate", "rotate_subscriber", tag, "Give a subscriber another key; connections with the one before end within a second"}, s.rotateSubscriber)
}

// SubscriberRow is a subscriber as the system sees it.
type SubscriberRow struct {
	Name          string                  `json:"name"`
	Organizations []events.OrganizationID `json:"organizations,omitempty" doc:"Those that it may read; left out: all, also later ones."`
	All           bool                    `json:"all,omitzero" doc:"Whether it may read all organizations, also later ones."`
	PublicKey     string                  `json:"public_key" doc:"The public NKey of a user, by which NATS knows the subscriber."`
	Created       time.Time               `json:"created"`
	Rotated       time.Time               `json:"rotated,omitzero" doc:"When it got another key; left out: never."`
	Durable       *durableRow             `json:"durable,omitzero" doc:"Where its durable consumer is; left out: it has none, or this is the answer to a change."`
}

// durableRow is where the durable consumer of a subscriber is.
type durableRow struct {
	Pending        uint64    `json:"pending" doc:"How many messages of the feed it was not sent yet. The newest heartbeat counts as one."`
	Unacknowledged int       `json:"unacknowledged" doc:"How many it was sent and has not acknowledged."`
	Redelivered    int       `json:"redelivered" doc:"How many of these it was sent more than once."`
	Active         time.Time `json:"active,omitzero" doc:"When it was last sent a message, or has acknowledged one; left out: not since the NATS server began."`
	Lost           bool      `json:"lost,omitzero" doc:"Whether messages were dropped before it had read them: it is answered snapshot_needed until it begins anew."`
}

func durableRowOf(d subscriber.Durable) *durableRow {
	return &durableRow{d.Pending, d.Unacknowledged, d.Redelivered, d.Active, d.Lost}
}

func subscriberRowOf(s subscriber.Subscriber) SubscriberRow {
	row := SubscriberRow{Name: s.Name, PublicKey: s.PublicKey, Created: s.Created, Rotated: s.Rotated}
	row.All = len(s.Organizations) == 0
	for _, o := range s.Organizations {
		row.Organizations = append(row.Organizations, o.ID)
	}
	return row
}

// subscriberAccess is what a subscriber needs to connect.
type subscriberAccess struct {
	SubscriberRow

	JWT         string `json:"jwt" doc:"The first half of a .creds file; the other one is the seed of the key. It is no secret, and gives no right."`
	Credentials string `json:"credentials,omitzero" doc:"A whole .creds file, if Roster has made the key. It is a secret, and shown this once."`
	NATS        string `json:"nats,omitzero" doc:"Where to connect; left out: ask whoever runs Roster."`
}

type createSubscriberQuery struct {
	Body createSubscriberBody
}

type createSubscriberBody struct {
	Name          string                  `json:"name" doc:"A small letter, and up to 31 more small letters, digits and underscores." maxLength:"32" example:"search"`
	Organizations []events.OrganizationID `json:"organizations,omitempty" doc:"Those that it may read, which must exist; left out: all, also later ones. If one is deleted and another one created under its id, that one is not meant." maxItems:"200"`
	PublicKey     string                  `json:"public_key,omitzero" doc:"The public NKey of a user, whose seed stays with the caller; left out: Roster makes a key and answers with it." maxLength:"64"`
}

// SubscriberPath is the address of a subscriber.
type SubscriberPath struct {
	Subscriber string `path:"subscriber" doc:"The subscriber's name." maxLength:"32"`
}

type rotateSubscriberQuery struct {
	SubscriberPath
	Body rotateSubscriberBody
}

type rotateSubscriberBody struct {
	PublicKey string `json:"public_key,omitzero" doc:"As for the creation." maxLength:"64"`
}

// registry returns who may read the feed, for the system.
func (s *Server) registry(ctx context.Context) (*subscriber.Registry, error) {
	switch {
	case requestFrom(ctx).actor != events.System:
		return nil, errSystemOnly
	case s.Subscribers == nil:
		return nil, errNoFeed
	}
	return s.Subscribers, nil
}

func (s *Server) createSubscriber(ctx context.Context, in *createSubscriberQuery) (*answer[subscriberAccess], error) {
	registry, err := s.registry(ctx)
	if err != nil {
		return nil, err
	}
	wanted := subscriber.Subscriber{Name: in.Body.Name}
	state := s.Desk.View().State
	for _, id := range in.Body.Organizations {
		org := state.Organization(id)
		if !org.Exists() {
			return nil, errUnknownOrganization.because("There is no organization %q that a subscriber could read.", id)
		}
		wanted.Organizations = append(wanted.Organizations, subscriber.Organization{ID: id, Created: org.Created().Version})
	}
	created, err := s.withKey(ctx, in.Body.PublicKey, func(key string) (subscriber.Subscriber, error) {
		wanted.PublicKey = key
		return registry.Create(ctx, wanted)
	})
	if err != nil {
		return nil, err
	}
	created.Status, created.Location = http.StatusCreated, subscribersPath+"/"+wanted.Name
	return created, nil
}

func (s *Server) rotateSubscriber(ctx context.Context, in *rotateSubscriberQuery) (*answer[subscriberAccess], error) {
	registry, err := s.registry(ctx)
	if err != nil {
		return nil, err
	}
	return s.withKey(ctx, in.Body.PublicKey, func(key string) (subscriber.Subscriber, error) {
		return registry.Rotate(ctx, in.Subscriber, key)
	})
}

// withKey keeps a subscriber with a public key, or with that of a pair that it makes, and answers with what
// the subscriber needs to connect.
func (s *Server) withKey(ctx context.Context, public string, keep func(public string) (subscriber.Subscriber, error)) (*answer[subscriberAccess], error) {
	made, madePublic, err := subscriber.NewKey()
	if err != nil {
		return nil, err
	}
	kept, err := keep(cmp.Or(public, madePublic))
	if err != nil {
		return nil, err
	}
	access := subscriberAccess{SubscriberRow: subscriberRowOf(kept), NATS: s.SubscriberURL}
	if access.JWT, err = s.Subscribers.JWT(ctx, kept); err != nil {
		return nil, err
	}
	if public == "" {
		if access.Credentials, err = subscriber.Credentials(access.JWT, made); err != nil {
			return nil, err
		}
	}
	return &answer[subscriberAccess]{Position: s.Desk.View().Position, Body: access}, nil
}

func (s *Server) listSubscribers(ctx context.Context, in *Paging) (*answer[List[SubscriberRow]], error) {
	registry, err := s.registry(ctx)
	if err != nil {
		return nil, err
	}
	all, err := registry.List(ctx)
	if err != nil {
		return nil, err
	}
	durables, err := registry.Durables(ctx)
	if err != nil {
		return nil, err
	}
	found := List[SubscriberRow]{Items: []SubscriberRow{}}
	for _, one := range all {
		if one.Name <= in.After {
			continue
		}
		if n := len(found.Items); n == in.Limit {
			found.Next = found.Items[n-1].Name
			break
		}
		row := subscriberRowOf(one)
		if d, is := durables[one.Name]; is {
			row.Durable = durableRowOf(d)
		}
		found.Items = append(found.Items, row)
	}
	return &answer[List[SubscriberRow]]{Position: s.Desk.View().Position, Body: found}, nil
}

func (s *Server) getSubscriber(ctx context.Context, in *SubscriberPath) (*answer[SubscriberRow], error) {
	registry, err := s.registry(ctx)
	if err != nil {
		return nil, err
	}
	found, err := registry.Get(ctx, in.Subscriber)
	if err != nil {
		return nil, err
	}
	durable, err := registry.Durable(ctx, in.Subscriber)
	if err != nil {
		return nil, err
	}
	row := subscriberRowOf(found)
	if durable != nil {
		row.Durable = durableRowOf(*durable)
	}
	return &answer[SubscriberRow]{Position: s.Desk.View().Position, Body: row}, nil
}

func (s *Server) revokeSubscriber(ctx context.Context, in *SubscriberPath) (*answer[SubscriberRow], error) {
	registry, err := s.registry(ctx)
	if err != nil {
		return nil, err
	}
	found, err := registry.Get(ctx, in.Subscriber)
	if err == nil {
		err = registry.Revoke(ctx, in.Subscriber)
	}
	if err != nil {
		return nil, err
	}
	return &answer[SubscriberRow]{Position: s.Desk.View().Position, Body: subscriberRowOf(found)}, nil
}

// subscriberRefusal returns the refusal for an error of the registry; nil for other errors.
func subscriberRefusal(err error) *refusal {
	for is, refused := range map[error]*refusal{
		subscriber.ErrName: errBadSubscriber, subscriber.ErrKey: errBadPublicKey, subscriber.ErrTaken: errSubscriberExists, subscriber.ErrKeyTaken: errPublicKeyTaken,
		subscriber.ErrTooMany: errTooManySubscribers, subscriber.ErrUnknown: errNoSubscriber, subscriber.ErrNoDeadLetter: errNoDeadLetter, subscriber.ErrUnavailable: errNoSubscribers,
	} {
		if errors.Is(err, is) {
			return refused
		}
	}
	return nil
}
