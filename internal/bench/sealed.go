package bench

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
)

// sealed measures what it costs that names and addresses are sealed: to fold the history of people whose names are, against the same
// with names in the clear, and to fill the read models, whose reader has no key in memory; and to open one text.
func sealed(ctx context.Context, s *setup) ([]Row, error) {
	h, err := s.ledger(ctx)
	if err != nil {
		return nil, err
	}
	master, _ := keyring.NewMasterKey()
	keys, err := keyring.Open(ctx, h.conn, keyring.Config{Master: master})
	if err != nil {
		return nil, err
	}
	var reader atomic.Pointer[keyring.Reader]
	_, database, err := s.readModelsWith(ctx, func(ctx context.Context, org events.OrganizationID, text events.Sealed) (string, error) {
		return reader.Load().Open(ctx, org, text)
	})
	if err != nil {
		return nil, err
	}
	desk, err := bus.NewDesk[domain.Roster, domain.Command](ctx, h.ledger, domain.Roster{}, bus.DeskConfig{})
	if err != nil {
		return nil, err
	}
	s.run(ctx, desk.Run)
	s.run(ctx, func(ctx context.Context) error { return database.Project(ctx, desk.Follower()) })

	side := &projected{ledger: h.ledger, database: database, people: max(s.People/20, 1)}
	var folded comparison[float64]
	var plain organization
	filled, err := interleave(ctx, s.Rounds,
		func(ctx context.Context) (time.Duration, error) {
			acme := side.organizationOf()
			if err := acme.seal(ctx, keys); err != nil {
				return 0, err
			}
			fresh, err := keyring.OpenReader(ctx, h.conn, master)
			if err != nil {
				return 0, err
			}
			reader.Store(fresh)
			rate, err := acme.fold()
			if err != nil {
				return 0, err
			}
			folded.system = append(folded.system, rate)
			return side.fill(ctx, acme)
		},
		func(ctx context.Context) (time.Duration, error) {
			plain = side.organizationOf()
			for i := range plain.people {
				name, email := plain.person(i)
				plain.names, plain.emails = append(plain.names, events.InClear(events.ClearText(name))), append(plain.emails, events.InClear(events.ClearText(email)))
			}
			rate, err := plain.fold()
			if err != nil {
				return 0, err
			}
			folded.floor = append(folded.floor, rate)
			return side.fill(ctx, plain)
		})
	if err != nil {
		return nil, err
	}
	opened, err := openOne(ctx, s.turn(), keys)
	if err != nil {
		return nil, err
	}
	const floor = "names in the clear"
	people := func(took time.Duration) float64 { return float64(side.people) / took.Seconds() }
	return []Row{
		folded.row("replay into memory, names sealed, events", floor, "/s", identity).atLeast(0.8),
		filled.row("replay into the read models, names sealed, people", floor, "/s", people).atLeast(0.8),
		figure("open a sealed text, its key in memory", opened, "ns").atMost(2000),
	}, nil
}

// person returns the name and the address of one of the people.
func (c organization) person(i int) (name, email string) {
	return fmt.Sprintf("Person Number %d", i), fmt.Sprintf("person-%d@example.org", i)
}

// seal gives the people names and addresses, sealed.
func (c *organization) seal(ctx context.Context, keys *keyring.Keyring) error {
	users := make([]string, c.people)
	for i := range users {
		users[i] = string(c.user(i))
	}
	for part := range slices.Chunk(users, 1000) {
		if err := keys.Prepare(ctx, c.id, part); err != nil {
			return err
		}
		for range part {
			i := len(c.names)
			name, email := c.person(i)
			sealedName, err := keys.Seal(ctx, c.id, users[i], name)
			if err != nil {
				return err
			}
			sealedEmail, err := keys.Seal(ctx, c.id, users[i], email)
			if err != nil {
				return err
			}
			c.names, c.emails = append(c.names, sealedName), append(c.emails, sealedEmail)
		}
	}
	return nil
}

// fold returns how many events a second of the history are folded into a state.
func (c organization) fold() (float64, error) {
	messages, err := c.messages()
	if err != nil {
		return 0, err
	}
	started := time.Now()
	n, _, err := replayed(messages)
	return float64(n) / time.Since(started).Seconds(), err
}

// openOne returns how many nanoseconds it takes to open a text whose key is in memory.
func openOne(ctx context.Context, length time.Duration, keys *keyring.Keyring) (float64, error) {
	text, err := keys.Seal(ctx, "acme", "ada", "Ada Lovelace")
	if err != nil {
		return 0, err
	}
	once, err := repeat(length, func(int) error {
		_, err := keys.Open(ctx, "acme", text)
		return err
	})
	return once.time, err
}
