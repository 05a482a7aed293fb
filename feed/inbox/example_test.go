package inbox_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/feed/inbox"
	"github.com/seed-2026d078/roster/internal/exampletest"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
	"github.com/seed-2026d078/roster/rostertest"
)

// keepAccess keeps who has access to what in a table.
func keepAccess(ctx context.Context, tx pgx.Tx, m *feed.Message) error {
	access, is := m.Event.(feed.AccessMessage)
	if !is {
		return nil
	}
	var err error
	if access.To == nil {
		_, err = tx.Exec(ctx, `DELETE FROM access WHERE organization = $1 AND project = $2 AND person = $3`, access.Organization, access.Project, access.User)
	} else {
		_, err = tx.Exec(ctx, `INSERT INTO access (organization, project, person, role) VALUES ($1, $2, $3, $4)
			ON CONFLICT (organization, project, person) DO UPDATE SET role = excluded.role`, access.Organization, access.Project, access.User, access.To.Role)
	}
	return err
}

// A service keeps a table in its own database: who has access to what, which its queries can join with.
func Example() {
	t := exampletest.New() // a test has its own, which nothing ends
	defer t.End()
	roster := rostertest.Start(t)
	roster.Organization("acme", "github", "ada", rostertest.Member("bob", "member"), rostertest.Project("site").With("bob", "write"))
	roster.Do("acme", domain.ChangeProjectMemberRole{Project: "site", Member: "bob", To: "read"})
	nc := roster.Subscriber("billing") // elsewhere nats.Connect(url, nats.UserCredentials("billing.creds"))

	pool, err := pgxpool.New(t.Context(), pgtest.New(t))
	if err != nil {
		panic(err)
	}
	defer pool.Close()
	_, err = pool.Exec(t.Context(), `CREATE TABLE access (organization text, project text, person text, role text, PRIMARY KEY (organization, project, person))`)
	if err != nil {
		panic(err)
	}
	box, err := inbox.Open(t.Context(), pool, "billing")
	if err != nil {
		panic(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		options := feed.Options{Subscriber: "billing", Start: feed.Start{Beginning: true}}
		ended <- feed.Subscribe(ctx, nc, options, box.Handle(keepAccess))
	}()
	roster.AwaitHandled("billing")
	cancel()
	fmt.Println(<-ended)

	rows, err := pool.Query(t.Context(), `SELECT person, role FROM access WHERE organization = 'acme' AND project = 'site' ORDER BY person`)
	if err != nil {
		panic(err)
	}
	defer rows.Close()
	var person, role string
	_, err = pgx.ForEachRow(rows, []any{&person, &role}, func() error {
		fmt.Println(person, role)
		return nil
	})
	fmt.Println(errors.Join(err, rows.Err()))
	// Output:
	// <nil>
	// ada admin
	// bob read
	// <nil>
}
