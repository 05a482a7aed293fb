package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// listed is a list that is measured.
type listed struct {
	name string
	// path is that of the list, all reads every page and not the first alone.
	path string
	all  bool
	// bound is the longest time wanted for the median, in ms.
	bound float64
	// statement reads the same pages from the database, and does nothing else.
	statement func(context.Context) error
}

// lists measures lists over HTTP against a handler that answers the same bytes and
// does nothing else, and against the statement alone.
func lists(ctx context.Context, s *setup) ([]Row, error) {
	acme := listedOrganization(s.People)
	served, err := s.served(ctx, acme)
	if err != nil {
		return nil, err
	}
	s.run(ctx, func(ctx context.Context) error { return served.database.Project(ctx, served.desk.Follower()) })
	if err := served.database.Wait(ctx, served.desk.View().Position); err != nil {
		return nil, err
	}
	address, err := s.listen(ctx, served.server)
	if err != nil {
		return nil, err
	}
	client := &listClient{address: address, answers: map[string][]byte{}}
	var rows []Row
	for _, l := range served.lists(acme) {
		if err := client.read(ctx, address, l); err != nil {
			return nil, fmt.Errorf("%s: %w", l.path, err)
		}
		bytes, err := s.listen(ctx, client)
		if err != nil {
			return nil, err
		}
		over := s.median(func(ctx context.Context) error { return client.read(ctx, address, l) })
		d, err := interleave(ctx, s.Rounds, over, s.median(func(ctx context.Context) error { return client.read(ctx, bytes, l) }))
		if err != nil {
			return nil, err
		}
		rows = append(rows, d.row(l.name, "the same bytes", "ms", p50).within(l.bound))
		if d, err = interleave(ctx, s.Rounds, over, s.median(l.statement)); err != nil {
			return nil, err
		}
		rows = append(rows, d.row(l.name+", again", "the statement alone", "ms", p50))
	}
	return rows, nil
}

// median measures one caller that does something again and again. Lists are many, so
// each of them gets a part of the time.
func (s *setup) median(do func(context.Context) error) func(context.Context) (load, error) {
	return func(ctx context.Context) (load, error) { return runLoad(ctx, 1, s.turn()/3, do) }
}

// lists returns the lists that are measured. The large team is on the first project
// and not on the second one.
func (v served) lists(acme organization) []listed {
	view := v.desk.View().State.Organization(acme.id).At(time.Now())
	members := func(name string, project events.ProjectID, q projections.ProjectMemberFilter, all bool, bound float64) listed {
		query := url.Values{"limit": {strconv.Itoa(q.Limit)}}
		if q.Search != "" {
			query.Set("search", q.Search)
		}
		return listed{
			name: name, path: fmt.Sprintf("/v1/organizations/%s/projects/%s/members?%s", acme.id, project, query.Encode()), all: all, bound: bound,
			statement: func(ctx context.Context) error { return v.readMembers(ctx, view, project, q, all) },
		}
	}
	user := acme.user(acme.people - 1) // who is not in the large team
	first, page := projections.Page{Limit: 50}, projections.Page{Limit: 200}
	return []listed{
		members("50 of a project's members", acme.project(1), projections.ProjectMemberFilter{Page: first}, false, 1.5),
		members("50 of a large project's members", acme.project(0), projections.ProjectMemberFilter{Page: first}, false, 2.5),
		members("all of a project's members", acme.project(1), projections.ProjectMemberFilter{Page: page}, true, 8),
		members("all of a large project's members", acme.project(0), projections.ProjectMemberFilter{Page: page}, true, 200),
		members("search in a large project", acme.project(0), projections.ProjectMemberFilter{Search: string(acme.user(7)), Page: first}, false, 10),
		{
			name: "a person's projects", path: fmt.Sprintf("/v1/organizations/%s/members/%s/projects", acme.id, user), bound: 0.6,
			statement: func(ctx context.Context) error {
				_, err := v.database.ListProjects(ctx, view, projections.ProjectFilter{Of: user, Page: first})
				return err
			},
		},
	}
}

// readMembers reads one page, or all pages, of the people on a project from the database.
func (v served) readMembers(ctx context.Context, org domain.Organization, project events.ProjectID, q projections.ProjectMemberFilter, all bool) error {
	for {
		page, err := v.database.ListProjectMembers(ctx, org, project, q)
		if err != nil || !all || page.Next == "" {
			return err
		}
		q.After = page.Next
	}
}

// listClient reads lists, and answers requests as the server did when it was read.
type listClient struct {
	address string
	answers map[string][]byte // by path and query
}

// read reads one page, or all pages, of a list.
func (c *listClient) read(ctx context.Context, address string, l listed) error {
	for path := l.path; ; {
		answer, err := c.get(ctx, address, path)
		if err != nil {
			return err
		}
		if address == c.address {
			c.answers[path] = answer
		}
		var page struct {
			Next string `json:"next"`
		}
		if !l.all {
			return nil
		}
		if err := json.Unmarshal(answer, &page); err != nil || page.Next == "" {
			return err
		}
		path = l.path + "&after=" + url.QueryEscape(page.Next)
	}
}

func (c *listClient) get(ctx context.Context, address, path string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	return send(http.DefaultClient, request)
}

// ServeHTTP answers with the bytes that the server answered.
func (c *listClient) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(c.answers[r.URL.RequestURI()]) // a client that is gone needs no answer
}
