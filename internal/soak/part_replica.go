package soak

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/replica"
)

const (
	// bound is for how long a replica answers without news.
	bound = 2 * time.Second
	// askEvery is the time between two rounds of questions to a replica.
	askEvery = 20 * time.Millisecond
)

// answers are those of a replica to each question about an organization, in the order of [questions].
type answers struct {
	Organization events.OrganizationID `json:"organization"`
	// Asked is when the first question was asked.
	Asked time.Time `json:"asked"`
	// From and To are the versions of the organization that the replica had before the first and after the last one.
	From events.Version `json:"from"`
	To   events.Version `json:"to"`
	// Yes has a 1 for each yes, a 0 for each no. It is empty if one was refused.
	Yes string `json:"yes,omitzero"`
}

// question asks whether somebody may do something on a project.
type question struct {
	user       events.UserID
	project    events.ProjectID
	permission events.PermissionKey
}

// questions returns those about an organization of the load: each person, on each project.
func questions(org int) (all []question) {
	for u := range loadUsers {
		for p := range loadProjects {
			all = append(all, question{loadUser(u), loadProject(p), loadSchemes[org].permission})
		}
	}
	return all
}

// ask asks a replica until ctx ends, and appends its answers to the file.
func (p *part) ask(ctx context.Context, nc *nats.Conn) error {
	file, err := os.OpenFile(p.File, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	options := replica.Options{Subscriber: p.Subscriber, Organizations: p.Organizations, MaxStaleness: bound, Log: log}
	access, err := replica.Open(ctx, nc, options)
	for ; err != nil; access, err = replica.Open(ctx, nc, options) { // it gives up where nobody answers
		log.ErrorContext(ctx, "the replica does not begin", "error", err)
		if !sleep(ctx, reconnectWait) {
			return err
		}
	}
	defer access.Close()
	for {
		for i := range loadSchemes {
			round, err := askRound(access, i)
			if err != nil {
				return err
			}
			line, err := json.Marshal(round)
			if err != nil {
				return err
			}
			if _, err := file.Write(append(line, '\n')); err != nil {
				return err
			}
		}
		if !sleep(ctx, askEvery) {
			return ctx.Err()
		}
	}
}

// askRound asks a replica every question about an organization.
func askRound(access *replica.Replica, i int) (answers, error) {
	org := loadOrganization(i)
	round := answers{Organization: org, Asked: time.Now(), From: access.Version(org)}
	var yes []byte
	for _, q := range questions(i) {
		allowed, err := access.Check(org, q.user, q.project, q.permission, "view")
		switch {
		case err == nil && allowed:
			yes = append(yes, '1')
		case err == nil, errors.Is(err, replica.ErrNotReplicated):
			yes = append(yes, '0')
		case errors.As(err, new(*replica.StaleError)):
			return round, nil
		default:
			return round, err
		}
	}
	round.To, round.Yes = access.Version(org), string(yes)
	return round, nil
}
