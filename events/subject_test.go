package events_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/events"
)

// TestSubjectsNameEveryID finds every id in the fields of every event, however deep, and
// asks for it among the subjects, which hold nothing else. A RoleKey is no id: it says
// which role somebody gets. The exception are events that hold a RoleKind, which are about
// the role itself.
func TestSubjectsNameEveryID(t *testing.T) {
	t.Parallel()
	for _, sample := range samples {
		var want []events.Subject
		role := false
		walk(reflect.ValueOf(sample), func(v reflect.Value) {
			switch id := v.Interface().(type) {
			case events.UserID:
				want = append(want, events.Subject{Kind: events.UserSubject, ID: string(id)})
			case events.ProjectID:
				want = append(want, events.Subject{Kind: events.ProjectSubject, ID: string(id)})
			case events.TeamID:
				want = append(want, events.Subject{Kind: events.TeamSubject, ID: string(id)})
			case events.InviteID:
				want = append(want, events.Subject{Kind: events.InviteSubject, ID: string(id)})
			case events.AccessRequestID:
				want = append(want, events.Subject{Kind: events.AccessRequestSubject, ID: string(id)})
			case events.EmailDomain:
				want = append(want, events.Subject{Kind: events.EmailDomainSubject, ID: string(id)})
			case events.RoleKind:
				role = true
			}
		})
		got := sample.Subjects()
		if role {
			got = slices.DeleteFunc(got, func(s events.Subject) bool {
				return s.Kind == events.OrganizationRoleSubject || s.Kind == events.ProjectRoleSubject
			})
			assert.Len(t, sample.Subjects(), len(want)+1, "%s is about a role", sample.Type())
		}
		assert.ElementsMatch(t, want, got, "%s", sample.Type())
	}
}

func TestSubjectsLeaveOutWhatIsNotSet(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []events.Subject{{Kind: events.TeamSubject, ID: "t1"}}, events.TeamMoved{Team: "t1"}.Subjects())
	assert.Equal(t, []events.Subject{{Kind: events.InviteSubject, ID: "01JQ"}}, events.MemberInvited{Invite: "01JQ"}.Subjects())
}

func TestPrimarySubject(t *testing.T) {
	t.Parallel()
	for want, event := range map[string]events.Event{
		"bob":  events.TeamMemberAdded{Team: "t1", Member: "bob", Role: "member"},
		"01JQ": events.MemberInvited{Invite: "01JQ", Member: "bob"},
		"t1":   events.TeamAssigned{Team: "t1", Project: "p1"},
		"p1":   events.ProjectRenamed{Project: "p1", To: "Artemis"},
	} {
		assert.Equal(t, want, events.PrimarySubject(event), "%s", event.Type())
	}
	for _, event := range []events.Event{
		events.OrganizationRenamed{To: "Acme"},
		events.RoleRetired{Kind: events.ProjectRoleKind, Role: "editor"},
		events.RoleRetired{Kind: events.OrganizationRoleKind, Role: "member"},
	} {
		assert.Empty(t, events.PrimarySubject(event), "%s is filed under the organization", event.Type())
	}
}
