package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/declaration"
	"github.com/seed-2026d078/roster/scheme"
)

// ephemeralFlags make a server that leaves nothing behind, for tests.
type ephemeralFlags struct {
	Ephemeral bool     `help:"For tests: serve from a new directory, which is removed at the end, on free ports of this machine, with the feed, and sync nothing. When it serves, it prints one line of JSON with its addresses and key. It ends with a signal, or when its standard input is a pipe and is closed."`
	Seed      []string `type:"existing" sep:"none" placeholder:"FILE" help:"With --ephemeral: a file that declares an organization, as roster apply reads it, which is there when the line is printed. For several organizations, give it several times."`
}

// validateEphemeral fails if what is to be kept is elsewhere. Given says whether a flag is on the command line: a directory
// that only the environment names is that of other commands.
func (c *serveCmd) validateEphemeral(given func(flag string) bool) error {
	switch {
	case len(c.Seed) > 0 && !c.Ephemeral:
		return errors.New("--seed is for --ephemeral: on a server that stays, create organizations with `roster org create`, and use `roster apply`")
	case c.Ephemeral && (c.NATS != "" || c.Database != ""):
		return errors.New("--ephemeral keeps everything in a directory of its own: leave --nats and --database out")
	case c.Ephemeral && given("data"):
		return errors.New("--ephemeral keeps everything in a directory of its own, which is removed at the end: leave --data out, or --ephemeral to keep what is there")
	}
	return nil
}

const (
	// defaultListen is the address of a server that is to be found again, anyPort a free one.
	defaultListen, anyPort = "127.0.0.1:8080", "127.0.0.1:0"
)

// ready is what an ephemeral server prints.
type ready struct {
	HTTP string `json:"http"`
	// NATS is where subscribers connect.
	NATS string `json:"nats"`
	Key  string `json:"key"`
	// Data is the data directory, for commands on this machine.
	Data string `json:"data"`
	PID  int    `json:"pid"`
	// Organizations are those that files declare.
	Organizations []string `json:"organizations"`
}

// serveEphemeral runs a server until a signal, until whoever started it has ended, or until it fails.
func (c *serveCmd) serveEphemeral(ctx context.Context, sh *shell) (err error) {
	seeds, err := c.readSeeds(sh) // before anything is started
	if err != nil {
		return err
	}
	serve := *c
	serve.Ephemeral = false
	serve.NATSListen = cmp.Or(c.NATSListen, anyPort)
	if serve.Listen == defaultListen {
		serve.Listen = anyPort
	}
	server, err := startBriefly(ctx, serve, sh.err)
	defer func() { err = errors.Join(err, server.stop()) }()
	if err != nil {
		return err
	}
	there := shell{Data: server.dir}
	asks, err := there.client()
	if err != nil {
		return err
	}
	broker, err := url.Parse(server.here.NATS)
	if err != nil {
		return err
	}
	broker.User = nil // a subscriber has credentials of its own
	is := ready{HTTP: server.here.HTTP, NATS: broker.String(), Key: asks.Key, Data: server.dir, PID: server.here.PID, Organizations: []string{}}
	for _, s := range seeds {
		if err := s.apply(ctx, asks); err != nil {
			return err
		}
		is.Organizations = append(is.Organizations, s.Organization)
	}
	if err := json.MarshalWrite(sh.out, is); err != nil {
		return err
	}
	fmt.Fprintln(sh.out)
	select {
	case <-ctx.Done():
	case <-server.ended:
	case <-closed(sh.in):
	}
	return nil
}

// seed is what a file declares.
type seed struct {
	*declaration.State

	file string
}

// readSeeds reads what the files declare, each another organization under a scheme that there is.
func (c *serveCmd) readSeeds(sh *shell) (all []seed, err error) {
	schemes, err := c.load()
	if err != nil {
		return nil, errSchemes(err)
	}
	from := map[string]string{}
	for _, file := range c.Seed {
		read := declaredFiles{Files: []string{file}}
		state, err := read.read(sh)
		if errors.As(err, new(*declaration.OrganizationError)) {
			return nil, fmt.Errorf("%s names no organization: begin it with a line such as organization: acme", file)
		}
		if err != nil {
			return nil, err
		}
		if other := from[state.Organization]; other != "" {
			return nil, fmt.Errorf("%s and %s declare the same organization, %s; what belongs together is in one file, or in a directory", other, file, state.Organization)
		}
		if key := state.Declaration.Scheme; key != "" && schemes[key] == nil {
			return nil, fmt.Errorf("%s: %w", state.SchemePlace(), unknownScheme(schemes, key))
		}
		if rules := schemes[cmp.Or(state.Declaration.Scheme, scheme.Default)]; rules != nil {
			if err := state.CheckRoles(rules.ValidateOrganizationRole, rules.ValidateProjectRole); err != nil {
				return nil, &refusedError{err}
			}
		}
		from[state.Organization] = file
		all = append(all, seed{state, file})
	}
	return all, nil
}

// apply makes the organization as it is declared. When it returns, lists show it.
func (s seed) apply(ctx context.Context, asks *client.Client) error {
	if _, err := asks.CreateOrganization(ctx, client.CreateOrganization{ID: s.Organization, Scheme: s.Declaration.Scheme}); err != nil {
		return fmt.Errorf("%s: %w", s.file, err)
	}
	if _, err := asks.ApplyDeclaration(ctx, s.Organization, s.Declaration); err != nil {
		return s.Locate(err)
	}
	for _, err := range asks.ListMembers(ctx, s.Organization, client.ListMembersQuery{}) {
		return err // lists have come as far as the first answer
	}
	return nil
}

// closed returns a channel that is closed when a pipe that others write to is closed, as it is when they end. Of other inputs
// that says nothing, so it stays open.
func closed(in io.Reader) <-chan struct{} {
	ended := make(chan struct{})
	file, is := in.(*os.File)
	if !is {
		return ended
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&(os.ModeNamedPipe|os.ModeSocket) == 0 {
		return ended
	}
	go func() {
		defer close(ended)
		_, _ = io.Copy(io.Discard, file) // an error says that it is gone, too
	}()
	return ended
}
