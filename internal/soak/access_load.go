package soak

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// accessLoad gives commands that change who has access to what, in organizations of its own.
type accessLoad struct {
	// server returns the server for the nth attempt; false if there is none now.
	server func(n int) (Server, bool)
	client http.Client

	mu       sync.Mutex
	attempts int
	// answered has when each command was answered, by idempotency key.
	answered map[string]time.Time
}

const (
	loadUsers    = 8
	loadProjects = 3
	loadTeams    = 3
	// loadPause is between two commands in an organization.
	loadPause = 10 * time.Millisecond
	// longestEnd is how far in the future an end may be.
	longestEnd = 3 * time.Second
)

// loadScheme is the scheme of an organization, with what can be given there.
type loadScheme struct {
	key                   string
	roles, projectRoles   []string
	permission, overruled events.PermissionKey
}

// loadSchemes are those of the organizations, one each: together they have nested teams and overrides.
var loadSchemes = []loadScheme{
	{"github", []string{"admin", "member"}, []string{"read", "write", "admin"}, "code", "issues"},
	{"agency", []string{"manager", "developer", "client"}, []string{"manager", "developer", "client"}, "tasks", "tasks"},
}

func loadOrganization(i int) events.OrganizationID {
	return events.OrganizationID(fmt.Sprint("access-", i))
}

func loadUser(i int) events.UserID { return events.UserID(fmt.Sprint("user-", i)) }

func loadProject(i int) events.ProjectID { return events.ProjectID(fmt.Sprint("project-", i)) }

// loadedOrganizations returns the organizations of the load.
func loadedOrganizations() (all []events.OrganizationID) {
	for i := range loadSchemes {
		all = append(all, loadOrganization(i))
	}
	return all
}

// create creates the organizations.
func (l *accessLoad) create(ctx context.Context) error {
	l.client.Timeout = attemptTimeout
	l.answered = map[string]time.Time{}
	for i, s := range loadSchemes {
		err := l.give(ctx, command{http.MethodPost, "/v1/organizations", fmt.Sprintf(`{"id":%q,"owner":"owner","scheme":%q}`, loadOrganization(i), s.key)})
		if err != nil {
			return err
		}
	}
	return nil
}

// run gives commands until ctx ends, and returns when the last of them is answered.
func (l *accessLoad) run(ctx context.Context) error {
	failed := make(chan error, len(loadSchemes))
	var working sync.WaitGroup
	for i := range loadSchemes {
		working.Go(func() {
			for sleep(ctx, loadPause) {
				c := randomCommand(i)
				c.path = "/v1/organizations/" + string(loadOrganization(i)) + c.path
				if err := l.give(context.WithoutCancel(ctx), c); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	working.Wait()
	close(failed)
	return <-failed
}

// command is one of the API.
type command struct{ method, path, body string }

// randomCommand returns a command in the organization with the number. Many are refused, such as one about somebody who has left.
func randomCommand(org int) command {
	n := mathrand.IntN
	s := loadSchemes[org]
	one := func(all []string) string { return all[n(len(all))] }
	user, project, team, other := loadUser(n(loadUsers)), loadProject(n(loadProjects)), fmt.Sprint("team-", n(loadTeams)), fmt.Sprint("team-", n(loadTeams))
	until := "null"
	if n(3) == 0 {
		until = fmt.Sprintf("%q", time.Now().Add(time.Second+mathrand.N(longestEnd-time.Second)).UTC().Format(time.RFC3339Nano)) //nolint:gosec // chance, no secret
	}
	member, granted, assigned := fmt.Sprint("/members/", user), fmt.Sprint("/projects/", project, "/members/", user), fmt.Sprint("/projects/", project, "/teams/", team)
	role, projectRole := one(s.roles), one(s.projectRoles)
	all := []command{
		{http.MethodPost, "/members", fmt.Sprintf(`{"user":%q,"name":"N","role":%q}`, user, role)},
		{http.MethodPost, "/members", fmt.Sprintf(`{"user":%q,"name":"N","role":%q}`, user, role)},
		{http.MethodPost, "/members", fmt.Sprintf(`{"user":%q,"name":"N","role":%q}`, user, role)},
		{http.MethodDelete, member, ""},
		{http.MethodPatch, member, fmt.Sprintf(`{"role":%q}`, role)},
		{http.MethodPatch, member + "/end", fmt.Sprintf(`{"until":%s}`, until)},
		{http.MethodPost, member + "/deactivate", ""},
		{http.MethodPost, member + "/reactivate", ""},
		{http.MethodPost, "/projects", fmt.Sprintf(`{"id":%q,"name":%q}`, project, project)},
		{http.MethodPost, fmt.Sprint("/projects/", project, "/archive"), ""},
		{http.MethodPost, fmt.Sprint("/projects/", project, "/restore"), ""},
		{http.MethodPost, fmt.Sprint("/projects/", project, "/members"), fmt.Sprintf(`{"user":%q,"role":%q,"until":%s}`, user, projectRole, until)},
		{http.MethodPost, fmt.Sprint("/projects/", project, "/members"), fmt.Sprintf(`{"user":%q,"role":%q,"until":%s}`, user, projectRole, until)},
		{http.MethodPatch, granted, fmt.Sprintf(`{"role":%q}`, projectRole)},
		{http.MethodPatch, granted + "/end", fmt.Sprintf(`{"until":%s}`, until)},
		{http.MethodDelete, granted, ""},
		{http.MethodPost, "/teams", fmt.Sprintf(`{"id":%q,"name":%q}`, team, team)},
		{http.MethodPatch, "/teams/" + team, fmt.Sprintf(`{"parent":%q}`, other)},
		{http.MethodPost, fmt.Sprint("/teams/", team, "/members"), fmt.Sprintf(`{"user":%q}`, user)},
		{http.MethodPost, fmt.Sprint("/teams/", team, "/members"), fmt.Sprintf(`{"user":%q}`, user)},
		{http.MethodDelete, fmt.Sprint("/teams/", team, "/members/", user), ""},
		{http.MethodPost, fmt.Sprint("/projects/", project, "/teams"), fmt.Sprintf(`{"team":%q,"role":%q,"until":%s}`, team, projectRole, until)},
		{http.MethodPatch, assigned, fmt.Sprintf(`{"role":%q}`, projectRole)},
		{http.MethodDelete, assigned, ""},
		{http.MethodPatch, fmt.Sprint(granted, "/overrides/", s.overruled), fmt.Sprintf(`{"level":%q}`, one([]string{"none", "view", "full"}))},
		{http.MethodDelete, fmt.Sprint(granted, "/overrides/", s.overruled), ""},
	}
	if n(20) == 0 {
		all = []command{{http.MethodDelete, fmt.Sprint("/projects/", project), ""}, {http.MethodDelete, "/teams/" + team, ""}}
	}
	return all[n(len(all))]
}

// give gives a command until it is answered: a refusal is an answer.
func (l *accessLoad) give(ctx context.Context, c command) error {
	key := rand.Text()
	var last error
	for deadline := time.Now().Add(answerTimeout); time.Now().Before(deadline); time.Sleep(pause) {
		l.mu.Lock()
		l.attempts++
		n := l.attempts
		l.mu.Unlock()
		server, there := l.server(n)
		if !there {
			continue
		}
		status, text, err := l.send(ctx, server, c, key)
		switch {
		case err != nil:
			last = err
			continue
		case status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests:
			last = fmt.Errorf("%d: %s", status, text)
			continue
		case status >= http.StatusInternalServerError || status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusBadRequest:
			return fmt.Errorf("%s %s %s is answered %d: %s", c.method, c.path, c.body, status, text)
		}
		l.mu.Lock()
		l.answered[key] = time.Now()
		l.mu.Unlock()
		return nil
	}
	return fmt.Errorf("%s %s %w within %s: %w", c.method, c.path, errUnanswered, answerTimeout, last)
}

// send makes a request, and returns the answer.
func (l *accessLoad) send(ctx context.Context, server Server, c command, key string) (status int, text []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, c.method, server.URL+c.path, bytes.NewReader([]byte(c.body)))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+server.Key)
	request.Header.Set("Content-Type", "application/json")
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	response, err := l.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	text, err = io.ReadAll(response.Body)
	return response.StatusCode, text, err
}
