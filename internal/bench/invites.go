package bench

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// invites measures 1,000 invites in one command against the raw publish of a message as large as its commit: over HTTP, and what the desk alone
// takes to decide and record the same events, without HTTP and without keys. The read models follow as in a server, between two commands.
func invites(ctx context.Context, s *setup) ([]Row, error) {
	served, err := s.served(ctx, organization{id: "acme"})
	if err != nil {
		return nil, err
	}
	projector := served.desk.Follower()
	s.run(ctx, func(ctx context.Context) error { return served.database.Project(ctx, projector) })
	address, err := s.listen(ctx, served.server)
	if err != nil {
		return nil, err
	}
	c := &inviter{served: served, address: address}
	if _, err := c.invite(ctx, 0); err != nil {
		return nil, err
	}
	floor, err := served.publisher(ctx)
	if err != nil {
		return nil, err
	}
	what := fmt.Sprintf("1,000 invites in a command of %d kB, p50", len(floor.message)/1000)
	var all []Row
	for _, way := range []struct {
		what   string
		invite func(context.Context, time.Duration) (load, error)
	}{{what, c.invite}, {"of it, the desk alone, p50", c.inviteAtDesk}} {
		d, err := interleave(ctx, s.Rounds,
			func(ctx context.Context) (load, error) { return way.invite(ctx, s.turn()) },
			func(ctx context.Context) (load, error) { return runLoad(ctx, 1, s.turn(), floor.publish) })
		if err != nil {
			return nil, err
		}
		all = append(all, d.row(way.what, "raw publishes, 1 at once", "ms", p50))
	}
	all[0] = all[0].atMost(5)
	return all, nil
}

// inviter invites 1,000 addresses after the other.
type inviter struct {
	served

	client  http.Client
	address string
	sent    int
	// newest are the events of the last command over HTTP.
	newest []events.Event
}

// invite sends commands until they took so long in all, at least one.
func (c *inviter) invite(ctx context.Context, length time.Duration) (load, error) {
	measured, err := c.measure(ctx, length, func() (func() error, error) {
		request, err := c.next(ctx)
		return func() error {
			_, err := send(&c.client, request)
			return err
		}, err
	})
	if err != nil {
		return load{}, err
	}
	newest, err := c.ledger.At(ctx, c.desk.View().Position)
	if err == nil {
		c.newest = newest.Entries[0].Events
	}
	return measured, err
}

// inviteAtDesk gives the desk commands with the texts of the last ones over HTTP, to other addresses.
func (c *inviter) inviteAtDesk(ctx context.Context, length time.Duration) (load, error) {
	return c.measure(ctx, length, func() (func() error, error) {
		batch := make(domain.Batch, len(c.newest))
		for i, event := range c.newest {
			sent := event.(events.MemberInvited) //nolint:forcetypeassert // they invite
			c.sent++
			name := fmt.Sprintf("%026d", c.sent) // as long as an id
			batch[i] = domain.InviteMember{
				Invite: events.InviteID(name), Address: events.AddressHash("address of " + name), Token: events.Sum([]byte(name)), Nonce: sent.Nonce, Email: sent.Email,
			}
		}
		return func() error {
			return c.do(ctx, bus.Request[domain.Command]{Organization: "acme", Actor: events.System, Command: batch})
		}, nil
	})
}

// measure makes commands, and gives one after the other until they took so long in all, at least one.
func (c *inviter) measure(ctx context.Context, length time.Duration, next func() (func() error, error)) (load, error) {
	var took []time.Duration
	var total time.Duration
	for total < length || len(took) == 0 {
		give, err := next()
		if err != nil {
			return load{}, err
		}
		started := time.Now()
		if err := give(); err != nil {
			return load{}, err
		}
		took = append(took, time.Since(started))
		total += took[len(took)-1]
		if err := c.database.Wait(ctx, c.desk.View().Position); err != nil {
			return load{}, err
		}
	}
	return summary(took, total), nil
}

// next returns the request for the next 1,000 addresses.
func (c *inviter) next(ctx context.Context) (*http.Request, error) {
	invites := make([]map[string]string, 1000)
	for i := range invites {
		c.sent++
		invites[i] = map[string]string{"email": fmt.Sprintf("person-%d@example.org", c.sent)}
	}
	body, err := json.Marshal(map[string]any{"invites": invites})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address+"/v1/organizations/acme/invites/bulk", bytes.NewReader(body))
	if err == nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return request, err
}
