package bus_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/natsserver"
)

// memberCount is a state: how many members have joined, for one organization.
type memberCount struct {
	version events.Version
	last    time.Time
}

func (m memberCount) Decide(_ events.OrganizationID, user events.UserID, _ events.Moment, _ func() bool) ([]events.Event, error) {
	return []events.Event{events.MemberJoined{Member: user, Role: "member"}}, nil
}

func (m memberCount) Evolve(entries ...events.Entry) memberCount {
	for _, e := range entries {
		m = memberCount{e.Version, e.At}
	}
	return m
}

func (m memberCount) Last(events.OrganizationID) (events.Version, time.Time) {
	return m.version, m.last
}

func (m memberCount) Transient() memberCount  { return m }
func (m memberCount) Persistent() memberCount { return m }

func Example() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	dir, err := os.MkdirTemp("", "ledger")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	server, err := natsserver.Start(natsserver.Config{Dir: dir})
	if err != nil {
		panic(err)
	}
	defer server.Shutdown()
	nc, err := server.Connect()
	if err != nil {
		panic(err)
	}
	defer nc.Close()

	ledger, err := bus.Open(ctx, nc, bus.OpenConfig{Synced: true})
	if err != nil {
		panic(err)
	}
	follower := bus.NewFollower[memberCount](events.Checkpoint{})
	desk, err := bus.NewDesk[memberCount, events.UserID](ctx, ledger, memberCount{}, bus.DeskConfig{}, follower)
	if err != nil {
		panic(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- desk.Run(ctx) }()

	for _, user := range []events.UserID{"ada", "bob"} {
		receipt, err := desk.Do(ctx, bus.Request[events.UserID]{Organization: "acme", Command: user, Actor: "ada"})
		if err != nil {
			panic(err)
		}
		fmt.Println("position", receipt.Position, "version", receipt.Version)
	}

	err = follower.Follow(ctx, events.Checkpoint{}, func(s bus.Step[memberCount]) error {
		fmt.Println("from", s.Before.State.version, "to", s.After.State.version)
		cancel()
		return nil
	})
	fmt.Println(err)
	fmt.Println(<-ended)
	// Output:
	// position 1 version 1
	// position 2 version 2
	// from 0 to 2
	// context canceled
	// <nil>
}
