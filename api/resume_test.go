package api_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/apitest"
	"github.com/seed-2026d078/roster/internal/personaldata"
	"github.com/seed-2026d078/roster/projections"
)

// TestResumeGoesOnWithWhatBegan begins erasures, does a part of them, and changes what is to be erased, before it goes on.
func TestResumeGoesOnWithWhatBegan(t *testing.T) {
	t.Parallel()
	type orgs []events.OrganizationID
	tests := map[string]struct {
		// recorded are the organizations, of acme and beta, that have recorded it; destroyed says that the keys are so, too.
		recorded  orgs
		destroyed bool
		retention bool
		// since are those that the person joined since, and invited says that acme has invited them since.
		since   orgs
		invited bool
		// refused says that they own an organization alone since.
		refused bool

		member orgs // those where they are afterwards, of acme, beta and late
		waits  bool // whether it is begun afterwards
		says   string
	}{
		"killed before anything else":                       {},
		"killed after one organization":                     {recorded: orgs{"acme"}},
		"came back after all was destroyed":                 {recorded: orgs{"acme", "beta"}, destroyed: true, since: orgs{"acme", "late"}, member: orgs{"acme", "late"}},
		"invited again after all was destroyed":             {recorded: orgs{"acme", "beta"}, destroyed: true, invited: true},
		"refused after all was destroyed":                   {recorded: orgs{"acme", "beta"}, destroyed: true, refused: true},
		"came back before all was recorded":                 {recorded: orgs{"acme"}, since: orgs{"acme", "late"}, member: orgs{"acme", "late"}, says: "leaves out an organization"},
		"came back before all was destroyed":                {recorded: orgs{"acme", "beta"}, since: orgs{"beta"}, member: orgs{"beta"}, says: "leaves out an organization"},
		"invited again before all was destroyed":            {recorded: orgs{"acme", "beta"}, invited: true, says: "leaves out an organization"},
		"joined another one before anything was recorded":   {since: orgs{"late"}, member: orgs{"late"}, says: "leaves out an organization"},
		"refused, and nothing is recorded":                  {refused: true, member: orgs{"acme", "beta"}, says: "is given up"},
		"refused, and one has recorded it":                  {recorded: orgs{"acme"}, refused: true, member: orgs{"beta"}, waits: true, says: "tried again"},
		"belongs somewhere, and is erased for not doing so": {retention: true, member: orgs{"acme", "beta"}},
	}
	h := apitest.Start(t)
	database := h.Config.Database
	eraser := personaldata.NewEraser(h.Desk, h.Config.Ledger, h.Config.Keyring, database, nil)
	command := func(org events.OrganizationID, command o) {
		h.As("").May("POST /v1/organizations/"+string(org)+"/commands", o{"commands": []o{command}})
	}
	for _, org := range []events.OrganizationID{"acme", "beta", "late"} {
		command(org, o{"type": "create_organization", "scheme": "owner-member", "owner": "ada"})
	}
	users := map[string]events.UserID{}
	for i, name := range slices.Sorted(maps.Keys(tests)) {
		test, user := tests[name], events.UserID(fmt.Sprintf("u%d", i))
		users[name] = user
		join := func(org events.OrganizationID) {
			command(org, o{"type": "add_member", "user": user, "name": "Mx " + user})
		}
		join("acme")
		join("beta")
		own := "own-" + events.OrganizationID(user)
		if test.refused {
			command(own, o{"type": "create_organization", "scheme": "owner-member", "owner": user})
			command(own, o{"type": "add_member", "user": "ada", "role": "owner"})
		}
		require.NoError(t, database.BeginErasures(t.Context(), []projections.Erasure{{User: user, Retention: test.retention, Position: h.Desk.View().Position}}))
		for _, org := range test.recorded {
			_, err := h.Desk.Do(t.Context(), bus.Request[domain.Command]{Organization: org, Actor: events.System, Command: domain.ErasePerson{Person: user}})
			require.NoError(t, err)
		}
		if test.destroyed {
			require.NoError(t, database.DestroyedErasures(t.Context(), []events.UserID{user}))
		}
		for _, org := range test.since {
			join(org)
		}
		if test.invited {
			h.As("").May("POST /v1/organizations/acme/invites", o{"id": user, "email": string(user) + "@example.org", "user": user})
		}
		if test.refused {
			command(own, o{"type": "remove_member", "user": "ada"})
		}
	}
	var said bytes.Buffer
	log := slog.New(slog.NewTextHandler(&said, nil))

	complete, err := eraser.ResumeOnce(t.Context(), log)
	require.NoError(t, err)
	assert.False(t, complete, "one waits")
	state := h.Desk.View().State
	waiting := func(user events.UserID) bool {
		begun, err := database.Erasures(t.Context(), []events.UserID{user}, 1)
		require.NoError(t, err)
		return len(begun) == 1
	}
	for name, test := range tests {
		user := users[name]
		var member orgs
		for _, org := range []events.OrganizationID{"acme", "beta", "late"} {
			if _, is := state.Organization(org).Member(user); is {
				member = append(member, org)
				h.As("").Sees("/v1/organizations/"+string(org)+"/members/"+string(user)).Has("name", "Mx "+string(user))
			} else if !test.destroyed && !test.waits && (!test.invited || org != "acme") {
				there, err := h.Config.Keyring.Has(t.Context(), org, string(user))
				require.NoError(t, err)
				assert.False(t, there, "%s: the key in %s", name, org)
			}
		}
		assert.Equal(t, test.member, member, name)
		_, invited := state.Organization("acme").InviteFor(user)
		assert.Equal(t, test.invited, invited, "%s: invited", name)
		assert.Equal(t, test.waits, waiting(user), "%s: begun", name)
		var says []string
		for line := range strings.Lines(said.String()) {
			if strings.Contains(line, "user="+string(user)+" ") {
				says = append(says, line)
			}
		}
		if test.says == "" {
			assert.Empty(t, says, name)
		} else {
			assert.Contains(t, strings.Join(says, ""), test.says, name)
		}
	}

	own := "own-" + events.OrganizationID(users["refused, and one has recorded it"])
	command(own, o{"type": "add_member", "user": "ada", "role": "owner"})
	complete, err = eraser.ResumeOnce(t.Context(), log)
	require.NoError(t, err)
	assert.True(t, complete, "once nothing stands in the way")
	all, err := database.Erasures(t.Context(), nil, 1)
	require.NoError(t, err)
	assert.Empty(t, all)
}

// TestInterruptedErasureRewritesTheKeys erases people, some of whom an interrupted erasure may have left keys of in files.
func TestInterruptedErasureRewritesTheKeys(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	database := h.Config.Database
	eraser := personaldata.NewEraser(h.Desk, h.Config.Ledger, h.Config.Keyring, database, nil)
	commands := []o{{"type": "create_organization", "scheme": "owner-member", "owner": "ada"}}
	for _, user := range []string{"bob", "kim", "ned"} {
		commands = append(commands, o{"type": "add_member", "user": user, "name": user})
	}
	h.As("").May("POST /v1/organizations/acme/commands", o{"commands": commands})
	js, err := jetstream.New(h.NATS)
	require.NoError(t, err)
	bucket, err := js.KeyValue(t.Context(), "roster_keys")
	require.NoError(t, err)
	rewritten := func(do func() error) bool {
		before, err := bucket.Get(t.Context(), "secret")
		require.NoError(t, err)
		require.NoError(t, do())
		after, err := bucket.Get(t.Context(), "secret")
		require.NoError(t, err)
		return after.Revision() > before.Revision()
	}
	erase := func(user events.UserID) func() error {
		return func() error {
			_, err := eraser.Erase(t.Context(), personaldata.Request{User: user})
			return err
		}
	}
	begin := func(user events.UserID) {
		require.NoError(t, database.BeginErasures(t.Context(), []projections.Erasure{{User: user, Position: h.Desk.View().Position}}))
	}
	assert.False(t, rewritten(erase("bob")), "one that nothing interrupted")
	begin("kim")
	assert.True(t, rewritten(erase("kim")), "the command is given again")
	begin("ned")
	resume := func() error {
		_, err := eraser.ResumeOnce(t.Context(), slog.New(slog.DiscardHandler))
		return err
	}
	assert.True(t, rewritten(resume), "it is resumed")
	begin("ned")
	require.NoError(t, database.DestroyedErasures(t.Context(), []events.UserID{"ned"}))
	assert.False(t, rewritten(resume), "all keys were destroyed before it was interrupted")
}

// TestErasureThatIsAskedForIsNoRetention begins the erasure of one person twice.
func TestErasureThatIsAskedForIsNoRetention(t *testing.T) {
	t.Parallel()
	database := apitest.Start(t).Config.Database
	for _, e := range []projections.Erasure{{User: "u", Cause: "first"}, {User: "u", Cause: "second", Retention: true, TransferTo: map[events.OrganizationID]events.UserID{"acme": "bob"}}} {
		require.NoError(t, database.BeginErasures(t.Context(), []projections.Erasure{e}))
	}
	all, err := database.Erasures(t.Context(), []events.UserID{"u"}, 1)
	require.NoError(t, err)
	require.Len(t, all, 1)
	assert.False(t, all[0].Retention)
	assert.Equal(t, "second", all[0].Cause)
	assert.Equal(t, map[events.OrganizationID]events.UserID{"acme": "bob"}, all[0].TransferTo)
}
