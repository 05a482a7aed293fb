package domain_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestWhoSeesASecret has ada and bob, who are owners, an invite that bob sent, and a link of
// the project that bob owns.
func TestWhoSeesASecret(t *testing.T) {
	t.Parallel()
	token, other := events.Sum([]byte("token")), events.Sum([]byte("other"))
	invited := events.MemberInvited{Invite: "i", Role: "member", Token: token, Expires: noon.AddDate(0, 0, 7)}
	link := events.PublicLinkTurnedOn{Project: "p", Token: token}
	invite, project := events.Subject{Kind: events.InviteSubject, ID: "i"}, events.Subject{Kind: events.ProjectSubject, ID: "p"}
	for _, tc := range []struct {
		name    string
		later   []events.Event
		actor   events.UserID
		secret  events.Subject
		hash    events.Hash
		visible bool
	}{
		{"who sent the invite", nil, "bob", invite, token, true},
		{"not another owner", nil, "ada", invite, token, false},
		{"not the token of an invite before it", nil, "bob", invite, other, false},
		{"not of an invite that there is not", nil, "bob", events.Subject{Kind: events.InviteSubject, ID: "x"}, token, false},
		{"not once it is revoked", given(events.InviteRevoked{Invite: "i"}), "bob", invite, token, false},
		{"not once its sender may not invite", given(events.RoleChanged{Member: "bob", From: "owner", To: "member"}), "bob", invite, token, false},
		{"not once its sender is suspended", given(events.MemberDeactivated{Member: "bob"}), "bob", invite, token, false},
		{"not once its sender is gone", given(events.MemberRemoved{Member: "bob"}), "bob", invite, token, false},
		{"who sees the link", nil, "bob", project, token, true},
		{"not a member who does not", nil, "cyd", project, token, false},
		{"not somebody outside", nil, "zoe", project, token, false},
		{"not the token of a link before it", nil, "bob", project, other, false},
		{"not once it is turned off", given(events.PublicLinkTurnedOff{Project: "p"}), "bob", project, token, false},
		{"not once there is another one", given(events.PublicLinkRotated{Project: "p", Token: other}), "bob", project, token, false},
		{"the other one", given(events.PublicLinkRotated{Project: "p", Token: other}), "bob", project, other, true},
		{"not of a project that there is not", nil, "bob", events.Subject{Kind: events.ProjectSubject, ID: "x"}, token, false},
		{"nothing else has one", nil, "bob", events.Subject{Kind: events.UserSubject, ID: "bob"}, token, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var roster domain.Roster
			happened := append(given(workspace, joined("ada", "owner"), joined("bob", "owner"), joined("cyd", "member"),
				created("p"), granted("p", "bob", "owner"), invited, link), tc.later...)
			for i, e := range happened {
				roster = roster.Evolve(events.Entry{Organization: "acme", Version: events.Version(i + 1), Actor: "bob", At: noon, Events: events.Facts{e}})
			}
			org := roster.Organization("acme").At(noon)
			assert.Equal(t, tc.visible, org.SeesSecret(tc.actor, tc.secret, tc.hash))
		})
	}
	expired := stateAfter(workspace, joined("bob", "owner"), invited).At(invited.Expires)
	assert.False(t, expired.SeesSecret(events.System, invite, token), "an invite that has expired")
}
