package feed_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/exampletest"
	"github.com/seed-2026d078/roster/rostertest"
)

// A service ends the sessions of whoever loses access to a project, for whatever reason.
func ExampleSubscribe() {
	t := exampletest.New() // a test has its own, which nothing ends
	defer t.End()
	roster := rostertest.Start(t)
	roster.Organization("acme", "github", "ada", rostertest.Member("bob", "member"), rostertest.Project("site").With("bob", "write"))
	nc := roster.Subscriber("sessions") // elsewhere nats.Connect(url, nats.UserCredentials("sessions.creds"))
	roster.Do("acme", domain.RemoveMember{Member: "bob"})

	ctx, cancel := context.WithCancel(t.Context())
	options := feed.Options{Subscriber: "sessions", Types: []events.Type{feed.AccessRevoked}, Start: feed.Start{Beginning: true}}
	err := feed.Subscribe(ctx, nc, options, func(_ context.Context, m *feed.Message) error {
		access := m.Event.(feed.AccessMessage)
		fmt.Printf("end the sessions of %s on %s, who was %s there, because of %s\n", access.User, access.Project, access.From.Role, access.Cause)
		cancel() // a service goes on until it ends
		return nil
	})
	fmt.Println(err)
	// Output:
	// end the sessions of bob on site, who was write there, because of acme/2/0
	// <nil>
}

// projectNames is an index of projects by the words of their names. It is in memory, so it is made anew with each process.
type projectNames struct {
	mu      sync.Mutex
	byWord  map[string]map[events.ProjectID]bool
	current map[events.ProjectID]string
}

func (p *projectNames) handle(_ context.Context, m *feed.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := m.Event.(type) {
	case events.ProjectCreated:
		p.set(e.Project, e.Name)
	case events.ProjectRenamed:
		p.set(e.Project, e.To)
	case events.ProjectDeleted:
		p.set(e.Project, "")
	}
	return nil
}

func (p *projectNames) set(project events.ProjectID, name string) {
	for word := range strings.FieldsSeq(strings.ToLower(p.current[project])) {
		delete(p.byWord[word], project)
	}
	p.current[project] = name
	for word := range strings.FieldsSeq(strings.ToLower(name)) {
		if p.byWord[word] == nil {
			p.byWord[word] = map[events.ProjectID]bool{}
		}
		p.byWord[word][project] = true
	}
}

func (p *projectNames) search(word string) []events.ProjectID {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Sorted(maps.Keys(p.byWord[word]))
}

// A service keeps a search index in memory. It reads from the beginning whenever it starts, and knows by the lag when it has come to the end.
func ExampleSubscribe_searchIndex() {
	t := exampletest.New()
	defer t.End()
	roster := rostertest.Start(t)
	roster.Organization("acme", "github", "ada",
		domain.CreateProject{Project: "p1", Name: "Winter campaign"},
		domain.CreateProject{Project: "p2", Name: "Summer campaign"},
		domain.RenameProject{Project: "p1", To: "Winter sale"},
		domain.CreateProject{Project: "p3", Name: "Sale of the house"},
	)
	end := roster.Do("acme", domain.DeleteProject{Project: "p3"}).Position
	nc := roster.Subscriber("search")

	index := &projectNames{byWord: map[string]map[events.ProjectID]bool{}, current: map[events.ProjectID]string{}}
	ctx, cancel := context.WithCancel(t.Context())
	options := feed.Options{Subscriber: "search", Ephemeral: true, Start: feed.Start{Beginning: true}, Report: func(lag feed.Lag) {
		if lag.Position >= end { // elsewhere lag.Messages == 0: it may serve from now on
			cancel()
		}
	}}
	err := feed.Subscribe(ctx, nc, options, index.handle)
	fmt.Println(err, index.search("campaign"), index.search("sale"))
	// Output:
	// <nil> [p2] [p1]
}

// A service posts to a chat who comes and goes. If the chat does not answer, the message waits.
func ExampleSubscribe_chat() {
	t := exampletest.New()
	defer t.End()
	roster := rostertest.Start(t)
	roster.Organization("acme", "github", "ada")
	nc := roster.Subscriber("chat", "acme")
	roster.Do("acme", domain.AddMember{Member: "bob"})
	roster.As("ada").Do("acme", domain.RemoveMember{Member: "bob"})

	ctx, cancel := context.WithCancel(t.Context())
	posts := 0
	chat := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if posts++; posts == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		text, _ := io.ReadAll(r.Body)
		fmt.Println(string(text))
		if posts == 4 {
			cancel()
		}
	}))
	defer chat.Close()

	post := func(ctx context.Context, text string) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, chat.URL, bytes.NewBufferString(text))
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return feed.Temporary(err) // that is not the message's fault
		}
		defer response.Body.Close()
		switch {
		case response.StatusCode >= http.StatusInternalServerError:
			return feed.Temporary(errors.New(response.Status))
		case response.StatusCode >= http.StatusBadRequest:
			return errors.New(response.Status) // after some tries it is a dead letter
		}
		return nil
	}
	options := feed.Options{Subscriber: "chat", Start: feed.Start{Beginning: true}}
	err := feed.Subscribe(ctx, nc, options, func(ctx context.Context, m *feed.Message) error {
		switch e := m.Event.(type) {
		case events.MemberJoined:
			return post(ctx, fmt.Sprintf("%s has joined %s as %s", e.Member, m.Organization, e.Role))
		case events.MemberRemoved:
			return post(ctx, fmt.Sprintf("%s has left %s, by %s", e.Member, m.Organization, m.Actor))
		}
		return nil
	})
	fmt.Println(err)
	// Output:
	// ada has joined acme as admin
	// bob has joined acme as member
	// bob has left acme, by ada
	// <nil>
}
