package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/scheme"
)

// neighbourClients is how many requests of a neighbour are under way at a time.
const neighbourClients = 4

// stranger is a user who is in no organization.
const stranger = "stranger"

// streamTime is how long a neighbour reads a stream before it opens the next.
const streamTime = 200 * time.Millisecond

// neighbours measures what checks and commands in a small organization take beside the worst
// that somebody in a large one can ask for, against what they take alone. The server is a
// process of its own; who asks shares the machine with it. The worst requests come from another
// process, which runs at the lowest priority where the system has nice, and does nothing but write
// and read: see [Repeat]. In a real system, clients run elsewhere.
func neighbours(ctx context.Context, s *setup) ([]Row, error) {
	schemes, err := scheme.BuiltIn()
	if err != nil {
		return nil, err
	}
	large := organization{id: "large", people: max(s.People/5, 2)}
	large.largeTeam, large.largeTeamEvery = large.people/2, 10
	parts, err := large.bulks(schemes["github"].Scheme)
	if err != nil {
		return nil, err
	}
	server, err := s.serve(ctx, filepath.Join(s.dir, "data"))
	if err != nil {
		return nil, err
	}
	last, err := server.load(ctx, large.id, parts)
	if err != nil {
		return nil, err
	}
	if err := server.waitForLists(ctx, large, last); err != nil {
		return nil, err
	}
	small := &smallOrganization{server: server}
	if err := small.create(ctx); err != nil {
		return nil, err
	}
	worst, err := large.worstRequests()
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, request := range worst {
		beside, err := small.beside(ctx, s, request)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", request.what, err)
		}
		rows = append(rows, beside...)
	}
	return rows, nil
}

// worstRequest is one that costs a server much, of a kind of user.
type worstRequest struct {
	what   string
	user   string
	method string
	path   string
	body   []byte
	accept string
}

// worstRequests lists the worst that each kind of user can ask for.
func (c organization) worstRequests() ([]worstRequest, error) {
	const administrator = "owner"
	member := string(c.user(1))
	checks, err := c.checks(domain.MaxItems)
	if err != nil {
		return nil, err
	}
	changes, err := json.Marshal(map[string]any{"commands": slices.Repeat([]bulkItem{
		{Type: "create_team", ID: "again", Name: "Again"}, {Type: "remove_team", Team: "again"},
	}, domain.MaxItems/2)})
	if err != nil {
		return nil, err
	}
	org, project := "/v1/organizations/"+string(c.id), "/projects/"+string(c.project(0))
	before := time.Now().UTC().Format(time.RFC3339)
	nothing := []byte(`{"questions":[` + strings.TrimSuffix(strings.Repeat("{},", 1<<17), ",") + `]}`)
	return []worstRequest{
		{"1,000 checks by a stranger", stranger, http.MethodPost, "/v1/access:check", checks, ""},
		{"131,072 empty checks by a stranger", stranger, http.MethodPost, "/v1/access:check", nothing, ""},
		{"a bulk of 1,000 by a stranger", stranger, http.MethodPost, org + "/commands", changes, ""},
		{"1,000 checks by a member", member, http.MethodPost, "/v1/access:check", checks, ""},
		{"a list of members by a member", member, http.MethodGet, org + "/members?limit=200", nil, ""},
		{"a search of members by a member", member, http.MethodGet, org + "/members?search=user-0&limit=200", nil, ""},
		{"an owner's projects by a member", member, http.MethodGet, org + "/members/owner/projects?limit=1", nil, ""},
		{"a past list by a member", member, http.MethodGet, org + "/members?limit=200&at=" + before, nil, ""},
		{"a large project's members by an owner", administrator, http.MethodGet, org + project + "/members?limit=200", nil, ""},
		{"a report by an owner", administrator, http.MethodGet, org + "/reports/projects-per-member", nil, ""},
		{"a dry run by an owner", administrator, http.MethodDelete, org + "/teams/" + string(largeTeam) + "?dry_run=true", nil, ""},
		{"a declaration by an owner", administrator, http.MethodGet, org + "/config", nil, ""},
		{"a bulk of 1,000 by an owner", administrator, http.MethodPost, org + "/commands", changes, ""},
		{"the audit log by an owner", administrator, http.MethodGet, org + "/events?limit=200", nil, ""},
		{"streams of all events by an owner", administrator, http.MethodGet, org + "/events?since=2000-01-01T00:00:00Z", nil, "text/event-stream"},
	}, nil
}

// checks is a request with many questions.
func (c organization) checks(n int) ([]byte, error) {
	questions := make([]map[string]any, n)
	for i := range questions {
		questions[i] = map[string]any{"organization": c.id, "user": c.user(i), "project": c.project(i), "permission": "code"}
	}
	return json.Marshal(map[string]any{"questions": questions})
}

// smallOrganization is the neighbour that notices.
type smallOrganization struct {
	server *process
	// names counts the names that it was given.
	names int
}

func (o *smallOrganization) create(ctx context.Context) error {
	return o.server.succeed(ctx, http.MethodPost, "/v1/organizations", `{"id":"small","scheme":"github","owner":"ada"}`)
}

// check asks whether the owner may do something.
func (o *smallOrganization) check(ctx context.Context) error {
	return o.server.succeed(ctx, http.MethodPost, "/v1/access:check", `{"questions":[{"organization":"small","user":"ada","scope":"organization","permission":"members"}]}`)
}

// command gives the organization another name.
func (o *smallOrganization) command(ctx context.Context) error {
	o.names++
	return o.server.succeed(ctx, http.MethodPatch, "/v1/organizations/small", fmt.Sprintf(`{"name":"Small %d"}`, o.names))
}

// beside measures the small organization beside a request that others make again and again,
// in turn with the small organization alone.
func (o *smallOrganization) beside(ctx context.Context, s *setup, request worstRequest) ([]Row, error) {
	answer, err := o.server.send(ctx, request)
	switch {
	case err != nil:
		return nil, err
	case answer.status == http.StatusInternalServerError, answer.status == http.StatusBadRequest && request.user != stranger:
		return nil, fmt.Errorf("%d: %s", answer.status, answer.text)
	}
	var checks, commands comparison[[]time.Duration]
	for range s.Rounds {
		stop, err := s.repeat(ctx, o.server, request)
		if err != nil {
			return nil, err
		}
		with, err := o.measure(ctx, s.turn())
		if err := errors.Join(err, stop()); err != nil {
			return nil, err
		}
		alone, err := o.measure(ctx, s.turn())
		if err != nil {
			return nil, err
		}
		checks = comparison[[]time.Duration]{append(checks.system, with[0]), append(checks.floor, alone[0])}
		commands = comparison[[]time.Duration]{append(commands.system, with[1]), append(commands.floor, alone[1])}
	}
	// A round has few calls, so the p99 is of all rounds together.
	row := func(of string, c comparison[[]time.Duration]) Row {
		system, floor := summary(slices.Concat(c.system...), s.Time), summary(slices.Concat(c.floor...), s.Time)
		return figure(of+" beside "+request.what+", p99", system.p99, "ms").against("alone", floor.p99).atMost(2)
	}
	return []Row{row("checks", checks), row("commands", commands)}, nil
}

// measure makes checks and commands in turn for a time, and returns how long each took.
func (o *smallOrganization) measure(ctx context.Context, length time.Duration) (took [2][]time.Duration, err error) {
	for began := time.Now(); time.Since(began) < length || took[1] == nil; time.Sleep(time.Millisecond) {
		for i, do := range []func(context.Context) error{o.check, o.command} {
			at := time.Now()
			if err := do(ctx); err != nil {
				return took, err
			}
			took[i] = append(took[i], time.Since(at))
		}
	}
	return took, nil
}

// send makes a request as its user. Of a stream it reads a part.
func (p *process) send(ctx context.Context, request worstRequest) (processAnswer, error) {
	header := request.header()
	if request.accept != "" {
		within, cancel := context.WithTimeout(ctx, streamTime)
		defer cancel()
		answer, err := p.do(within, request.method, request.path, request.body, header)
		if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
			err = nil
		}
		return answer, err
	}
	return p.do(ctx, request.method, request.path, request.body, header)
}

// raw returns all that is sent of a request as its user.
func (p *process) raw(ctx context.Context, request worstRequest) ([]byte, error) {
	made, err := p.request(ctx, request.method, request.path, request.body, request.header())
	if err != nil {
		return nil, err
	}
	var raw bytes.Buffer
	err = made.Write(&raw)
	return raw.Bytes(), err
}

func (r worstRequest) header() http.Header {
	header := http.Header{"Roster-Actor": {r.user}}
	if r.accept != "" {
		header.Set("Accept", r.accept)
	}
	return header
}
