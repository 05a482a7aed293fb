package soak

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"

	"github.com/seed-2026d078/roster/events"
)

// part is a process that is killed besides those that serve.
type part struct {
	Does job `json:"does"`
	// Dir and Port are of a NATS server: where it keeps streams, and where it listens.
	Dir  string `json:"dir,omitzero"`
	Port int    `json:"port,omitzero"`

	// NATS is where the others connect, with the file of their credentials, if any.
	NATS        string `json:"nats,omitzero"`
	Credentials string `json:"credentials,omitzero"`
	// Subscriber is the name under which it reads, Organizations what; none: all.
	Subscriber    string                  `json:"subscriber,omitzero"`
	Organizations []events.OrganizationID `json:"organizations,omitzero"`
	// File is what it appends to, Database where it keeps tables.
	File     string `json:"file,omitzero"`
	Database string `json:"database,omitzero"`
	// Pause is how long it takes over each message, in milliseconds.
	Pause int `json:"pause,omitzero"`
}

// job is what a part does.
type job string

const (
	natsJob    job = "nats"    // it is a NATS server
	noteJob    job = "note"    // it appends each message to a file, durably
	tableJob   job = "table"   // it applies each message to tables, by an inbox
	replicaJob job = "replica" // it asks a replica again and again
)

// RunPart does what one line of in says, until the rest of in ends or ctx does. It is how [Run] has the program do what
// must be in a process of its own.
func RunPart(ctx context.Context, in io.Reader) error {
	reader := bufio.NewReader(in)
	line, err := reader.ReadBytes('\n')
	if err != nil {
		return err
	}
	var p part
	if err := json.Unmarshal(line, &p); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		_, _ = io.Copy(io.Discard, reader) // however it ends, whoever began this is gone
	}()
	if p.Does == natsJob {
		return p.serveNATS(ctx)
	}
	nc, err := p.connect(ctx)
	if err != nil {
		return err
	}
	defer nc.Close()
	switch p.Does {
	case noteJob:
		err = p.note(ctx, nc)
	case tableJob:
		err = p.apply(ctx, nc)
	case replicaJob:
		err = p.ask(ctx, nc)
	case natsJob:
	default:
		err = fmt.Errorf("there is no part that does %q", p.Does)
	}
	if ctx.Err() != nil {
		return nil // whoever ends the context wants no error of it
	}
	return err
}

// reconnectWait is the time between two attempts to connect.
const reconnectWait = 50 * time.Millisecond

// connect connects to the NATS server, as soon as that is there.
func (p *part) connect(ctx context.Context) (*nats.Conn, error) {
	options := []nats.Option{
		nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait), nats.Timeout(attemptTimeout),
		nats.IgnoreAuthErrorAbort(), // another key is in the file a moment after it is the one that counts
	}
	if p.Credentials != "" {
		options = append(options, nats.UserCredentials(p.Credentials))
	}
	for {
		nc, err := nats.Connect(p.NATS, options...)
		if err == nil {
			return nc, nil
		}
		if !sleep(ctx, reconnectWait) {
			return nil, errors.Join(ctx.Err(), err)
		}
	}
}
