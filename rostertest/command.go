package rostertest

import (
	"fmt"

	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// Actor is somebody who gives commands.
type Actor struct {
	of             *Server
	id, onBehalfOf events.UserID
}

// As returns somebody who gives commands. What they may do, the organization says.
func (s *Server) As(user events.UserID) Actor { return Actor{of: s, id: user} }

// OnBehalfOf returns the same actor, who gives commands for another user. That gives no rights.
func (a Actor) OnBehalfOf(user events.UserID) Actor {
	a.onBehalfOf = user
	return a
}

// Do gives a command as the system. The test fails at once if a rule refuses it.
func (s *Server) Do(org events.OrganizationID, c domain.Command) bus.Receipt {
	s.t.Helper()
	return s.As(events.System).Do(org, c)
}

// Try gives a command as the system. The error of a rule that refuses it is a [*domain.Rejection].
func (s *Server) Try(org events.OrganizationID, c domain.Command) (bus.Receipt, error) {
	return s.As(events.System).Try(org, c)
}

// Do gives a command. The test fails at once if a rule refuses it.
func (a Actor) Do(org events.OrganizationID, c domain.Command) bus.Receipt {
	a.of.t.Helper()
	receipt, err := a.Try(org, c)
	by := string(a.id)
	if a.id == events.System {
		by = "the system"
	}
	if err != nil {
		require.Fail(a.of.t, fmt.Sprintf("%v\n%T in %s, given by %s", err, c, org, by))
	}
	return receipt
}

// Try gives a command. The error of a rule that refuses it is a [*domain.Rejection].
func (a Actor) Try(org events.OrganizationID, c domain.Command) (bus.Receipt, error) {
	a.of.changed.Store(org, nil)
	return a.of.desk.Do(a.of.t.Context(), bus.Request[domain.Command]{Organization: org, Command: c, Actor: a.id, OnBehalfOf: a.onBehalfOf})
}
