package bench

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
)

// invites measures 1,000 invites in one command over HTTP against the raw publish of a message as large as its commit. The read models
// follow as in a server, between two commands.
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
	d, err := interleave(ctx,
		func(ctx context.Context) (load, error) { return c.invite(ctx, s.Time/rounds) },
		func(ctx context.Context) (load, error) { return runLoad(ctx, 1, s.Time/rounds, floor.publish) })
	if err != nil {
		return nil, err
	}
	what := fmt.Sprintf("1,000 invites in a command of %d kB, p50", len(floor.message)/1000)
	return []Row{d.row(what, "raw publishes, 1 at once", "ms", p50).atMost(5)}, nil
}

// inviter invites 1,000 addresses after the other.
type inviter struct {
	served

	client  http.Client
	address string
	sent    int
}

// invite sends commands until they took so long in all, at least one.
func (c *inviter) invite(ctx context.Context, length time.Duration) (load, error) {
	var took []time.Duration
	var total time.Duration
	for total < length || len(took) == 0 {
		request, err := c.next(ctx)
		if err != nil {
			return load{}, err
		}
		started := time.Now()
		if _, err := send(&c.client, request); err != nil {
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
