package domain_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestApprovers(t *testing.T) {
	t.Parallel()
	left := so(staff, events.ProjectMemberRemoved{Project: "p", Member: "max"})
	crowd := slices.Clone(staff)
	for i := range 30 {
		crowd = append(crowd, joined(events.UserID(fmt.Sprintf("z%02d", i)), "clerk"))
	}
	for _, tc := range []struct {
		name  string
		given []events.Event
		asks  domain.AccessRequest
		want  []events.UserID
	}{
		{"to join: who may add people, the highest first", staff, domain.AccessRequest{Member: "new", Role: "member"}, []events.UserID{"olga", "chip", "cleo"}},
		{"for a project: who may add people there, those on it first", left, domain.AccessRequest{Member: "max", Project: "p", Role: "guest"}, []events.UserID{"olga", "chip", "cleo", "mia"}},
		{"not who asks", left, domain.AccessRequest{Member: "cleo", Project: "p", Role: "guest"}, []events.UserID{"olga", "chip", "mia"}},
		{"not who is deactivated", so(staff, events.MemberDeactivated{Member: "chip"}), domain.AccessRequest{Member: "new", Role: "member"}, []events.UserID{"olga", "cleo"}},
		{"nobody of what is closed", staff, domain.AccessRequest{Member: "new", Role: "member", Closed: &domain.ClosedAccessRequest{Status: domain.AccessRefused}}, nil},
		{"nobody of what has expired", staff, domain.AccessRequest{Member: "new", Role: "member", Expires: past}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tc.want, stateAfter(tc.given...).At(noon).Approvers(tc.asks))
		})
	}
	assert.Len(t, stateAfter(crowd...).At(noon).Approvers(domain.AccessRequest{Member: "new", Role: "member"}), 20, "20 at most")
}

// TestApproversMayDecide holds that whoever hears of a request may deny it, and that somebody hears of it if anybody may.
func TestApproversMayDecide(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		if !s.after.Exists() {
			return
		}
		for id, r := range s.after.AccessRequests() {
			hear := s.after.Approvers(r)
			for user := range s.after.Members() {
				m := s.Moment
				m.Actor = user
				happened, err := domain.DenyAccessRequest{Request: id}.Decide(s.after, m)
				assert.Equal(t, err == nil && len(happened) > 0, slices.Contains(hear, user), "%q hears of %q by %q: %v", user, id, r.Member, err)
			}
		}
	})
}
