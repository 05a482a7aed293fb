// Package domain holds the rules of membership: who belongs to an organization, its
// projects and teams, what each person may do there, and why.
//
// The package is pure. It reads no clock, does no I/O and needs no locks: time and actor
// come in with an [events.Moment], and every state is a value that never changes.
//
// # Deciding
//
// A [Command] asks for a change. [Roster.Decide] returns the events that it leads to, or
// a *[Rejection] that says which rule forbids it:
//
//	happened, err := state.Decide("acme", domain.ChangeMemberRole{Member: "bob", To: "owner"}, m, nil)
//	if errors.Is(err, domain.ErrMayNotAssign) {
//		// the actor may not give this role
//	}
//
// A command that would change nothing returns no events and no error. [Batch] decides
// several commands as one, all or nothing. Each command is in a file of its own together
// with its rule, such as change_member_role.go.
//
// [Roster.DryRun] decides a command and returns, beside the events, whose access they
// would change. Nothing is recorded. [Organization.ActionsOnMember] and its siblings
// return what an actor may do at all, so that a screen can show the right buttons. For the
// rows of a list, an [ActionFinder] returns the same in a fraction of the time.
//
// # Evolving
//
// [Roster.Evolve] returns the state after entries of the ledger. It applies events and
// checks no rule, so that a history stays readable when rules change. The state from
// before stays as it was. For a long run of entries, a [Roster.Transient] state avoids
// most of the copying.
//
// # Asking about access
//
// [Organization.At] returns the organization as of an instant, at which memberships,
// grants and assignments may have ended. Ask that value:
//
//	org := state.Organization("acme").At(now)
//	allowed, err := org.Allows("bob", "apollo", "data", "view")
//	access := org.Access("bob", "apollo") // role, levels, and every source of them
//
// Allows answers for one permission and allocates nothing. Access returns all that
// somebody may do on a project, with the sources and overrides behind it. Both use one
// definition, [Scheme.Resolve], which is also for sources read from elsewhere.
// [AccessChanges] compares two states.
//
// # Explaining
//
// [Organization.Explain] puts an access into words: where it comes from, or what would
// give it. [Organization.CheckPermission] and [Organization.ExplainPermission] do so for
// one permission. [Organization.ExplainInOrganization] and its like are about the organization itself. All texts are in English and may change; decide by the values.
//
// # Guarantees
//
// The same state, command and moment always give the same result. Codes of rejections
// are stable; their details are texts for people. A value of this package is safe for
// use by many goroutines, except a transient Roster.
package domain
