package main

import (
	"context"
	"strings"
	"testing"

	"github.com/seed-2026d078/roster/postgres/pgtest"
)

// TestTour walks through the commands as a newcomer might.
func TestTour(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	for _, step := range []struct {
		command string
		code    int
		says    string
	}{
		{"org create acme --scheme github --owner ada", exitOK, "acme/1/0  organization.created.v1"},
		{"org list", exitOK, "github"},
		{"org show acme", exitOK, "acme"},
		{"member add bob --org acme --name Bob --email bob@example.org", exitOK, "membership.joined.v1"},
		{"member add bob --org acme", exitOK, "Nothing to change"},
		{"member add cleo --org acme", exitOK, "membership.joined.v1"},
		{"member list --org acme --search bo", exitOK, "bob@example.org"},
		{"member role cleo admin --org acme --actor bob", exitFailed, "role"},
		{"member role cleo admin --org acme --actor ada", exitOK, "membership.role_changed.v1"},
		{"member role cleo member --org acme", exitOK, "membership.role_changed.v1"},
		{"invite send eve@example.org --id i1 --org acme --project=apollo=read", exitFailed, "no such project"},
		{"project create apollo --org acme", exitOK, "id: apollo"},
		{"project list --org acme", exitOK, "apollo"},
		{"invite send eve@example.org --id i1 --org acme --project=apollo=read", exitOK, "token: "},
		{"invite list --org acme", exitOK, "eve@example.org"},
		{"invite accept i1 --org acme --user eve", exitOK, "invite.accepted.v1"},
		{"invite send finn@example.org --id i2 --org acme", exitOK, "invite.sent.v1"},
		{"invite revoke i2 --org acme", exitOK, "invite.revoked.v1"},
		{"project members apollo --org acme", exitOK, "eve"},
		{"project add apollo bob --org acme --role write", exitOK, "project_membership.added.v1"},
		{"project role apollo bob triage --org acme", exitOK, "project_membership.role_changed.v1"},
		{"check bob issues apollo --org acme", exitOK, "yes"},
		{"check bob settings apollo --org acme", exitFailed, "no"},
		{"check bob flying apollo --org acme", exitFailed, "flying"},
		{"team create Core --id core --org acme", exitOK, "team.created.v1"},
		{"team create Kernel --id kernel --parent core --org acme", exitOK, "id: kernel"},
		{"team list --org acme", exitOK, "Kernel"},
		{"team rename core Crew --org acme", exitOK, "team.renamed.v1"},
		{"team describe core --description Everybody --privacy closed --org acme", exitOK, "team.described.v1"},
		{"team add kernel cleo --org acme", exitOK, "team_membership.added.v1"},
		{"team role kernel cleo maintainer --org acme", exitOK, "team_membership.role_changed.v1"},
		{"team members kernel --org acme", exitOK, "maintainer"},
		{"team assign core apollo --role write --org acme", exitOK, "assignment.added.v1"},
		{"team reassign core apollo maintain --org acme", exitOK, "assignment.role_changed.v1"},
		{"project teams apollo --org acme", exitOK, "Crew"},
		{"explain cleo apollo --org acme", exitOK, "cleo is maintain on apollo: via team Crew (maintain)"},
		{"explain cleo apollo --org acme --output json", exitOK, `"via_name": "Kernel"`},
		{"member projects cleo --org acme", exitOK, "\napollo   apollo  maintain"},
		{"team move kernel --org acme", exitOK, "team.moved.v1"},
		{"explain cleo apollo --org acme", exitOK, "cleo has no access to apollo"},
		{"team drop kernel cleo --org acme", exitOK, "team_membership.removed.v1"},
		{"team unassign core apollo --org acme", exitOK, "assignment.removed.v1"},
		{"team remove kernel --org acme", exitOK, "team.removed.v1"},
		{"project remove apollo bob --org acme", exitOK, "project_membership.removed.v1"},
		{"member remove bob --org acme", exitOK, "membership.removed.v1"},
		{"events --org acme --subject bob", exitOK, "membership.removed.v1"},
		{"replay --from 2 --limit 1", exitOK, "membership.joined.v1"},
		{"replay --type team.moved.v1 --output json", exitOK, `"type":"team.moved.v1"`},
		{"replay --type team.moved.v1,organization.created.v1 --limit 1", exitOK, "organization.created.v1"},
		{"events --org acme --type team.moved.v1,team.renamed.v1", exitOK, "team.renamed.v1"},
		{"export state --org acme", exitOK, `{"acme":{"members":{"ada":"admin"`},
		{"status", exitOK, "readiness"},
		{"org delete acme", exitOK, "organization.deleted.v1"},
		{"org show acme", exitFailed, "no such organization"},
	} {
		out, err, code := h.roster(strings.Fields(step.command)...)
		if code != step.code || !strings.Contains(out+err, step.says) {
			t.Errorf("%s: exit code %d, says\n%s%s", step.command, code, out, err)
		}
	}
}

// TestNotices changes a role and looks at what its holder gets to read.
func TestNotices(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--owner", "ada")
	h.must("member", "add", "bob", "--org", "acme")
	h.must("member", "role", "bob", "owner", "--org", "acme", "--actor", "ada")
	var id string
	until(t, "bob has a notification", func() bool {
		list := strings.Split(h.must("notifications", "list", "bob", "--actor", "bob"), "\n")
		if len(list) < 3 {
			return false
		}
		id, _, _ = strings.Cut(list[1], " ")
		return true
	})
	h.must("notifications", "ack", "bob", id, "--actor", "bob")
	if list := h.must("notifications", "list", "bob", "--output", "json"); !strings.Contains(list, "acknowledged_at") {
		t.Errorf("acknowledged, the list is %s", list)
	}
}

// TestFollow prints what happens while it happens, until it is stopped.
func TestFollow(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--owner", "ada")
	for _, args := range [][]string{
		{"replay", "--follow", "--type", "membership.joined.v1"},
		{"events", "--follow", "--org", "acme", "--actor", "ada", "--subject", "bob"},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		out := &transcript{}
		ended := make(chan int, 1)
		go func() { ended <- run(ctx, append([]string{"--data", h.data}, args...), out, h.log) }()
		until(t, "bob's coming is printed", func() bool {
			h.must("member", "add", "bob", "--org", "acme")
			h.must("member", "remove", "bob", "--org", "acme")
			return strings.Contains(out.String(), "membership.joined.v1") && strings.Contains(out.String(), "member=bob")
		})
		cancel()
		if code := <-ended; code != exitOK {
			t.Errorf("%q ended with exit code %d:\n%s", args, code, h.log)
		}
	}
}
