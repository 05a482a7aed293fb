package domain_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file, or writes it anew.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff(string(want), got), "%s", path)
}

// TestExplanations tells everything that can be told of access, and of single
// permissions, and holds it against what was read and found right.
func TestExplanations(t *testing.T) {
	t.Parallel()
	acts := func(version events.Version, actor events.UserID, happened ...events.Event) events.Entry {
		return events.Entry{Organization: "acme", Version: version, At: noon.AddDate(0, 0, int(version)), Actor: actor, Events: happened}
	}
	org := domain.Roster{}.Evolve(
		events.Entry{Organization: "acme", Version: 1, At: noon, Events: so(staff, joined("sue", "member"), joined("tim", "member"), joined("una", "member"), joined("vic", "member"), joined("wes", "member"), joined("xan", "member"), created("q"), created("old"))},
		acts(2, "olga", events.MemberInvited{Invite: "i", Role: "member", Address: "h", Member: "ivy"}, events.MemberDeactivated{Member: "sue"}, events.MemberEndChanged{Member: "tim", To: noon.AddDate(0, 0, 2)}),
		acts(3, "cleo", events.ProjectMemberAdded{Project: "p", Member: "hal", Role: "guest", Levels: events.Levels{"text": "view"}, Until: noon.AddDate(1, 0, 0)},
			events.ProjectMemberAdded{Project: "p", Member: "una", Role: "guide", Until: noon.AddDate(0, 0, 4)},
			events.ProjectMemberAdded{Project: "p", Member: "wes", Role: "guide", From: noon.AddDate(0, 0, 8)},
			events.MemberJoined{Member: "yan", Role: "member", From: noon.AddDate(0, 0, 8)},
			team("soon", ""), entered("soon", "xan", "hand"), events.TeamAssigned{Team: "soon", Project: "p", Role: "guide", From: noon.AddDate(0, 0, 8)}),
		acts(4, "olga", events.TeamCreated{Team: "core", Name: "Core"}, events.TeamCreated{Team: "low", Name: "Low", Parent: "core"}, entered("low", "hal", "hand"), entered("core", "vic", "hand"), assigned("core", "p", "maker")),
		acts(5, "mia", events.OverrideSet{Project: "p", Member: "cleo", Permission: "people", Level: "view"}, events.OverrideSet{Project: "p", Member: "max", Permission: "text", Level: "full"}),
		acts(6, "", events.ProjectMemberAdded{Project: "old", Member: "max", Role: "lead"}, events.ProjectArchived{Project: "old"}),
	).Organization("acme").At(noon.AddDate(0, 0, 7))
	var told strings.Builder
	for _, ask := range []struct {
		user    events.UserID
		project events.ProjectID
	}{
		{"nobody", "p"},
		{"ivy", "p"},
		{"sue", "p"},
		{"tim", "p"},
		{"mia", "nowhere"},
		{"max", "q"},
		{"una", "p"},
		{"wes", "p"},
		{"xan", "p"},
		{"yan", "p"},
		{"mia", "p"},
		{"olga", "p"},
		{"chip", "p"},
		{"hal", "p"},
		{"vic", "p"},
		{"cleo", "p"},
		{"max", "p"},
		{"max", "old"},
	} {
		access := org.Access(ask.user, ask.project)
		fmt.Fprintln(&told, org.Explain(ask.user, ask.project, access, nil))
		for _, permission := range []events.PermissionKey{"text", "people", "publish"} {
			v, err := org.CheckPermission(access, permission, "")
			require.NoError(t, err)
			fmt.Fprintln(&told, "  "+org.ExplainPermission(ask.user, ask.project, access, v, nil))
			if access.Reason != "" {
				break
			}
		}
	}
	access := org.Access("max", "p")
	v, err := org.CheckPermission(access, "people", "none")
	require.NoError(t, err)
	fmt.Fprintln(&told, org.ExplainPermission("max", "p", access, v, nil))
	plain := stateAfter(so(staffed(func(s *events.Scheme) { s.Overrides.On, s.Teams = false, events.Teams{} }))...).At(noon)
	access = plain.Access("max", "p")
	v, _ = plain.CheckPermission(access, "publish", "")
	fmt.Fprintln(&told, plain.ExplainPermission("max", "p", access, v, nil))
	fmt.Fprintln(&told, plain.Explain("hal", "p", plain.Access("hal", "p"), nil))
	bare := stateAfter(so(staffed(func(s *events.Scheme) {
		s.Overrides.On = false
		projectRole(s, "lead").Levels = nil
	}))...).At(noon)
	access = bare.Access("max", "p")
	v, _ = bare.CheckPermission(access, "publish", "")
	fmt.Fprintln(&told, bare.ExplainPermission("max", "p", access, v, nil))
	org = org.Evolve(events.Recorded{Event: events.Elevated{Request: "r", Member: "hal", Role: "clerk", Until: noon.AddDate(0, 0, 8)}, Origin: events.Origin{At: noon, Actor: "olga"}})
	inOrganization := func(org domain.Organization, users ...events.UserID) {
		for _, user := range users {
			access := org.AccessInOrganization(user)
			fmt.Fprintln(&told, org.ExplainInOrganization(user, access))
			for _, permission := range []events.PermissionKey{"people", "money"} {
				v, err := org.CheckPermissionInOrganization(access, permission, "")
				require.NoError(t, err)
				fmt.Fprintln(&told, "  "+org.ExplainPermissionInOrganization(user, access, v))
			}
		}
	}
	inOrganization(org, "nobody", "ivy", "sue", "tim", "yan", "max", "hal", "chip", "cleo")
	inOrganization(org.Evolve(events.Recorded{Event: events.OrganizationArchived{}}), "cleo")
	golden(t, "explanations.txt", told.String())
}
