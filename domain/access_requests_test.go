package domain_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// week is when what is asked for at noon expires under testScheme.
var week = noon.AddDate(0, 0, 7)

// requested is a request of somebody, r by name.
func requested(member events.UserID, project events.ProjectID, role events.RoleKey, changes ...func(*events.AccessRequested)) events.Event {
	e := events.AccessRequested{Request: "r", Member: member, Project: project, Role: role, Expires: week}
	for _, change := range changes {
		change(&e)
	}
	return e
}

// intake is what an organization says of the requests that it takes.
func intake(join, projects events.Intake) events.Event {
	return events.AccessRequestsChanged{To: events.AccessRequestChoice{Join: join, Projects: projects}}
}

func TestRequestAccess(t *testing.T) {
	t.Parallel()
	seen := staffed(func(s *events.Scheme) { s.ProjectsVisibleTo = events.ToOrganization })
	known := domain.PersonalData{Name: "k.n", Login: "k.l", Email: "k.e", Address: "x"}
	join := domain.RequestAccess{Request: "r", Member: "new", Reason: "k.why", PersonalData: known}
	with := func(change func(*domain.RequestAccess)) domain.RequestAccess {
		c := join
		change(&c)
		return c
	}
	made := events.AccessRequested{
		Request: "r", Member: "new", Role: "member", Reason: "k.why", Expires: week, Name: "k.n", Login: "k.l", Email: "k.e", Address: "x",
	}
	onQ := domain.RequestAccess{Request: "r", Member: "max", Project: "q"}
	no := func(what string) func(*events.Scheme) {
		return func(s *events.Scheme) {
			if what == "join" {
				s.AccessRequests.Join = ""
			} else {
				s.AccessRequests.Projects = ""
			}
		}
	}
	checkRules(t, []rule{
		{name: "to join", given: staff, when: join, by: "new", then: then(made)},
		{name: "the system asks for somebody", given: staff, when: join, then: then(made)},
		{name: "not for somebody else", given: staff, when: join, by: "max", err: domain.ErrNotAllowed},
		{name: "not for nobody", given: staff, when: with(func(c *domain.RequestAccess) { c.Member = "" }), err: domain.ErrNoOrganization},
		{name: "with a role", given: staff, when: domain.RequestAccess{Request: "r", Member: "new", Role: "clerk"}, by: "new", then: then(requested("new", "", "clerk"))},
		{name: "not with one that is not there", given: staff, when: with(func(c *domain.RequestAccess) { c.Role = "king" }), by: "new", err: domain.ErrUnknownRole},
		{name: "until a day", given: staff, when: domain.RequestAccess{Request: "r", Member: "new", Until: soon}, by: "new", then: then(requested("new", "", "member", func(e *events.AccessRequested) { e.Until = soon }))},
		{name: "not until a day that has passed", given: staff, when: with(func(c *domain.RequestAccess) { c.Until = past }), by: "new", err: domain.ErrBadEnd},
		{name: "expires when it says", given: staff, when: domain.RequestAccess{Request: "r", Member: "new", Expires: soon}, by: "new", then: then(requested("new", "", "member", func(e *events.AccessRequested) { e.Expires = soon }))},
		{name: "within 90 days", given: staff, when: with(func(c *domain.RequestAccess) { c.Expires = noon.AddDate(0, 0, 91) }), by: "new", err: domain.ErrBadEnd},
		{name: "an organization that is not there", when: join, by: "new", err: domain.ErrNoOrganization},
		{name: "one whose scheme knows no requests answers the same", given: staffed(no("join")), when: join, by: "new", err: domain.ErrNoOrganization},
		{name: "and one that takes none", given: so(staff, intake("closed", "")), when: join, by: "new", err: domain.ErrNoOrganization},
		{name: "closed by the scheme, opened by the organization", given: so(staffed(func(s *events.Scheme) { s.AccessRequests.Join = events.ClosedIntake }), intake("open", "")), when: join, by: "new", then: then(made)},
		{name: "a project of it says nothing of the project", given: staff, when: with(func(c *domain.RequestAccess) { c.Project = "p" }), by: "new", err: domain.ErrNotInOrganization},
		{name: "as little as one that is not there", given: staff, when: with(func(c *domain.RequestAccess) { c.Project = "none" }), by: "new", err: domain.ErrNotInOrganization},
		{name: "not while the organization is archived", given: so(staff, events.OrganizationArchived{}), when: join, by: "new", err: domain.ErrOrganizationArchived},
		{name: "not with the address of a member", given: so(staff, events.MemberJoined{Member: "eve", Role: "member", Address: "x"}), when: join, by: "new", err: domain.ErrAddressTaken},
		{name: "not a member", given: staff, when: with(func(c *domain.RequestAccess) { c.Member = "max" }), by: "max", err: domain.ErrHasAccess},
		{name: "not one who is deactivated", given: so(staff, events.MemberDeactivated{Member: "max"}), when: with(func(c *domain.RequestAccess) { c.Member = "max" }), by: "max", err: domain.ErrHasAccess},
		{name: "who hears nothing where none are taken", given: so(staff, intake("closed", ""), events.MemberDeactivated{Member: "max"}), when: with(func(c *domain.RequestAccess) { c.Member = "max" }), by: "max", err: domain.ErrNoOrganization},
		{name: "not while an invite waits that names them", given: so(staff, events.MemberInvited{Invite: "i", Role: "clerk", Address: "y", Member: "new"}), when: join, by: "new", err: domain.ErrAlreadyInvited},
		{name: "an invite to the address tells nothing, since it may be anybody's", given: so(staff, events.MemberInvited{Invite: "i", Role: "clerk", Address: "x"}), when: join, by: "new", then: then(made)},
		{name: "not twice", given: so(staff, requested("new", "", "member")), when: with(func(c *domain.RequestAccess) { c.Request = "s" }), by: "new", err: domain.ErrAlreadyRequested},
		{name: "not with an id that was used", given: so(staff, requested("eve", "", "member")), when: join, by: "new", err: domain.ErrAccessRequestExists},
		{
			name: "again after it was denied", given: so(staff, requested("new", "", "member"), events.AccessDenied{Request: "r", Member: "new"}), when: domain.RequestAccess{Request: "s", Member: "new"}, by: "new",
			then: then(requested("new", "", "member", func(e *events.AccessRequested) { e.Request = "s" })),
		},
		{
			name: "again after it expired, whether or not anything noticed", given: so(staff, requested("new", "", "member", func(e *events.AccessRequested) { e.Expires = past })), when: domain.RequestAccess{Request: "s", Member: "new"}, by: "new",
			then: then(events.AccessRequestExpired{Request: "r", Member: "new", Until: past}, requested("new", "", "member", func(e *events.AccessRequested) { e.Request = "s" })),
		},

		{name: "for a project", given: so(seen, created("q")), when: onQ, by: "max", then: then(requested("max", "q", "guest"))},
		{name: "not for one that one does not see", given: so(staff, created("q")), when: onQ, by: "max", err: domain.ErrNoProject},
		{name: "nor for one that is not there", given: seen, when: onQ, by: "max", err: domain.ErrNoProject},
		{name: "not where none are taken", given: so(seen, created("q"), intake("", "closed")), when: onQ, by: "max", err: domain.ErrNoAccessRequests},
		{name: "nor where the scheme knows none", given: so(staffed(no("projects"), func(s *events.Scheme) { s.ProjectsVisibleTo = events.ToOrganization }), created("q")), when: onQ, by: "max", err: domain.ErrNoAccessRequests},
		{name: "not while it is archived", given: so(seen, created("q"), events.ProjectArchived{Project: "q"}), when: onQ, by: "max", err: domain.ErrProjectArchived},
		{name: "not with another name", given: so(seen, created("q")), when: domain.RequestAccess{Request: "r", Member: "max", Project: "q", PersonalData: known}, by: "max", err: domain.ErrAlreadyMember},
		{name: "not for one that one is on", given: staff, when: domain.RequestAccess{Request: "r", Member: "max", Project: "p"}, by: "max", err: domain.ErrHasAccess},
		{name: "two projects at a time", given: so(seen, created("q"), created("o"), requested("max", "o", "guest", func(e *events.AccessRequested) { e.Request = "s" })), when: onQ, by: "max", then: then(requested("max", "q", "guest"))},
	})
}

func TestApproveAccessRequest(t *testing.T) {
	t.Parallel()
	approve := domain.ApproveAccessRequest{Request: "r"}
	in := func(role events.RoleKey, until time.Time) []events.Event {
		return then(events.AccessApproved{Request: "r", Member: "new", Role: role, Until: until},
			events.MemberJoined{Member: "new", Role: role, Until: until, Name: "k.n", Address: "x"})
	}
	join := requested("new", "", "helper", func(e *events.AccessRequested) { e.Name, e.Address = "k.n", "x" })
	untilSoon := requested("new", "", "member", func(e *events.AccessRequested) { e.Until = soon })
	onQ := requested("max", "p", "guest")
	left := so(staff, events.ProjectMemberRemoved{Project: "p", Member: "max"})
	added := func(role events.RoleKey) []events.Event {
		return then(events.AccessApproved{Request: "r", Member: "max", Project: "p", Role: role}, granted("p", "max", role))
	}
	one := func(s *events.Scheme) { s.Seats.Limit = 6 }
	checkRules(t, []rule{
		{name: "what was asked for", given: so(staff, join), when: approve, by: "cleo", then: in("helper", time.Time{})},
		{name: "the system", given: so(staff, join), when: approve, then: in("helper", time.Time{})},
		{name: "a lower role", given: so(staff, join), when: domain.ApproveAccessRequest{Request: "r", Role: "member"}, by: "cleo", then: in("member", time.Time{})},
		{name: "not a higher one", given: so(staff, join), when: domain.ApproveAccessRequest{Request: "r", Role: "clerk"}, by: "cleo", err: domain.ErrMoreThanRequested},
		{name: "for a time", given: so(staff, join), when: domain.ApproveAccessRequest{Request: "r", Until: soon}, by: "cleo", then: in("helper", soon)},
		{name: "not for a time that has passed", given: so(staff, join), when: domain.ApproveAccessRequest{Request: "r", Until: past}, by: "cleo", err: domain.ErrBadEnd},
		{name: "not for longer than was asked", given: so(staff, untilSoon), when: domain.ApproveAccessRequest{Request: "r", Until: week}, by: "cleo", err: domain.ErrMoreThanRequested},
		{name: "not who may add nobody", given: so(staff, join), when: approve, by: "max", err: domain.ErrNoAccessRequest},
		{name: "not oneself", given: so(staff, join), when: approve, by: "new", err: domain.ErrOwnAccessRequest},
		{name: "not more than one may give", given: so(staff, requested("new", "", "chief")), when: approve, by: "cleo", err: domain.ErrMayNotAssign},
		{
			name: "but less than that", given: so(staff, requested("new", "", "chief")), when: domain.ApproveAccessRequest{Request: "r", Role: "member"}, by: "cleo",
			then: then(events.AccessApproved{Request: "r", Member: "new", Role: "member"}, joined("new", "member")),
		},
		{name: "not while nothing is asked", given: staff, when: approve, by: "cleo", err: domain.ErrNoAccessRequest},
		{
			name: "settles an invite to the same address", given: so(staff, events.MemberInvited{Invite: "i", Role: "member", Address: "x"}, join), when: approve, by: "cleo",
			then: slices.Insert(in("helper", time.Time{}), 1, events.Event(events.InviteSettled{Invite: "i", Member: "new"})),
		},
		{name: "not with an address that a member has by now", given: so(staff, join, events.MemberJoined{Member: "eve", Role: "member", Address: "x"}), when: approve, by: "cleo", err: domain.ErrAddressTaken},
		{name: "not when all seats are taken", given: so(staffed(one), join), when: approve, by: "cleo", err: domain.ErrNoSeat},
		{name: "not when the role is gone", given: so(staff, events.RoleDefined{Kind: events.OrganizationRoleKind, Role: events.Role{Key: "own", Custom: true}}, requested("new", "", "own"),
			events.RoleRetired{Kind: events.OrganizationRoleKind, Role: "own"}), when: approve, by: "cleo", err: domain.ErrUnknownRole},
		{
			name: "but with another one", given: so(staff, requested("new", "", "gone")), when: domain.ApproveAccessRequest{Request: "r", Role: "member"}, by: "cleo",
			then: then(events.AccessApproved{Request: "r", Member: "new", Role: "member"}, joined("new", "member")),
		},
		{name: "not while the organization is archived", given: so(staff, join, events.OrganizationArchived{}), when: approve, by: "cleo", err: domain.ErrOrganizationArchived},
		{name: "not after it expired", given: so(staff, requested("new", "", "member", func(e *events.AccessRequested) { e.Expires = past })), when: approve, by: "cleo", err: domain.ErrAccessRequestClosed},
		{name: "not after it was denied", given: so(staff, join, events.AccessDenied{Request: "r", Member: "new"}), when: approve, by: "cleo", err: domain.ErrAccessRequestClosed},
		{name: "not after they have joined in another way", given: so(staff, join, joined("new", "member")), when: approve, by: "cleo", err: domain.ErrAccessRequestClosed},
		{name: "again", given: so(so(staff, join), in("helper", time.Time{})...), when: approve, by: "cleo"},
		{name: "not again with another role", given: so(so(staff, join), in("helper", time.Time{})...), when: domain.ApproveAccessRequest{Request: "r", Role: "member"}, by: "cleo", err: domain.ErrAccessRequestClosed},

		{name: "on a project", given: so(left, onQ), when: approve, by: "cleo", then: added("guest")},
		{name: "with a lower role", given: so(left, requested("max", "p", "guide")), when: domain.ApproveAccessRequest{Request: "r", Role: "guest"}, by: "cleo", then: added("guest")},
		{name: "not with more than one has there", given: so(left, requested("max", "p", "lead")), when: approve, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "not who is not there", given: so(left, onQ), when: approve, by: "hal", err: domain.ErrNoAccessRequest},
		{name: "not while it is archived", given: so(left, onQ, events.ProjectArchived{Project: "p"}), when: approve, by: "cleo", err: domain.ErrProjectArchived},
		{name: "not once it was deleted", given: so(left, onQ, events.ProjectDeleted{Project: "p"}, created("p"), granted("p", "cleo", "lead")), when: approve, by: "cleo", err: domain.ErrAccessRequestClosed},
		{name: "not for who was removed meanwhile", given: so(left, onQ, events.MemberRemoved{Member: "max"}), when: approve, by: "cleo", err: domain.ErrAccessRequestClosed},
		{name: "not for who was added meanwhile", given: so(left, onQ, granted("p", "max", "guest")), when: approve, by: "cleo", err: domain.ErrAccessRequestClosed},
	})
}

func TestDenyAndWithdrawAccessRequest(t *testing.T) {
	t.Parallel()
	join := so(staff, requested("new", "", "chief"))
	deny := domain.DenyAccessRequest{Request: "r", Reason: "k.no"}
	denied := events.AccessDenied{Request: "r", Member: "new", Reason: "k.no"}
	withdraw := domain.WithdrawAccessRequest{Request: "r"}
	withdrawn := events.AccessRequestWithdrawn{Request: "r", Member: "new"}
	checkRules(t, []rule{
		{name: "deny, also what one may not give", given: join, when: deny, by: "cleo", then: then(denied)},
		{name: "not who could not approve", given: join, when: deny, by: "max", err: domain.ErrNoAccessRequest},
		{name: "not oneself", given: join, when: deny, by: "new", err: domain.ErrOwnAccessRequest},
		{name: "again", given: so(join, denied), when: deny, by: "cleo"},
		{name: "again without a reason", given: so(join, denied), when: domain.DenyAccessRequest{Request: "r"}, by: "cleo"},
		{name: "not with another reason", given: so(join, denied), when: domain.DenyAccessRequest{Request: "r", Reason: "k.other"}, by: "cleo", err: domain.ErrAccessRequestClosed},
		{name: "not after it was withdrawn", given: so(join, withdrawn), when: deny, by: "cleo", err: domain.ErrAccessRequestClosed},
		{name: "withdraw", given: join, when: withdraw, by: "new", then: then(withdrawn)},
		{name: "the system withdraws for somebody", given: join, when: withdraw, then: then(withdrawn)},
		{name: "nobody else", given: join, when: withdraw, by: "cleo", err: domain.ErrNoAccessRequest},
		{name: "nor what is not there", given: staff, when: withdraw, by: "new", err: domain.ErrNoOrganization},
		{name: "nor what is not there, who is a member", given: staff, when: withdraw, by: "max", err: domain.ErrNoAccessRequest},
		{name: "an organization that is not there answers the same", when: withdraw, by: "new", err: domain.ErrNoOrganization},
		{name: "also where none are taken any more", given: so(join, intake("closed", "closed")), when: withdraw, by: "new", then: then(withdrawn)},
		{name: "withdrawn again", given: so(join, withdrawn), when: withdraw, by: "new"},
		{name: "not after it was denied", given: so(join, denied), when: withdraw, by: "new", err: domain.ErrAccessRequestClosed},
	})
}

func TestChangeAccessRequests(t *testing.T) {
	t.Parallel()
	closes := domain.ChangeAccessRequests{Join: new(events.ClosedIntake)}
	shut, both := events.AccessRequestChoice{Join: "closed"}, events.AccessRequestChoice{Join: "closed", Projects: "open"}
	closed := events.AccessRequestsChanged{To: shut}
	none := staffed(func(s *events.Scheme) { s.AccessRequests.Join = "" })
	checkRules(t, []rule{
		{name: "close", given: staff, when: closes, by: "cleo", then: then(closed)},
		{name: "as it is", given: so(staff, closed), when: closes, by: "cleo"},
		{
			name: "what is not named stays", given: so(staff, closed), when: domain.ChangeAccessRequests{Projects: new(events.OpenIntake)}, by: "cleo",
			then: then(events.AccessRequestsChanged{From: shut, To: both}),
		},
		{name: "nothing named", given: so(staff, closed), when: domain.ChangeAccessRequests{}, by: "cleo"},
		{
			name: "back to the scheme", given: so(staff, events.AccessRequestsChanged{To: both}), when: domain.ChangeAccessRequests{Join: new(events.Intake)}, by: "cleo",
			then: then(events.AccessRequestsChanged{From: both, To: events.AccessRequestChoice{Projects: "open"}}),
		},
		{name: "not who may not", given: staff, when: closes, by: "max", err: domain.ErrNotAllowed},
		{name: "not what the scheme does not know", given: none, when: domain.ChangeAccessRequests{Join: new(events.OpenIntake)}, by: "cleo", err: domain.ErrNoAccessRequests},
		{name: "but closed it is anyway", given: none, when: closes, by: "cleo", then: then(closed)},
		{name: "not anything else", given: staff, when: domain.ChangeAccessRequests{Projects: new(events.Intake("ajar"))}, by: "cleo", err: domain.ErrBadIntake},
	})
}

// TestAccessRequestsAreFew holds the bounds: what one person asks in a day, and how many wait to join.
func TestAccessRequestsAreFew(t *testing.T) {
	t.Parallel()
	happened := slices.Clone(staff)
	for i := range 10 {
		id := events.AccessRequestID(strconv.Itoa(i))
		happened = append(happened, events.AccessRequested{Request: id, Member: "new", Role: "member"}, events.AccessRequestWithdrawn{Request: id, Member: "new"})
	}
	again := domain.RequestAccess{Request: "r", Member: "new"}
	org := stateAfter(happened...)
	_, err := again.Decide(org.At(noon), at("new"))
	require.ErrorIs(t, err, domain.ErrTooManyAccessRequests, "the eleventh in a day")
	tomorrow := events.Moment{Actor: "new", At: noon.Add(24 * time.Hour), Now: noon.Add(24 * time.Hour)}
	_, err = again.Decide(org.At(tomorrow.At), tomorrow)
	require.NoError(t, err, "a day later")

	crowd := slices.Clone(staff)
	for i := range 1000 {
		user := fmt.Sprint("user-", i)
		crowd = append(crowd, events.AccessRequested{Request: events.AccessRequestID(user), Member: events.UserID(user), Role: "member"})
	}
	_, err = again.Decide(stateAfter(crowd...).At(noon), at("new"))
	require.ErrorIs(t, err, domain.ErrTooManyAccessRequests, "1,000 wait")
	_, err = again.Decide(stateAfter(append(crowd, events.AccessDenied{Request: "user-7", Member: "user-7"})...).At(noon), at("new"))
	require.NoError(t, err, "one has been decided")
}

// TestAccessRequestsEndOnce holds that a request which has ended stays as it ended, that somebody has one at most for one thing that
// can be approved, and that everything which is open is found by who made it, and by its project.
func TestAccessRequestsEndOnce(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		if !s.after.Exists() || !s.before.Exists() {
			return
		}
		for id, before := range s.before.AccessRequests() {
			after, _ := s.after.AccessRequest(id)
			if before.Closed != nil {
				assert.Equal(t, before, after, "%q was closed before %#v", id, s.command)
			}
		}
		type target struct {
			member  events.UserID
			project events.ProjectID
		}
		pending := map[target]int{}
		for id, r := range s.after.AccessRequests() {
			assert.Equal(t, r.Closed == nil, slices.Contains(s.after.OpenAccessRequests(r.Member), id), "%q is found by %q", id, r.Member)
			if r.Project != "" {
				assert.Equal(t, r.Closed == nil, slices.Contains(slices.Collect(s.after.OpenAccessRequestsTo(r.Project)), id), "%q is found by its project", id)
			}
			if s.after.AccessRequestStatus(r) == domain.AccessPending {
				pending[target{r.Member, r.Project}]++
			}
			_, in := s.after.Member(r.Member)
			assert.False(t, r.Closed == nil && in == (r.Project == "" && !r.Elevation), "%q is open, though nobody could approve it", id)
		}
		for of, n := range pending {
			assert.Equal(t, 1, n, "open requests of %q for %q", of.member, of.project)
		}
	})
}
