package rostertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// Await waits until the stream has an event of an organization, and returns it. The type parameter says which:
//
//	removed := rostertest.Await[events.MemberRemoved](roster, "acme")
//
// As with [Server.AwaitMessage], none is returned twice. Personal data is sealed in it, and secrets are left out.
func Await[E events.Event](s *Server, org events.OrganizationID) E {
	s.t.Helper()
	var none E
	m := s.AwaitMessage(org, none.Type())
	e, err := events.DecodeFields(none.Type(), m.Data)
	if err != nil {
		require.Fail(s.t, fmt.Sprintf("message %s of the stream cannot be read: %v", m.Header.Get(feed.ID), err))
	}
	return e.(E) //nolint:forcetypeassert // each type has one name
}

// AwaitMessage waits until the stream has a message of an organization, of a type such as [feed.AccessRevoked] or "membership.joined.v1",
// and returns it. It returns each message once: when it is called again, it waits for the next one.
func (s *Server) AwaitMessage(org events.OrganizationID, kind events.Type) (found *nats.Msg) {
	s.t.Helper()
	s.await(org, func(t *told) bool {
		found = t.next(kind)
		return found != nil
	}, func(t *told) string {
		return fmt.Sprintf("no other %s of %s in the stream after %v.\nThe stream has of it: %s", kind, org, s.Timeout, t.list())
	})
	return found
}

// Messages waits until the stream has all that has happened in an organization, and returns its messages, in order.
func (s *Server) Messages(org events.OrganizationID) (all []*nats.Msg) {
	s.t.Helper()
	version, _ := s.State().Last(org)
	s.await(org, func(t *told) bool {
		all = slices.Clone(t.messages)
		return t.reaches(version)
	}, func(t *told) string { return s.isBehind(org, version, t) })
	return all
}

// isBehind says that the stream has not told everything up to a version.
func (s *Server) isBehind(org events.OrganizationID, version events.Version, t *told) string {
	return fmt.Sprintf("%s is at version %d, and the stream does not go that far after %v.\nThe stream has of it: %s", org, version, s.Timeout, t.list())
}

// AwaitAccess waits until somebody has access to a project, as the stream tells it. The stream counts once it has all that had happened
// in the organization when AwaitAccess was called, and so it is with the others that await access or permissions.
func (s *Server) AwaitAccess(org events.OrganizationID, user events.UserID, project events.ProjectID) {
	s.t.Helper()
	s.awaitAccess(org, user, project, "has no access to "+string(project), func(a feed.AccessLevel) bool { return a.Role != "" })
}

// AwaitNoAccess waits until somebody has no access to a project, as the stream tells it: never had any, or has it no more.
func (s *Server) AwaitNoAccess(org events.OrganizationID, user events.UserID, project events.ProjectID) {
	s.t.Helper()
	s.awaitAccess(org, user, project, "still has access to "+string(project), func(a feed.AccessLevel) bool { return a.Role == "" })
}

// AwaitPermission waits until somebody has a permission on a project at a level or above, as the stream tells it.
func (s *Server) AwaitPermission(org events.OrganizationID, user events.UserID, project events.ProjectID, permission events.PermissionKey, level events.Level) {
	s.t.Helper()
	has := s.hasLevel(org, permission, level)
	s.awaitAccess(org, user, project, fmt.Sprintf("does not have %s %s on %s", permission, level, project), has)
}

// AwaitNoPermission waits until somebody has a permission on a project below a level, or not at all, as the stream tells it.
func (s *Server) AwaitNoPermission(org events.OrganizationID, user events.UserID, project events.ProjectID, permission events.PermissionKey, level events.Level) {
	s.t.Helper()
	has := s.hasLevel(org, permission, level)
	s.awaitAccess(org, user, project, fmt.Sprintf("still has %s %s on %s", permission, level, project), func(a feed.AccessLevel) bool { return !has(a) })
}

// hasLevel returns whether an access has a level of a permission. The test fails if the organization's scheme does not know them.
func (s *Server) hasLevel(org events.OrganizationID, permission events.PermissionKey, level events.Level) func(feed.AccessLevel) bool {
	s.t.Helper()
	rules := s.State().Organization(org).Scheme()
	if rules == nil {
		require.Fail(s.t, fmt.Sprintf("there is no organization %s", org))
	}
	all := rules.Permissions()
	i := slices.IndexFunc(all, func(p events.Permission) bool { return p.Key == permission })
	if i < 0 {
		require.Fail(s.t, fmt.Sprintf("projects of %s have no permission %q", org, permission))
	}
	levels := all[i].Kind.Levels()
	if !slices.Contains(levels, level) {
		require.Fail(s.t, fmt.Sprintf("the permission %s has no level %q; it has %q", permission, level, levels))
	}
	return func(a feed.AccessLevel) bool {
		return slices.Index(levels, a.Levels[permission]) >= slices.Index(levels, level)
	}
}

// awaitAccess waits until the stream has all that has happened by now, and somebody's access is as wanted: before, it tells of how that was
// earlier, or of nobody. The text says how it is as long as it is not.
func (s *Server) awaitAccess(org events.OrganizationID, user events.UserID, project events.ProjectID, otherwise string, wanted func(feed.AccessLevel) bool) {
	s.t.Helper()
	version, _ := s.State().Last(org)
	s.await(org, func(t *told) bool { return t.reaches(version) && wanted(t.access[pair{user, project}]) }, func(t *told) string {
		if !t.reaches(version) {
			return s.isBehind(org, version, t)
		}
		now := s.State().Organization(org).At(s.Now())
		return fmt.Sprintf("%s %s of %s after %v%s.\nRoster says: %s\nThe stream has of %[3]s: %[7]s", user, otherwise, org, s.Timeout, show(t.access[pair{user, project}]),
			explain(now, user, project), t.list())
	})
}

func explain(now domain.Organization, user events.UserID, project events.ProjectID) string {
	if !now.Exists() {
		return "there is no such organization."
	}
	return now.Explain(user, project, now.Access(user, project), nil)
}

// show shows an access that is there.
func show(a feed.AccessLevel) string {
	if a.Role == "" {
		return ""
	}
	return fmt.Sprintf(", as %s with %v", a.Role, a.Levels)
}

// await waits until the stream has told what is awaited. Otherwise the test fails.
func (s *Server) await(org events.OrganizationID, done func(*told) bool, otherwise func(*told) string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), s.Timeout)
	defer cancel()
	err := s.stream.until(ctx, org, done)
	switch {
	case err == nil:
		return
	case !errors.Is(err, context.DeadlineExceeded):
		require.Fail(s.t, fmt.Sprintf("the stream cannot be read: %v", err))
	}
	var text string
	_ = s.stream.until(context.Background(), org, func(t *told) bool {
		text = otherwise(t)
		return true
	})
	require.Fail(s.t, text)
}

// list lists the newest messages.
func (t *told) list() string {
	if len(t.messages) == 0 {
		return "nothing."
	}
	const most = 30
	var b strings.Builder
	left := max(len(t.messages)-most, 0)
	if left > 0 {
		fmt.Fprintf(&b, "\n  (%d before)", left)
	}
	for _, m := range t.messages[left:] {
		fmt.Fprintf(&b, "\n  %s %s %s", m.Header.Get(feed.ID), m.Header.Get(feed.Type), m.Header.Get(feed.SubjectAttr))
	}
	return b.String()
}
