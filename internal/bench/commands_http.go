package bench

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/notify"
)

// clientCounts are how many clients give commands at a time, with the commands a second
// that are wanted of them together.
var clientCounts = []struct {
	clients int
	wanted  float64
}{{1, 1500}, {32, 5500}, {64, 5500}}

// commandsOverHTTP measures durable commands over HTTP, with the read models and the inbox
// following as in a server, against a handler that does no more than give the same command
// to the same desk and answer the same bytes.
func commandsOverHTTP(ctx context.Context, s *setup) ([]Row, error) {
	served, err := s.served(ctx, organization{id: "acme"})
	if err != nil {
		return nil, err
	}
	projector, notifier := served.desk.Follower(), served.desk.Follower()
	s.run(ctx, func(ctx context.Context) error { return served.database.Project(ctx, projector) })
	s.run(ctx, func(ctx context.Context) error {
		return notify.Run(ctx, notifier, served.database.Inbox(), slog.New(slog.DiscardHandler))
	})
	address, err := s.listen(ctx, served.server)
	if err != nil {
		return nil, err
	}
	c := &commandClient{client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clientCounts[len(clientCounts)-1].clients}}}
	defer c.client.CloseIdleConnections()
	answer, err := c.addMember(ctx, address)
	if err != nil {
		return nil, err
	}
	bare, err := s.listen(ctx, bareHandler(served.desk, answer))
	if err != nil {
		return nil, err
	}
	side := func(address string, clients int) func(context.Context) (load, error) {
		return func(ctx context.Context) (load, error) {
			return runLoad(ctx, clients, s.turn(), func(ctx context.Context) error {
				_, err := c.addMember(ctx, address)
				return err
			})
		}
	}
	var rows []Row
	var rates []float64
	for _, count := range clientCounts {
		d, err := interleave(ctx, s.Rounds, side(address, count.clients), side(bare, count.clients))
		if err != nil {
			return nil, err
		}
		what, floor := fmt.Sprintf("commands over HTTP, %d at once", count.clients), "desk behind bare handler"
		rows = append(rows, d.row(what, floor, "/s", rate).reaching(count.wanted), d.row(what+", p50", floor, "ms", p50), d.row(what+", p99", floor, "ms", p99))
		rates = append(rates, rows[len(rows)-3].Figure)
	}
	return append(rows, figure("commands over HTTP, 64 at once, again", rates[2], "/s").against("32 at once", rates[1]).atLeast(1)), nil
}

// bareHandler reads as many bytes as the API, gives a command to the desk and answers
// always the same.
func bareHandler(desk *bus.Desk[domain.Roster, domain.Command], answer []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the client is gone
		}
		var n int64
		_, err = fmt.Sscanf(string(body), bodyOfMember, &n)
		if err == nil {
			_, err = desk.Do(r.Context(), addMemberRequest(n))
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	})
}

// commandClient adds one member after the other.
type commandClient struct {
	client *http.Client
	added  atomic.Int64
}

// bodyOfMember is the body of a request that adds a member with a number.
const bodyOfMember = `{"user": "01JD6Z2Q8W4X%014d"}`

func (c *commandClient) addMember(ctx context.Context, address string) ([]byte, error) {
	n := c.added.Add(1)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/v1/organizations/acme/members", strings.NewReader(fmt.Sprintf(bodyOfMember, n)))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", addMemberRequest(n).Key)
	return send(c.client, request)
}
