package domain_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestRejections(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range domain.Rejections() {
		assert.NotEmpty(t, r.Code, "%+v says too little", r)
		assert.NotEmpty(t, r.Detail, "%+v says too little", r)
		assert.GreaterOrEqual(t, r.Kind, domain.NotFound, "%+v says too little", r)
		assert.LessOrEqual(t, r.Kind, domain.Meaningless, "%+v says too little", r)
		assert.False(t, seen[r.Code], "%s stands for two rejections", r.Code)
		seen[r.Code] = true
	}
}

// TestRejectionsAreListed holds the list against the variables in the source.
func TestRejectionsAreListed(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("rejection.go")
	require.NoError(t, err)
	declared := strings.Count(string(source), "= &Rejection{")
	assert.Equal(t, len(domain.Rejections()), declared, "rejections are declared, listed")
}

// TestRefusalsNameTheRule has refusals that say what holds, and what to do.
func TestRefusalsNameTheRule(t *testing.T) {
	t.Parallel()
	notices := func(kind events.NoticeKind, channels ...events.NoticeChannel) domain.NoticeSetting {
		return domain.NoticeSetting{Kinds: []events.NoticeKind{kind}, Channels: channels, To: events.NoticesOff}
	}
	asked := so(staff, requested("new", "", "member"))
	for _, tc := range []struct {
		name  string
		given []events.Event
		when  domain.Command
		by    events.UserID
		says  string
	}{
		{"a role for good that can be had for a time", staff, domain.RequestAccess{Request: "r", Member: "max", Project: "p"}, "max", "For a time, they can ask for maker or lead (request_elevation)."},
		{"the same in the organization", staff, domain.RequestAccess{Request: "r", Member: "max"}, "max", "For a time, they can ask for chief or clerk (request_elevation)."},
		{"a role for good of who has the highest", staff, domain.RequestAccess{Request: "r", Member: "olga"}, "olga", "ask somebody who manages the members for another role."},
		{"who decides on one's own request", so(staff, askedFor("hal", "", "chief")), domain.ApproveAccessRequest{Request: "r"}, "hal", `who may give the role "chief" for good.`},
		{"who decides where the scheme names approvers", so(staff, askedFor("cleo", "p", "lead")), domain.ApproveAccessRequest{Request: "r"}, "cleo", "names as approver"},
		{"who decides, for those who may not", asked, domain.ApproveAccessRequest{Request: "r"}, "max", "those decide who may add people there, or invite them"},
		{"a kind of notices that there is not", staff, domain.ChangeNoticePreferences{Member: "max", NoticeSetting: notices("nosuch")}, "max", "those that can be switched are invite_accepted,"},
		{"a channel by which a kind does not come", staff, domain.ChangeNoticePreferences{Member: "max", NoticeSetting: notices(events.NoticeOfComingEnd, events.InboxChannel)}, "max", `"access_ends" come by mail alone`},
		{"notices of the organization", staff, domain.ChangeNoticeDefaults{NoticeSetting: notices(events.NoticeOfAddition)}, "max", "Those choose of what members hear who may rename the organization: "},
		{"the language of mails", staff, domain.ChangeLocale{To: "de"}, "max", "Those choose the language of mails who may rename the organization: "},
		{"a start", staff, domain.ChangeMemberStart{Member: "hal", From: soon}, "max", "Those change a start who may change the end: "},
		{"who may, by levels of roles or of one's own", staff, domain.ResendInvite{Invite: "i"}, "max", `Your role and your own levels do not allow invite_member: it takes the role "clerk", "chief" or "owner" in the organization, or levels of one's own in the organization (people full).`},
		{"who may, by roles that are named", staff, domain.ArchiveOrganization{}, "max", `Your role does not allow archive_organization: it takes the role "chief" or "owner" in the organization.`},
		{"who may on a project, where overrides raise", staff, domain.ArchiveProject{Project: "p"}, "max", `do not allow archive_project: it takes the role "guide" or "lead" on the project, or levels of one's own on the project (people full), or an override on the project (people full).`},
		{"who may, by a role in a team", so(staff, team("t", "")), domain.ColourTeam{Team: "t", To: "#000000"}, "max", `, or the role "hand" in the team.`},
		{"who may, by a role that bypasses levels", staff, domain.ChangeSeats{To: 9}, "max", `it takes the role "chief" or "owner"`},
		{"an invite that is updated as it ends", so(staff, events.MemberInvited{Invite: "i", Role: "member", Address: "x"}, events.InviteRevoked{Invite: "i"}), domain.InviteMember{Invite: "i", Address: "x", Update: true}, "cleo", "has ended while this command was on its way; give it again"},
		{"an invite sent again that offers what is gone", so(staff, events.MemberInvited{Invite: "i", Role: "gone", Address: "x"}), domain.ResendInvite{Invite: "i", Token: events.Sum([]byte("t"))}, "cleo", `The role "gone", which the invite offers, is gone; change what it offers`},
		{"an invite sent again", staff, domain.ResendInvite{Invite: "i"}, "max", "Those change invites, and send them again, who may invite: "},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := tc.when.Decide(stateAfter(tc.given...).At(noon), at(tc.by))
			require.ErrorContains(t, err, tc.says)
		})
	}
}
